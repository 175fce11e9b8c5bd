//! Events in other envelopes: Lambda's records of invocations, notifications of CloudTrail, lists of EventBridge Pipes,
//! and S3 Batch Operations.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::sources::Part;
use crate::support::BUCKET;

/// Returns an S3 notification unchanged, as a notification of CloudTrail, or in Lambda's record of a failed invocation.
pub fn in_some_envelope(rng: &mut Rng, notification: Part) -> Part {
    match rng.u8(..4) {
        0 => notice(notification),
        1 => notification.map(|event| {
            json!({"version": "1.0", "requestContext": {"condition": "RetriesExhausted"}, "requestPayload": event, "responsePayload": {}})
        }),
        _ => notification,
    }
}

fn notice(notification: Part) -> Part {
    let keys: Vec<String> = notification
        .objects
        .iter()
        .map(|object| object.key.clone())
        .collect();
    notification.map(|_| json!({"s3Bucket": BUCKET, "s3ObjectKey": keys}))
}

/// Returns a Kinesis record in the form of EventBridge Pipes.
pub fn of_a_pipe(record: Part) -> Part {
    let id = format!("shardId-000000000000:{}", record.id);
    let flat = |mut record: Value| {
        let nested = record["kinesis"].take();
        let members = record.as_object_mut().unwrap();
        members.remove("kinesis");
        members.append(&mut nested.as_object().cloned().unwrap_or_else(Map::new));
        record["eventID"] = json!(id);
        record
    };
    Part {
        id: id.clone(),
        ..record.map(flat)
    }
}

/// Returns a task of S3 Batch Operations for the part's only object, whose key needs no encoding.
pub fn task(object: Part, number: usize) -> Part {
    let id = format!("t-{number}");
    let key = object.objects[0].key.clone();
    Part {
        id: id.clone(),
        ..object.map(|_| json!({"taskId": id, "s3Key": key, "s3VersionId": null, "s3Bucket": BUCKET}))
    }
}

/// Returns an invocation by S3 Batch Operations.
pub fn invocation(tasks: &[Value]) -> String {
    let invocation =
        json!({"invocationSchemaVersion": "2.0", "invocationId": "i", "job": {"id": "j"}, "tasks": tasks});
    invocation.to_string()
}

/// Converts the response to S3 Batch Operations to a partial batch response, if it has a result for each task.
pub fn as_failures(reply: &Value, tasks: usize) -> Option<Value> {
    let results = reply["results"]
        .as_array()
        .filter(|results| results.len() == tasks)?;
    let failed = results
        .iter()
        .filter(|result| result["resultCode"] != "Succeeded");
    let failed: Vec<Value> = failed
        .map(|result| json!({"itemIdentifier": result["taskId"]}))
        .collect();
    Some(json!({"batchItemFailures": failed}))
}
