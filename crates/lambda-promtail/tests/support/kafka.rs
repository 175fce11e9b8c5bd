//! Records of Kafka topics.

use aws_logs::RecordIdentity;
use serde_json::{Value, json};
use testkit::events::base64;

/// The cluster that the records are of.
pub const ARN: &str =
    "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0a1b2c3d-0000-4000-8000-000000000001-3";
/// 2026-11-24T06:07:08.123Z.
pub const MILLIS: i64 = 1_795_500_428_123;

/// A record of a Kafka event.
pub fn record(topic: &str, partition: u64, offset: u64, value: &[u8]) -> Value {
    json!({
        "topic": topic, "partition": partition, "offset": offset, "timestamp": MILLIS, "timestampType": "CREATE_TIME",
        "key": base64(b"key"), "value": base64(value), "headers": [{"trace": [49, 50]}],
    })
}

/// The event of these records, which are lists by topic and partition.
pub fn event(records: &Value) -> String {
    json!({
        "eventSource": "aws:kafka", "eventSourceArn": ARN, "bootstrapServers": "b-1.example.com:9092",
        "records": records,
    })
    .to_string()
}

/// Nanoseconds by which the first line of a record lies behind its own time.
pub fn text_offset(topic: &str, partition: u64, offset: u64) -> i128 {
    RecordIdentity::of_kafka(topic, partition, offset)
        .offset_nanos()
        .into()
}
