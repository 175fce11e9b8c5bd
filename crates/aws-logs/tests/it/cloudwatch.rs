//! Subscription data, in the form in which AWS writes it and in invalid forms.

use std::sync::Arc;

use aws_logs::cloudwatch::{self, DeliveryReader, SubscriptionData};
use proptest::prelude::*;
use testkit::compress::gzip;

const DATA: &str = r#"{
    "messageType": "DATA_MESSAGE", "owner": "123456789012", "logGroup": "/aws/lambda/checkout",
    "logStream": "2026/11/23/[$LATEST]0a1b", "subscriptionFilters": ["loki"],
    "logEvents": [
        {"id": "e1", "timestamp": 1700000000123, "message": "first\n", "extractedFields": {"level": "info"}},
        {"id": "e2", "timestamp": 1700000000124, "message": "second"}
    ]
}"#;

/// Returns the time in milliseconds and the line of each entry.
fn lines(data: &SubscriptionData) -> Vec<(i64, String)> {
    let labels = Arc::new(data.labels(false));
    data.entries(&labels)
        .map(Result::unwrap)
        .map(|entry| {
            (
                (entry.timestamp.unix_nanos() / 1_000_000) as i64,
                entry.line.into_owned(),
            )
        })
        .collect()
}

#[test]
fn a_delivery_becomes_entries_with_upstreams_labels() {
    let mut json = Vec::new();
    cloudwatch::inflate(&gzip(DATA.as_bytes()), &mut json).unwrap();
    let data = SubscriptionData::parse(&json).unwrap();
    assert!(!data.is_control_message());
    assert_eq!(
        data.labels(false).to_string(),
        r#"{__aws_cloudwatch_log_group="/aws/lambda/checkout", __aws_cloudwatch_owner="123456789012", __aws_log_type="cloudwatch"}"#
    );
    assert_eq!(
        data.labels(true).get("__aws_cloudwatch_log_stream"),
        Some("2026/11/23/[$LATEST]0a1b")
    );
    assert_eq!(
        lines(&data),
        [
            (1_700_000_000_123, "first\n".to_owned()),
            (1_700_000_000_124, "second".to_owned())
        ]
    );
}

