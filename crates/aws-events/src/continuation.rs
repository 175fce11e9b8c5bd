//! Messages by which one invocation hands the rest of an object to a later one.
//!
//! The function sends them to its own queue. They are JSON with one member, whose name no service of AWS uses.

use serde_json::json;

use crate::object::Object;
use crate::read::Place;
use crate::{Content, Event, EventError, FieldError, S3Object, Source, s3};

/// The member that a continuation has, and nothing else.
pub(crate) const MEMBER: &str = "lambdaPromtailContinuation";

const BUCKET: &str = "lambdaPromtailContinuation.bucket";
const KEY: &str = "lambdaPromtailContinuation.key";
const VERSION: &str = "lambdaPromtailContinuation.version";
const REGION: &str = "lambdaPromtailContinuation.region";
const ETAG: &str = "lambdaPromtailContinuation.etag";
const ENTRIES: &str = "lambdaPromtailContinuation.entries";
const NUMBER: &str = "lambdaPromtailContinuation.number";
const SETTINGS: &str = "lambdaPromtailContinuation.settings";

/// The rest of an object that earlier invocations have read in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation {
    /// The object.
    pub object: S3Object,
    /// The ETag of the object that the earlier invocations read, which includes the quotes.
    pub etag: String,
    /// The number of entries at the start of the object that are acknowledged.
    pub entries: u64,
    /// The number of this continuation of the object, counted from 1.
    pub number: u32,
    /// The fingerprint of the settings with which the entries were counted. With other settings there may be others.
    pub settings: u64,
}

impl Continuation {
    /// Returns the message that hands the rest of the object over.
    pub fn message(&self) -> String {
        let mut continuation = json!({
            "bucket": self.object.bucket,
            "key": self.object.key,
            "etag": self.etag,
            "entries": self.entries,
            "number": self.number,
            "settings": self.settings,
        });
        for (name, value) in [("version", &self.object.version), ("region", &self.object.region)] {
            if let Some(value) = value {
                continuation[name] = json!(value);
            }
        }
        json!({ MEMBER: continuation }).to_string()
    }
}

/// Returns the event of a continuation, if the message is one.
pub(crate) fn read(message: &Object<'_>, place: Place<'_>) -> Option<Result<Event, EventError>> {
    message.get(MEMBER)?;
    let event = continuation(message).map(|continuation| {
        let name = s3::name(&continuation.object.bucket, &continuation.object.key);
        place.event(Source::S3, name, Content::Continuation(continuation))
    });
    Some(event.map_err(EventError::from))
}

fn continuation(message: &Object<'_>) -> Result<Continuation, FieldError> {
    Ok(Continuation {
        object: S3Object {
            bucket: message.demand_name(BUCKET)?,
            key: message.demand_name(KEY)?,
            region: message.name(REGION),
            version: message.name(VERSION),
            size: None,
            event_name: None,
        },
        etag: message.demand_name(ETAG)?,
        entries: number(message, ENTRIES)?,
        number: number(message, NUMBER)?
            .try_into()
            .map_err(|_| FieldError::NoNumber { field: NUMBER })?,
        settings: number(message, SETTINGS)?,
    })
}

fn number(message: &Object<'_>, field: &'static str) -> Result<u64, FieldError> {
    message.number(field).ok_or(FieldError::NoNumber { field })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn example() -> Continuation {
        Continuation {
            object: S3Object {
                bucket: "logs".to_owned(),
                key: "a b+c%20\"/\n.gz".to_owned(),
                region: Some("eu-west-1".to_owned()),
                version: Some("v1".to_owned()),
                size: None,
                event_name: None,
            },
            etag: "\"0a1b\"".to_owned(),
            entries: 1_000_000_007,
            number: 3,
            settings: u64::MAX,
        }
    }

    #[test]
    fn a_message_is_read_back() {
        for version in [Some("v1".to_owned()), None] {
            let mut sent = example();
            sent.object.version = version;
            sent.object.region = sent.object.version.clone();
            let event = parse(sent.message().as_bytes()).unwrap();
            let [item] = &event.items[..] else {
                panic!("one item, got {event:?}");
            };
            assert_eq!(item.content.as_ref().unwrap(), &Content::Continuation(sent));
        }
    }

    #[test]
    fn a_message_that_lacks_a_field_fails_and_is_not_text() {
        for field in ["bucket", "key", "etag", "entries", "number", "settings"] {
            let mut message: serde_json::Value = serde_json::from_str(&example().message()).unwrap();
            message[MEMBER].as_object_mut().unwrap().remove(field);
            let body = message.to_string();
            let sqs = json!({"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": body,
                "attributes": {"SentTimestamp": "1772600767000"}}]});
            let event = parse(sqs.to_string().as_bytes()).unwrap();
            let error = event.items[0].content.as_ref().unwrap_err().to_string();
            assert!(error.contains(&format!("{MEMBER}.{field}")), "{error}");
            assert!(parse(body.as_bytes()).is_err());
        }
    }
}
