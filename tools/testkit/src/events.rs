//! Events as AWS gives them to a Lambda function.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::compress::gzip;

/// Returns the event of a CloudWatch Logs subscription with the given log events, each a time in milliseconds and a
/// message, of a log stream in the account `owner`.
pub fn cloudwatch_event(log_group: &str, log_stream: &str, owner: &str, events: &[(i64, &str)]) -> String {
    cloudwatch_payload(&cloudwatch_log_data(log_group, log_stream, owner, events))
}

/// Returns the payload of such an event, before compression and base64.
pub fn cloudwatch_log_data(log_group: &str, log_stream: &str, owner: &str, events: &[(i64, &str)]) -> Value {
    let events: Vec<Value> = events
        .iter()
        .enumerate()
        .map(|(index, (millis, message))| {
            // AWS's ids are 56-digit numbers that ascend within a stream.
            let id = format!("{index:056}");
            json!({"id": id, "timestamp": millis, "message": message})
        })
        .collect();
    json!({
        "messageType": "DATA_MESSAGE",
        "owner": owner,
        "logGroup": log_group,
        "logStream": log_stream,
        "subscriptionFilters": ["lambda-promtail"],
        "logEvents": events,
    })
}

/// Returns the event by which CloudWatch Logs checks that it can reach the function. It does not contain a log line.
pub fn control_message() -> String {
    cloudwatch_payload(&json!({
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [{
            "id": "",
            "timestamp": 1_700_000_000_000_i64,
            "message": "CWL CONTROL MESSAGE: Checking health of destination Lambda function.",
        }],
    }))
}

/// Wraps a subscription's payload as Lambda receives it: as JSON, gzip and base64.
pub fn cloudwatch_payload(payload: &Value) -> String {
    cloudwatch_data(&gzip(payload.to_string().as_bytes()))
}

/// Wraps a subscription's gzipped payload as Lambda receives it: as base64 in JSON.
pub fn cloudwatch_data(gzipped: &[u8]) -> String {
    json!({"awslogs": {"data": base64(gzipped)}}).to_string()
}

/// Encodes bytes in standard base64, which AWS uses in events.
pub fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    fn payload(event: &str) -> Value {
        let event: Value = serde_json::from_str(event).unwrap();
        let data = event["awslogs"]["data"].as_str().unwrap();
        let mut json = String::new();
        GzDecoder::new(BASE64_STANDARD.decode(data).unwrap().as_slice())
            .read_to_string(&mut json)
            .unwrap();
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn a_cloudwatch_event_reads_back() {
        let event = cloudwatch_event("g", "s", "123", &[(1, "one"), (2, "two \"quoted\"")]);
        let payload = payload(&event);
        assert_eq!(payload["messageType"], "DATA_MESSAGE");
        assert_eq!(payload["logGroup"], "g");
        assert_eq!(payload["logStream"], "s");
        assert_eq!(payload["owner"], "123");
        assert_eq!(payload["logEvents"][1]["timestamp"], 2);
        assert_eq!(payload["logEvents"][1]["message"], "two \"quoted\"");
        assert_ne!(payload["logEvents"][0]["id"], payload["logEvents"][1]["id"]);
    }

    #[test]
    fn a_control_message_says_so() {
        assert_eq!(payload(&control_message())["messageType"], "CONTROL_MESSAGE");
    }
}
