//! The stage `geoip`, which adds the location of an address from a MaxMind database as labels.

use std::net::IpAddr;
use std::sync::Arc;

use maxminddb::Reader;
use serde::Deserialize;

use super::config::{Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage.
pub(crate) struct GeoIpStage {
    database: Reader<Vec<u8>>,
    kind: Kind,
    source: Arc<str>,
}

/// The type of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    City,
    Asn,
}

/// The used part of a record of GeoIP2 City. The types of `maxminddb` for the whole record cost 100 kB of code.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct City<'a> {
    #[serde(borrow)]
    city: Place<'a>,
    #[serde(borrow)]
    continent: Place<'a>,
    #[serde(borrow)]
    country: Place<'a>,
    #[serde(borrow)]
    location: Location<'a>,
    #[serde(borrow)]
    postal: Place<'a>,
    #[serde(borrow)]
    subdivisions: Vec<Place<'a>>,
}

/// A part of a record with a name or a code.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    code: Option<&'a str>,
    iso_code: Option<&'a str>,
    #[serde(borrow)]
    names: Names<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Names<'a> {
    en: Option<&'a str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Location<'a> {
    latitude: Option<f64>,
    longitude: Option<f64>,
    time_zone: Option<&'a str>,
}

/// A record of GeoLite2 ASN.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asn<'a> {
    autonomous_system_number: Option<u32>,
    autonomous_system_organization: Option<&'a str>,
}

impl GeoIpStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["source", "db", "db_type"];

    /// Builds the stage from its configuration, and opens its database.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let source = fields.required_text("source", "expected the name of an extracted value");
        let kind = match fields.required_text("db_type", "expected city or asn").as_deref() {
            Ok("city") => Ok(Kind::City),
            Ok("asn") => Ok(Kind::Asn),
            Ok(other) => Err(fields.report(
                "db_type",
                StageErrorKind::Value {
                    value: other.to_owned(),
                    allowed: "expected city or asn",
                },
            )),
            Err(reported) => Err(*reported),
        };
        let path = fields.required_text("db", "expected the path of a MaxMind database");
        let database = path.and_then(|path| {
            Reader::open_readfile(&*path).map_err(|error| {
                let (path, reason) = (path.to_string(), error.to_string());
                fields.report("db", StageErrorKind::File { path, reason })
            })
        });
        Ok(Self {
            database: database?,
            kind: kind?,
            source: source?,
        })
    }

    /// Returns labels and their values, which may be empty. There are none for an address that the database does not
    /// contain or a record that cannot be read.
    fn labels(&self, address: IpAddr) -> Vec<(&'static str, String)> {
        let Ok(found) = self.database.lookup(address) else {
            return Vec::new();
        };
        match self.kind {
            Kind::City => match found.decode::<City<'_>>() {
                Ok(Some(city)) => city_labels(&city),
                _ => Vec::new(),
            },
            Kind::Asn => match found.decode::<Asn<'_>>() {
                Ok(Some(asn)) => asn_labels(&asn),
                _ => Vec::new(),
            },
        }
    }
}

/// Returns the labels of a city.
fn city_labels(city: &City<'_>) -> Vec<(&'static str, String)> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let degrees = |degrees: Option<f64>| degrees.filter(|degrees| *degrees != 0.0);
    let degrees = |number| degrees(number).map_or_else(String::new, |degrees| degrees.to_string());
    // The last subdivision is the smallest.
    let subdivision = city.subdivisions.last();
    vec![
        ("geoip_city_name", text(city.city.names.en)),
        ("geoip_country_name", text(city.country.names.en)),
        ("geoip_continent_name", text(city.continent.names.en)),
        ("geoip_continent_code", text(city.continent.code)),
        ("geoip_location_latitude", degrees(city.location.latitude)),
        ("geoip_location_longitude", degrees(city.location.longitude)),
        ("geoip_postal_code", text(city.postal.code)),
        ("geoip_timezone", text(city.location.time_zone)),
        (
            "geoip_subdivision_name",
            text(subdivision.and_then(|part| part.names.en)),
        ),
        (
            "geoip_subdivision_code",
            text(subdivision.and_then(|part| part.iso_code)),
        ),
    ]
}

/// Returns the labels of a network.
fn asn_labels(asn: &Asn<'_>) -> Vec<(&'static str, String)> {
    let number = asn.autonomous_system_number.filter(|number| *number != 0);
    let organization = asn.autonomous_system_organization.unwrap_or_default();
    vec![
        (
            "geoip_autonomous_system_number",
            number.map_or_else(String::new, |number| number.to_string()),
        ),
        ("geoip_autonomous_system_organization", organization.to_owned()),
    ]
}

impl StatelessStage for GeoIpStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let address = entry.extracted.get(&self.source).text();
        if let Some(address) = address.and_then(|text| text.parse().ok()) {
            for (name, value) in self.labels(address).iter().filter(|(_, value)| !value.is_empty()) {
                entry.set_label(name, value);
            }
        }
        Decision::Keep
    }
}

impl std::fmt::Debug for GeoIpStage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("GeoIpStage");
        out.field("kind", &self.kind)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}
