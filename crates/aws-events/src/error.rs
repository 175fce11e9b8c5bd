//! The reasons why an event, or an item of it, cannot be read. The errors never contain content of the event:
//! it may be secret, and errors are logged.

use crate::{KinesisBatch, MAX_ITEMS, MAX_NESTING};

/// A reason why an event cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The event is not JSON.
    #[error("the event cannot be read: {0}")]
    Json(#[source] serde_json::Error),
    /// The event is JSON, but not an object.
    #[error("the event is not a JSON object or a list of them")]
    NotAnObject,
    /// The event is of an unknown kind.
    #[error(
        "unknown kind of event, with the top-level keys {}; known: awslogs (CloudWatch Logs subscription), \
         Records (S3, SNS, SQS, Kinesis), source with detail-type and detail (EventBridge), S3 test events, \
         SNS notifications, requestContext with requestPayload (Lambda destinations), invocationSchemaVersion with \
         tasks (S3 Batch Operations), s3Bucket with s3ObjectKey (CloudTrail, AWS Config), \
         eventSource with records (Kafka)", quoted(.keys)
    )]
    Unknown {
        /// The top-level keys, in their order.
        keys: Vec<String>,
    },
    /// The event has an empty list of records.
    #[error("the event's list of records is empty")]
    NoRecords,
    /// None of the event's records is of a known kind.
    #[error(
        "the event's records are of an unknown kind, the first with the top-level keys {}; known by eventSource: \
         aws:s3, aws:sns, aws:sqs, aws:kinesis, aws:kafka", quoted(.keys)
    )]
    UnknownRecords {
        /// The top-level keys of the first record, in their order.
        keys: Vec<String>,
    },
    /// The event is Lambda's record of a failed batch, which names the batch's records and does not contain
    /// them.
    #[error(
        "the event is Lambda's record of a failed batch ({batch_info}), which does not hold the batch's records; they can \
         be read from the stream or topic as long as it keeps them, or from an on-failure destination in S3"
    )]
    BatchWithoutRecords {
        /// The member that describes the batch.
        batch_info: &'static str,
        /// The place of the records, if it is a Kinesis stream and the record says where.
        kinesis: Option<Box<KinesisBatch>>,
    },
    /// The event is Lambda's record of an invocation, and the event in it cannot be read.
    #[error("the event in Lambda's record of an invocation cannot be read: {0}")]
    Destination(#[source] Box<EventError>),
    /// The event, together with the messages before it, has more records than the limit.
    #[error("more than {MAX_ITEMS} records in one event; records that AWS writes are fewer than 20,000")]
    TooManyRecords,
    /// A field that events of this kind always have cannot be read.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The event is nested in too many messages.
    #[error("messages are nested more than {MAX_NESTING} deep")]
    TooDeep,
}

/// A reason why one item cannot be read. The event's other items can.
#[derive(Debug, thiserror::Error)]
pub enum ItemError {
    /// A record is not an object.
    #[error("the record is not a JSON object")]
    NotAnObject,
    /// A record is of an unknown kind.
    #[error(
        "unknown kind of record, with the top-level keys {}; known by eventSource: aws:s3, aws:sns, aws:sqs, aws:kinesis, aws:kafka",
        quoted(.keys)
    )]
    UnknownRecord {
        /// The top-level keys, in their order.
        keys: Vec<String>,
    },
    /// A field that records of this kind always have cannot be read.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The content of a message cannot be read.
    #[error("what the message holds cannot be read: {0}")]
    Message(#[from] EventError),
    /// The content of a message is not an event, and cannot be shipped as lines of text either.
    #[error(
        "what the message holds cannot be read: {error}; it is not shipped as text, since {field} is missing or not a time"
    )]
    TextWithoutTime {
        /// The reason why it is not an event.
        error: EventError,
        /// The path of the missing time.
        field: &'static str,
    },
    /// A partition's records are not a list.
    #[error("the records of a topic's partition are not a list")]
    NotAList,
}

/// A reason why a field cannot be read. Its path begins at the event, or at its record.
#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    /// The field is missing or not a string.
    #[error("{field} is missing, or not a string")]
    NoText {
        /// The path of the field.
        field: &'static str,
    },
    /// The field is missing or not an object.
    #[error("{field} is missing, or not an object")]
    NoObject {
        /// The path of the field.
        field: &'static str,
    },
    /// The field is missing or not a list.
    #[error("{field} is missing, or not a list")]
    NoList {
        /// The path of the field.
        field: &'static str,
    },
    /// The field is missing or not a whole number.
    #[error("{field} is missing, or not a whole number")]
    NoNumber {
        /// The path of the field.
        field: &'static str,
    },
    /// The field is a name, and is empty.
    #[error("{field} is empty")]
    Empty {
        /// The path of the field.
        field: &'static str,
    },
    /// The field is not base64.
    #[error("{field} is not base64: {error}")]
    Base64 {
        /// The path of the field.
        field: &'static str,
        /// The decoding error.
        #[source]
        error: base64::DecodeError,
    },
    /// The decoded field is not UTF-8.
    #[error("{field} is not UTF-8 once it is decoded")]
    NotUtf8 {
        /// The path of the field.
        field: &'static str,
    },
}

/// The number of keys that an error shows, and the number of characters of each. The keys of an unknown event
/// can be anything.
const SHOWN_KEYS: usize = 20;
const SHOWN_CHARS: usize = 60;

fn quoted(keys: &[String]) -> String {
    if keys.is_empty() {
        return "none".to_owned();
    }
    let mut shown: Vec<String> = keys.iter().take(SHOWN_KEYS).map(|key| short(key)).collect();
    if keys.len() > SHOWN_KEYS {
        shown.push(format!("and {} more", keys.len() - SHOWN_KEYS));
    }
    shown.join(", ")
}

fn short(key: &str) -> String {
    match key.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{:?}...", &key[..end]),
        None => format!("{key:?}"),
    }
}
