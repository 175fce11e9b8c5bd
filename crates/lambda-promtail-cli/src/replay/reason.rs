//! The reason why a message is in a queue of failed events.

use aws_clients::QueueMessage;
use serde_json::Value;

/// Returns why the message is in the queue, as far as it says so: Lambda's records of invocations and batches in their
/// members, Lambda and EventBridge in attributes of the message, and SQS with the queue that the message comes from.
pub(crate) fn of(message: &QueueMessage) -> String {
    of_record(&message.body)
        .or_else(|| of_attributes(message))
        .unwrap_or_else(
            || match message.system_attributes.get("DeadLetterQueueSourceArn") {
                Some(source) => format!("received from {source} as often as that queue allows"),
                None => "no reason given".to_owned(),
            },
        )
}

/// Returns the reason in Lambda's record of an invocation or batch, which may be inside of an SNS notification.
fn of_record(body: &str) -> Option<String> {
    let mut record: Value = serde_json::from_str(body).ok()?;
    if record["Type"] == "Notification" {
        record = serde_json::from_str(record["Message"].as_str()?).ok()?;
    }
    let condition = record["requestContext"]["condition"].as_str()?;
    let answer = &record["responsePayload"];
    let parts = [
        Some(condition),
        answer["errorType"].as_str(),
        answer["errorMessage"]
            .as_str()
            .or(record["responseContext"]["functionError"].as_str()),
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(": "))
}

/// Returns the reason in the attributes of a message.
fn of_attributes(message: &QueueMessage) -> Option<String> {
    let names = [("ErrorCode", "ErrorMessage"), ("ERROR_CODE", "ERROR_MESSAGE")];
    names.into_iter().find_map(|(code, text)| {
        let code = message.attributes.get(code)?;
        Some(match message.attributes.get(text) {
            Some(text) => format!("{code}: {text}"),
            None => code.clone(),
        })
    })
}

/// Returns a reason without the words that differ from message to message: those of more than three characters with a
/// digit, such as keys, ids and times, but not a status.
pub(crate) fn kind(reason: &str) -> String {
    let words = reason.split_whitespace().map(|word| {
        let is_own = word.chars().count() > 3 && word.contains(|letter: char| letter.is_ascii_digit());
        if is_own { "..." } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn message(body: &str, attributes: &[(&str, &str)], source: Option<&str>) -> QueueMessage {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let source = source.map(|source| owned(("DeadLetterQueueSourceArn", source)));
        QueueMessage {
            id: "m".to_owned(),
            receipt: "r".to_owned(),
            body: body.to_owned(),
            system_attributes: source.into_iter().collect::<BTreeMap<_, _>>(),
            attributes: attributes.iter().copied().map(owned).collect(),
        }
    }

    #[test]
    fn each_service_says_in_its_own_way_why_an_event_failed() {
        let invocation = json!({
            "requestContext": {"condition": "RetriesExhausted"},
            "requestPayload": {},
            "responseContext": {"functionError": "Unhandled"},
            "responsePayload": {"errorType": "NotDelivered", "errorMessage": "1 of 1 items not delivered"},
        });
        let batch = json!({
            "requestContext": {"condition": "RetryAttemptsExhausted"},
            "responseContext": {"functionError": "Unhandled"},
            "KinesisBatchInfo": {},
        });
        let expired = json!({"requestContext": {"condition": "RecordAgeExceeded"}, "KinesisBatchInfo": {}});
        let notification = json!({"Type": "Notification", "Message": batch.to_string()});
        let source = Some("arn:aws:sqs:eu-west-1:123456789012:objects");
        for (message, reason) in [
            (
                message(&invocation.to_string(), &[], None),
                "RetriesExhausted: NotDelivered: 1 of 1 items not delivered",
            ),
            (
                message(&batch.to_string(), &[], None),
                "RetryAttemptsExhausted: Unhandled",
            ),
            (
                message(&notification.to_string(), &[], None),
                "RetryAttemptsExhausted: Unhandled",
            ),
            (message(&expired.to_string(), &[], None), "RecordAgeExceeded"),
            (
                message("{}", &[("ErrorCode", "200"), ("ErrorMessage", "no")], None),
                "200: no",
            ),
            (
                message(
                    "{}",
                    &[("ERROR_CODE", "NO_PERMISSIONS"), ("RULE_ARN", "arn")],
                    None,
                ),
                "NO_PERMISSIONS",
            ),
            (
                message("text", &[], source),
                "received from arn:aws:sqs:eu-west-1:123456789012:objects as often as that queue allows",
            ),
            (message("text", &[], None), "no reason given"),
            (message("7", &[], None), "no reason given"),
        ] {
            assert_eq!(of(&message), reason);
        }
    }

    #[test]
    fn reasons_of_one_kind_differ_in_names_and_numbers_only() {
        let key = "1 of 1 items not delivered: s3://logs/a/2026/x.gz: Loki answered 503 Service Unavailable";
        let other = key.replace("a/2026/x", "b/2027/y");
        assert_eq!(kind(key), kind(&other));
        assert_ne!(kind(key), kind(&key.replace("503", "401")));
    }
}
