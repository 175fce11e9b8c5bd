//! Kafka records.

use aws_logs::RecordIdentity;
use serde_json::{Value, json};
use testkit::events::base64;

/// The ARN of the cluster that the records come from.
pub const ARN: &str =
    "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0a1b2c3d-0000-4000-8000-000000000001-3";
/// 2026-11-24T06:07:08.123Z.
pub const MILLIS: i64 = 1_795_500_428_123;

/// Returns a record of a Kafka event.
pub fn record(topic: &str, partition: u64, offset: u64, value: &[u8]) -> Value {
    json!({
        "topic": topic, "partition": partition, "offset": offset, "timestamp": MILLIS, "timestampType": "CREATE_TIME",
        "key": base64(b"key"), "value": base64(value), "headers": [{"trace": [49, 50]}],
    })
}

/// Returns an event with these records, which are lists by topic and partition.
pub fn event(records: &Value) -> String {
    json!({
        "eventSource": "aws:kafka", "eventSourceArn": ARN, "bootstrapServers": "b-1.example.com:9092",
        "records": records,
    })
    .to_string()
}

/// Returns the offset of a record's first line from the record's own time, in nanoseconds.
pub fn text_offset(topic: &str, partition: u64, offset: u64) -> i128 {
    RecordIdentity::of_kafka(topic, partition, offset)
        .offset_nanos()
        .into()
}
