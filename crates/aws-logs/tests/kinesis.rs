//! Labels and lines of Kinesis records.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use aws_logs::kinesis;
use aws_logs::record_content::{RecordContent, content};
use loki_push::Timestamp;
use proptest::prelude::*;

const ARN: &str = "arn:aws:kinesis:eu-west-1:123456789012:stream/logs";
const DATA: &str = r#"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{"id":"e","timestamp":5,"message":"a"}]}"#;

#[test]
fn labels_are_upstreams() {
    assert_eq!(
        kinesis::labels(ARN).to_string(),
        format!(r#"{{__aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis"}}"#)
    );
    let Ok(RecordContent::Subscription(deliveries)) = content(DATA.as_bytes()) else {
        panic!("subscription data");
    };
    assert_eq!(
        kinesis::subscription_labels(ARN, &deliveries[0], true).to_string(),
        format!(
            r#"{{__aws_cloudwatch_log_group="g", __aws_cloudwatch_log_stream="s", __aws_cloudwatch_owner="1", __aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis"}}"#
        )
    );
}

#[test]
fn text_is_cut_into_lines_a_nanosecond_apart() {
    let arrival = Timestamp::from_unix_millis(7).unwrap();
    let lines: Vec<(i128, String)> = kinesis::text_lines(b"a\r\n\na\nlast\xff", arrival)
        .map(|(time, line)| (time.unix_nanos(), line.into_owned()))
        .collect();
    let expected = [
        (7_000_000, "a"),
        (7_000_001, ""),
        (7_000_002, "a"),
        (7_000_003, "last\u{fffd}"),
    ];
    assert_eq!(lines, expected.map(|(time, line)| (time, line.to_owned())));
    assert_eq!(kinesis::text_lines(b"", arrival).count(), 0);
    assert_eq!(kinesis::text_lines(b"a\n", arrival).count(), 1);
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let newlines = bytes.iter().filter(|byte| **byte == b'\n').count();
        let lines = kinesis::text_lines(&bytes, Timestamp::EPOCH).count();
        prop_assert!(lines == newlines || lines == newlines + 1);
    }
}
