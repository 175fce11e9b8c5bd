//! Kinesis records.

use serde_json::{Value, json};
use testkit::events::base64;

/// The ARN of the stream that the records come from.
pub const ARN: &str = "arn:aws:kinesis:eu-west-1:123456789012:stream/logs";

/// Returns a record of a Kinesis event.
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

/// Returns the offset of a text record's first line from the record's arrival, in nanoseconds. The number is reduced
/// modulo 2^80 - 1 digit by digit.
pub fn text_offset(sequence_number: &str) -> i128 {
    let digits = sequence_number.chars().map(|digit| digit.to_digit(10).unwrap());
    let remainder = digits.fold(0, |number: i128, digit| {
        (number * 10 + i128::from(digit)) % ((1 << 80) - 1)
    });
    remainder % 899_981 * 943 % 899_981
}

/// Returns the data that a subscription filter puts into a stream, before compression.
pub fn delivery(log_group: &str, message: &str) -> String {
    json!({
        "messageType": "DATA_MESSAGE", "owner": "1", "logGroup": log_group, "logStream": "s",
        "logEvents": [{"id": "e", "timestamp": 5, "message": message}],
    })
    .to_string()
}
