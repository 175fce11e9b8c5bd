//! Kinesis records of every kind.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;

use aws_logs::delivery_labels;
use aws_logs::kinesis::{self, RecordContent};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

const ARN: &str = "arn:aws:kinesis:eu-west-1:123456789012:stream/logs";
const DATA: &str = r#"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{"id":"e","timestamp":5,"message":"a"}]}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The log groups of the deliveries, or the text.
fn content(bytes: &[u8]) -> Result<Vec<String>, String> {
    match RecordContent::of(bytes) {
        RecordContent::Subscription(deliveries) => Ok(deliveries
            .iter()
            .map(|data| data.log_group().to_owned())
            .collect()),
        RecordContent::Text(text) => Err(String::from_utf8_lossy(text).into_owned()),
    }
}

#[test]
fn subscription_data_is_told_by_what_it_says() {
    assert_eq!(content(DATA.as_bytes()).unwrap(), ["g"]);
    let two = format!("{DATA}\n{}", DATA.replace(r#""g""#, r#""h""#));
    assert_eq!(content(two.as_bytes()).unwrap(), ["g", "h"]);
    for text in [
        "",
        "plain text",
        "{}",
        r#"{"messageType":"hello","logEvents":[]}"#,
        r#"{"level":"info","message":"an application's own JSON"}"#,
        "[1]",
        r#"{"messageType":"DATA_MESSAGE"}"#,
        r#"{"messageType":"CONTROL_MESSAGE","logGroup":"g"}"#,
        r#"{"messageType":"DATA_MESSAGE","logEvents":[{"timestamp":5,"message":"a"}]}"#,
        r#"{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":null}"#,
        &format!(r#"{DATA}{{"messageType":"DATA_MESSAGE"}}"#),
        &format!("{DATA} and more"),
        &format!("{DATA}{{}}"),
        &DATA[..DATA.len() - 1],
    ] {
        assert_eq!(content(text.as_bytes()).unwrap_err(), text);
    }
}

#[test]
fn gzip_is_opened_and_broken_gzip_is_an_error() {
    let (compressed, mut inflated) = (gzip(DATA.as_bytes()), Vec::new());
    assert_eq!(
        kinesis::open(&compressed, &mut inflated).unwrap(),
        DATA.as_bytes()
    );
    assert_eq!(kinesis::open(b"plain", &mut Vec::new()).unwrap(), b"plain");
    assert!(kinesis::open(&compressed[..compressed.len() - 1], &mut Vec::new()).is_err());
    assert!(kinesis::open(b"\x1f\x8bnot gzip", &mut Vec::new()).is_err());
}

#[test]
fn labels_are_upstreams() {
    assert_eq!(
        kinesis::labels(ARN).to_string(),
        format!(r#"{{__aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis"}}"#)
    );
    let RecordContent::Subscription(deliveries) = RecordContent::of(DATA.as_bytes()) else {
        panic!("subscription data");
    };
    assert_eq!(
        delivery_labels::through(&kinesis::labels(ARN), &deliveries[0], true).to_string(),
        format!(
            r#"{{__aws_cloudwatch_log_group="g", __aws_cloudwatch_log_stream="s", __aws_cloudwatch_owner="1", __aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis"}}"#
        )
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = content(&bytes);
        let _ = kinesis::open(&bytes, &mut Vec::new());
    }
}
