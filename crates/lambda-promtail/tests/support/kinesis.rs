//! Kinesis records.

use serde_json::{Value, json};
use testkit::events::base64;

/// The stream that the records are of.
pub const ARN: &str = "arn:aws:kinesis:eu-west-1:123456789012:stream/logs";

/// A record of a Kinesis event.
pub fn record(sequence_number: &str, data: &[u8]) -> Value {
    json!({
        "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": format!("shardId-000:{sequence_number}"),
        "eventName": "aws:kinesis:record", "awsRegion": "eu-west-1", "eventSourceARN": ARN,
        "kinesis": {
            "kinesisSchemaVersion": "1.0", "partitionKey": "p", "sequenceNumber": sequence_number,
            "data": base64(data), "approximateArrivalTimestamp": 1_772_600_767.125,
        },
    })
}

/// What a subscription filter puts into a stream, before it is compressed.
pub fn delivery(log_group: &str, message: &str) -> String {
    json!({
        "messageType": "DATA_MESSAGE", "owner": "1", "logGroup": log_group, "logStream": "s",
        "logEvents": [{"id": "e", "timestamp": 5, "message": message}],
    })
    .to_string()
}
