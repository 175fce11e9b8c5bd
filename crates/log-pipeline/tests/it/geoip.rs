//! Tests of the `geoip` stage with a database that is built here.

use std::io::Write;
use std::sync::Arc;

use log_pipeline::{Clock, Pipeline, Stages};
use loki_push::{Entry, ItemId, LabelSet, Timestamp};
use serde_json::{Value, json};

/// Returns a database in the MaxMind DB format, version 2, with one record for all addresses whose first bit is 0.
fn database(record: &Value) -> Vec<u8> {
    // One node with 24-bit records: the left one points to the start of the data (1 node + 16), the right one means
    // that nothing was found (1).
    let mut bytes = vec![0, 0, 17, 0, 0, 1];
    bytes.extend([0; 16]);
    encode(record, &mut bytes);
    bytes.extend(b"\xab\xcd\xefMaxMind.com");
    let metadata = [
        ("node_count", U32, 1),
        ("record_size", U16, 24),
        ("ip_version", U16, 4),
        ("binary_format_major_version", U16, 2),
        ("binary_format_minor_version", U16, 0),
        ("build_epoch", U64, 1),
    ];
    control(MAP, metadata.len() + 3, &mut bytes);
    for (key, kind, number) in metadata {
        encode(&key.into(), &mut bytes);
        encode_number(kind, number, &mut bytes);
    }
    for (key, value) in [
        ("database_type", json!("Test")),
        ("languages", json!(["en"])),
        ("description", json!({"en": "a test"})),
    ] {
        encode(&key.into(), &mut bytes);
        encode(&value, &mut bytes);
    }
    bytes
}

const U16: u8 = 5;
const U32: u8 = 6;
const MAP: u8 = 7;
const U64: u8 = 9;

/// Appends the control bytes of a value.
fn control(kind: u8, size: usize, bytes: &mut Vec<u8>) {
    let size = u8::try_from(size).unwrap();
    // Types from 8 on and sizes from 29 on have a byte of their own.
    let first = if kind < 8 { kind << 5 } else { 0 };
    bytes.push(first | size.min(29));
    if kind >= 8 {
        bytes.push(kind - 7);
    }
    if size >= 29 {
        bytes.push(size - 29);
    }
}

fn encode_number(kind: u8, number: u64, bytes: &mut Vec<u8>) {
    let size = match kind {
        U16 => 2,
        U32 => 4,
        _ => 8,
    };
    control(kind, size, bytes);
    bytes.extend(&number.to_be_bytes()[8 - size..]);
}

fn encode(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            control(2, text.len(), bytes);
            bytes.extend(text.as_bytes());
        }
        Value::Number(number) if number.is_f64() => {
            control(3, 8, bytes);
            bytes.extend(number.as_f64().unwrap().to_be_bytes());
        }
        Value::Number(number) => encode_number(U32, number.as_u64().unwrap(), bytes),
        Value::Object(members) => {
            control(MAP, members.len(), bytes);
            for (key, value) in members {
                encode(&key.as_str().into(), bytes);
                encode(value, bytes);
            }
        }
        Value::Array(items) => {
            control(11, items.len(), bytes);
            items.iter().for_each(|item| encode(item, bytes));
        }
        Value::Null | Value::Bool(_) => unreachable!("no record has one"),
    }
}

/// Returns the labels for each address.
fn labels(kind: &str, record: &Value, addresses: &[&str]) -> Vec<String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&database(record)).unwrap();
    let config = json!([
        {"regex": {"expression": "(?P<ip>.*)"}},
        {"geoip": {"source": "ip", "db": file.path(), "db_type": kind}},
        {"labeldrop": ["app"]},
        {"static_labels": {"z": "1"}},
    ]);
    let stages = Stages::parse(&config.to_string(), &Clock::new(|| Timestamp::EPOCH)).unwrap();
    let pipeline = Pipeline::default().with_stages(stages);
    let mut run = pipeline.run();
    let labels = addresses.iter().map(|address| {
        let entry = Entry {
            labels: Arc::new(LabelSet::from_iter([("app", "web")])),
            timestamp: Timestamp::EPOCH,
            line: (*address).into(),
            metadata: Vec::new(),
        };
        let (entry, _) = run.process(entry, ItemId(0)).into_iter().next().unwrap();
        entry.labels.to_string()
    });
    labels.collect()
}

/// Checks each address, because upstream closes the database after the first entry of an invocation.
#[test]
fn every_known_address_gets_the_labels_of_its_city() {
    let record = json!({
        "city": {"names": {"en": "Boxford", "de": "Boxfurt"}},
        "continent": {"code": "EU", "names": {"en": "Europe"}},
        "country": {"names": {"en": "United Kingdom"}},
        "location": {"latitude": 51.75, "longitude": -1.25, "time_zone": "Europe/London"},
        "postal": {"code": "OX1"},
        "subdivisions": [
            {"iso_code": "ENG", "names": {"en": "England"}},
            {"iso_code": "WBK", "names": {"en": "West Berkshire"}},
        ],
    });
    let known = r#"{geoip_city_name="Boxford", geoip_continent_code="EU", geoip_continent_name="Europe", geoip_country_name="United Kingdom", geoip_location_latitude="51.75", geoip_location_longitude="-1.25", geoip_postal_code="OX1", geoip_subdivision_code="WBK", geoip_subdivision_name="West Berkshire", geoip_timezone="Europe/London", z="1"}"#;
    let unknown = r#"{z="1"}"#;
    assert_eq!(
        labels(
            "city",
            &record,
            &["1.2.3.4", "127.0.0.1", "200.1.2.3", "no address", "::1"]
        ),
        [known, known, unknown, unknown, unknown]
    );
    assert_eq!(
        labels(
            "city",
            &json!({"city": {"names": {"en": "Boxford"}}}),
            &["1.2.3.4"]
        ),
        [r#"{geoip_city_name="Boxford", z="1"}"#]
    );
}

#[test]
fn every_known_address_gets_the_labels_of_its_network() {
    let record = json!({"autonomous_system_number": 64_496, "autonomous_system_organization": "Example"});
    let known =
        r#"{geoip_autonomous_system_number="64496", geoip_autonomous_system_organization="Example", z="1"}"#;
    assert_eq!(
        labels("asn", &record, &["1.2.3.4", "200.1.2.3"]),
        [known, r#"{z="1"}"#]
    );
}

#[test]
fn a_file_that_is_not_a_database_is_refused() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"no database").unwrap();
    let config = json!([{"geoip": {"source": "ip", "db": file.path(), "db_type": "city"}}]);
    let errors = Stages::parse(&config.to_string(), &Clock::new(|| Timestamp::EPOCH)).unwrap_err();
    assert_eq!(errors.0[0].place, "[0].geoip.db");
}
