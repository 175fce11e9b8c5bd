//! A check for JSON that looks like an event of AWS, whether or not it can be read.

use serde_json::value::RawValue;

use crate::continuation;
use crate::object::Object;

/// The names of members that occur at the top level only in events and notifications of AWS.
///
/// `requestPayload` and the batch infos belong to Lambda's destinations ("Capturing records of Lambda
/// asynchronous invocations", and the pages on discarded batches of each event source),
/// `invocationSchemaVersion` belongs to S3 Batch Operations, and `SubscribeURL` to SNS: anyone who has that
/// URL can confirm the subscription. The last one is the function's own.
pub(crate) const NAMES: [&str; 13] = [
    "Records",
    "requestContext",
    "requestPayload",
    "KinesisBatchInfo",
    "DDBStreamBatchInfo",
    "KafkaBatchInfo",
    "invocationSchemaVersion",
    "awslogs",
    "SubscribeURL",
    "s3",
    "eventSource",
    "EventSource",
    continuation::MEMBER,
];

/// Returns the name of a member that makes the object look like an event of AWS. A member that is `null` is
/// ignored.
///
/// Such JSON in a message must be read or fail: if it were shipped as a line of text, the objects that it
/// announces would be lost.
pub(crate) fn names_aws_shape(object: &Object<'_>) -> Option<&'static str> {
    object.members().find_map(|(name, value)| match name {
        _ if value.get() == "null" => None,
        // A CloudTrail record has this member too, such as `ec2.amazonaws.com`, and announces nothing to
        // read.
        "eventSource" | "EventSource" if is_of_service(value) => None,
        _ if is_of_s3(name) => Some("s3..."),
        _ => NAMES.into_iter().find(|known| *known == name),
    })
}

/// Returns the name of the member that makes the value look like an event of AWS. For a list, its first
/// object is examined.
pub(crate) fn value_names_aws_shape(value: &RawValue) -> Option<&'static str> {
    if let Some(object) = Object::read(value) {
        return names_aws_shape(&object);
    }
    let list: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    names_aws_shape(&list.into_iter().find_map(Object::read)?)
}

fn is_of_service(source: &RawValue) -> bool {
    source.get().ends_with(".amazonaws.com\"")
}

/// Returns whether the name is like `s3Bucket` or `s3ObjectKey`.
fn is_of_s3(name: &str) -> bool {
    let rest = name.strip_prefix("s3");
    rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(json: &str) -> Option<&'static str> {
        value_names_aws_shape(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn events_of_aws_are_told_by_a_member() {
        for (json, expected) in [
            (r#"{"a": 1, "Records": 7}"#, "Records"),
            (r#"{"Records": []}"#, "Records"),
            (
                r#"{"requestContext": {}, "KinesisBatchInfo": {}}"#,
                "requestContext",
            ),
            (r#"{"KinesisBatchInfo": {}}"#, "KinesisBatchInfo"),
            (r#"{"eventSource": "aws:ses"}"#, "eventSource"),
            (r#"{"EventSource": 7}"#, "EventSource"),
            (r#"{"s3": {}}"#, "s3"),
            (r#"{"s3ObjectKey": ["k"]}"#, "s3..."),
            (r#"[7, {"eventSource": "aws:kafka"}]"#, "eventSource"),
        ] {
            assert_eq!(named(json), Some(expected), "{json}");
        }
    }

    #[test]
    fn json_of_applications_and_alarms_is_not_an_aws_event() {
        for json in [
            "{}",
            "7",
            "[]",
            r#"["Records"]"#,
            r#"{"Records": null, "s3DeliverySummary": null}"#,
            r#"{"records": [], "message": "Records", "S3": 1, "s3_ms": 7, "s3cmd": 1}"#,
            r#"{"inner": {"Records": []}}"#,
            r#"{"AlarmName": "cpu", "NewStateValue": "ALARM", "Trigger": {}}"#,
            r#"{"eventVersion": "1.08", "eventSource": "ec2.amazonaws.com", "eventName": "RunInstances"}"#,
        ] {
            assert_eq!(named(json), None, "{json}");
        }
    }
}