#[test]
fn optional_fields_may_be_missing_and_unknown_ones_appear() {
    let data = SubscriptionData::parse(
        br#"{"policyLevel":"ACCOUNT_LEVEL","logEvents":[{"timestamp":1,"message":"x"}]}"#,
    )
    .unwrap();
    assert_eq!(data.labels(true).to_string(), r#"{__aws_log_type="cloudwatch"}"#);
    assert_eq!(lines(&data), [(1, "x".to_owned())]);
    assert!(SubscriptionData::parse(b"{}").unwrap().is_empty());
    let nulls = br#"{"messageType":null,"owner":null,"logGroup":null,"logStream":null,"logEvents":[{"id":null,"timestamp":1,"message":null}]}"#;
    let data = SubscriptionData::parse(nulls).unwrap();
    assert_eq!(data.labels(true).to_string(), r#"{__aws_log_type="cloudwatch"}"#);
    assert_eq!(lines(&data), [(1, String::new())]);
    assert!(
        SubscriptionData::parse(br#"{"logEvents":null}"#)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn several_gzip_members_are_one_document() {
    let (head, tail) = DATA.as_bytes().split_at(100);
    let mut json = Vec::new();
    cloudwatch::inflate(&[gzip(head), gzip(tail)].concat(), &mut json).unwrap();
    assert_eq!(json, DATA.as_bytes());
}

#[test]
fn a_cut_payload_is_an_error_and_not_a_shorter_delivery() {
    let whole = gzip(DATA.as_bytes());
    for len in 0..whole.len() {
        assert!(
            cloudwatch::inflate(&whole[..len], &mut Vec::new()).is_err(),
            "{len} bytes"
        );
    }
}

#[test]
fn a_length_that_is_not_true_is_an_error_and_gets_little_room() {
    let mut payload = gzip(DATA.as_bytes());
    let length_from = payload.len() - 4;
    payload[length_from..].fill(0xff);
    let mut json = Vec::new();
    assert!(cloudwatch::inflate(&payload, &mut json).is_err());
    assert!(json.capacity() <= 8 << 20, "{}", json.capacity());
}

#[test]
fn other_bytes_after_a_gzip_member_are_an_error() {
    let payload = gzip(DATA.as_bytes());
    for tail in [&b"\0\0\0\0"[..], b"x", b"{}", &payload[..5]] {
        let payload = [&payload, tail].concat();
        assert!(
            cloudwatch::inflate(&payload, &mut Vec::new()).is_err(),
            "{tail:?}"
        );
    }
}

#[test]
fn one_reader_reads_one_delivery_after_the_other() {
    let large = format!(
        r#"{{"logEvents":[{{"timestamp":1,"message":"{}"}}]}}"#,
        "x".repeat(3 << 20)
    );
    let mut reader = DeliveryReader::default();
    for json in [DATA, r#"{"logEvents":[]}"#, &large, DATA] {
        assert!(reader.read(b"no gzip").is_err());
        assert!(reader.read(&gzip(b"no json")).is_err());
        let cut = gzip(json.as_bytes());
        assert!(reader.read(&cut[..cut.len() / 2]).is_err());
        let data = reader.read(&gzip(json.as_bytes())).unwrap();
        assert_eq!(
            lines(&data),
            lines(&SubscriptionData::parse(json.as_bytes()).unwrap())
        );
        reader.keep(data);
    }
}

#[test]
fn a_lone_surrogate_costs_one_character_and_not_the_delivery() {
    let json = br#"{"logEvents":[{"timestamp":1,"message":"a\ud800b"},{"timestamp":2,"message":"\ud83d\ude42"},{"timestamp":3,"message":"c\xff"}]}"#;
    let mut raw = json.to_vec();
    // The third message ends in a byte that never occurs in UTF-8.
    let at = raw.windows(4).position(|bytes| bytes == br"\xff").unwrap();
    raw.splice(at..at + 4, [0xff]);
    let data = SubscriptionData::parse(&raw).unwrap();
    let lines: Vec<String> = lines(&data).into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, ["a\u{fffd}b", "\u{1f642}", "c\u{fffd}"]);
}

#[test]
fn a_log_event_without_a_time_is_named() {
    let json = br#"{"logGroup":"g","logEvents":[{"id":"e1","message":"x"},{"id":"e2","timestamp":9223372036854775807,"message":"y"},{"id":"e3","timestamp":3,"message":"z"}]}"#;
    let data = SubscriptionData::parse(json).unwrap();
    let labels = Arc::new(data.labels(false));
    let outcomes: Vec<Result<String, String>> = data
        .entries(&labels)
        .map(|entry| {
            entry
                .map(|entry| entry.line.into_owned())
                .map_err(|error| error.to_string())
        })
        .collect();
    assert_eq!(
        outcomes[0].as_ref().unwrap_err(),
        r#"log event "e1" of log group "g" has no timestamp"#
    );
    assert!(
        outcomes[1].as_ref().unwrap_err().contains("years 1 to 9999"),
        "{outcomes:?}"
    );
    assert_eq!(outcomes[2].as_ref().unwrap(), "z");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = cloudwatch::inflate(&bytes, &mut Vec::new());
        let _ = SubscriptionData::parse(&bytes);
        let text = aws_logs::lossy(&bytes);
        if let Ok(valid) = std::str::from_utf8(&bytes) {
            prop_assert_eq!(text, valid);
        }
    }

    #[test]
    fn messages_survive_json(message in any::<String>()) {
        let json = serde_json::json!({"logEvents": [{"timestamp": 1, "message": message}]}).to_string();
        let data = DeliveryReader::default().read(&gzip(json.as_bytes())).unwrap();
        prop_assert_eq!(lines(&data), [(1, message)]);
    }
}

/// The length that a payload states must not be trusted, and may be missing.
#[test]
fn a_payload_that_inflates_to_more_than_the_limit_is_an_error() {
    let gzipped = gzip(&[b' '; 5000]);
    let mut json = Vec::new();
    cloudwatch::inflate(&gzipped, &mut json).unwrap();
    assert_eq!(json.len(), 5000);
    let lying = [&gzipped[..gzipped.len() - 4], &[0xff; 4]].concat();
    assert!(cloudwatch::inflate(&lying, &mut json).is_err());
    assert!(json.capacity() <= 128 << 10, "{}", json.capacity());
    let message = |limit, payload: &[u8]| {
        let read = DeliveryReader::within(limit).read(payload);
        read.err().map(|error| error.to_string())
    };
    let json = [b"{}".as_slice(), &[b' '; 4998]].concat();
    let many: Vec<u8> = json.chunks(100).flat_map(gzip).collect();
    for payload in [gzip(&json), many] {
        assert_eq!(message(5000, &payload), None);
        let error = message(4999, &payload).unwrap();
        assert!(error.contains("inflates to more than 4999 bytes"), "{error}");
    }
}
