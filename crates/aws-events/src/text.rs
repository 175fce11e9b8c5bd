//! Messages that are text and not events.

use go_text::JsonText;
use serde_json::value::RawValue;

use crate::aws_shape;
use crate::object::Object;

/// Returns whether the content of a message that could not be read as an event may be shipped as lines of
/// text.
///
/// An event of AWS may not, whatever the reason: the objects that it announces would be lost. That includes
/// an event that is broken, in a list, or in a JSON string. Names within an application's JSON are ignored.
pub(crate) fn is_text(body: &str) -> bool {
    // Several documents are not an event, but each of them may be one.
    let mut documents = serde_json::Deserializer::from_str(body).into_iter::<&RawValue>();
    let mut end = 0;
    while let Some(Ok(value)) = documents.next() {
        if !is_text_value(value) {
            return false;
        }
        end = documents.byte_offset();
    }
    let rest = body.get(end..).unwrap_or(body);
    !begins_like_objects(rest) || !has_name_of_aws(rest)
}

/// Returns whether broken JSON contains, at any depth, the name of a member by which events of AWS are
/// recognised. `s3` alone is too short to be significant there.
fn has_name_of_aws(json: &str) -> bool {
    let names = aws_shape::NAMES.into_iter().filter(|name| *name != "s3");
    let mut names = names.chain(["s3Bucket", "s3ObjectKey"]);
    names.any(|name| json.contains(&format!("\"{name}\"")))
}

fn is_text_value(value: &RawValue) -> bool {
    // The JSON may be encoded twice, so the text of a string is examined. A string within that text is not.
    let text = serde_json::from_str::<JsonText<'_>>(value.get());
    let inner = text
        .as_ref()
        .map(|JsonText(text)| serde_json::from_str::<&RawValue>(text));
    let value = match inner {
        Ok(Ok(inner)) => inner,
        _ => value,
    };
    aws_shape::value_names_aws_shape(value).is_none()
        && !Object::read(value).is_some_and(|object| is_of_sns(&object))
}

/// Returns whether SNS wrote the object: a message, or the request to confirm a subscription.
fn is_of_sns(object: &Object<'_>) -> bool {
    let kind = object.text("Type");
    kind.is_some_and(|kind| {
        matches!(
            &*kind,
            "Notification" | "SubscriptionConfirmation" | "UnsubscribeConfirmation"
        )
    })
}

/// Returns whether the text begins like a JSON object or a list of objects. Log lines begin with a bracket as
/// well.
fn begins_like_objects(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix('[').map_or(text, str::trim_start);
    text.strip_prefix('{')
        .is_some_and(|members| members.trim_start().starts_with('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_applications_are_text() {
        for body in [
            "",
            "plain text",
            "two\nlines\n",
            "7",
            "null",
            "[]",
            r#"["Records", 7]"#,
            r#""a string""#,
            r#""Records""#,
            r#"{"level":"info","message":"Records"}"#,
            r#"{"level":"info","inner":{"Records":[]}}"#,
            r#"{"AlarmName":"cpu","NewStateValue":"ALARM","Trigger":{"Namespace":"AWS/EC2"}}"#,
            r#"{"level":"info"}{"level":"warn"}"#,
            "{\"eventSource\":\"ec2.amazonaws.com\"}\n{\"eventSource\":\"s3.amazonaws.com\"}\n",
            "7 é {\"a\"",
            r#"{"storage":"s3","message":"cut sh"#,
            r#"{"level":"info","message":"cut sh"#,
            r#"[2026-03-04 05:06:07] ERROR no "Records""#,
            r#"{'Records': []}"#,
            r#"the event {"Records":[]}"#,
            r#"{"Type":"Order","Message":"m"}"#,
        ] {
            assert!(is_text(body), "{body}");
        }
    }

    #[test]
    fn events_of_aws_are_not_text_even_when_they_are_broken() {
        for body in [
            r#"{"Records":[]}"#,
            r#"{"Records":[{"eventSource":"aws:s3","s3":{"buc"#,
            r#" [ {"eventSource":"aws:sqs","body":"#,
            r#"[7,{"eventSource":"aws:kinesis"}]"#,
            r#"{"Records":[]}{"Records":[]}"#,
            r#"{"level":"info"} {"Records":[{"event"#,
            r#"["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":"k"}]"#,
            r#""{\"Records\":[]}""#,
            r#"{"requestContext":{},"requestPayload":7}"#,
            r#"{"requestContext":{},"KinesisBatchInfo":{}}"#,
            r#"{"s3Bucket":"b","s3ObjectKey":["k"]}"#,
            r#"{"awslogs":{}}"#,
            r#"{"Type":"Notification","Message":7}"#,
            r#"{"Type":"SubscriptionConfirmation","SubscribeURL":"u"}"#,
        ] {
            assert!(!is_text(body), "{body}");
        }
    }
}
