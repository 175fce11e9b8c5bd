//! Why an event, or an item of it, cannot be read. What an event holds is never part of a text: it may be
//! secret, and errors are logged.

use crate::{MAX_ITEMS, MAX_NESTING};

/// Why an event cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// It is not JSON.
    #[error("the event cannot be read: {0}")]
    Json(#[source] serde_json::Error),
    /// It is JSON, but no object.
    #[error("the event is not a JSON object or a list of them")]
    NotAnObject,
    /// It is of no kind that is known here.
    #[error(
        "unknown kind of event, with the top-level keys {}; known: awslogs (CloudWatch Logs subscription), \
         Records (S3, SNS, SQS, Kinesis), source with detail-type and detail (EventBridge), S3 test events, \
         SNS notifications, requestContext with requestPayload (Lambda destinations), invocationSchemaVersion with \
         tasks (S3 Batch Operations), s3Bucket with s3ObjectKey (CloudTrail, AWS Config), \
         eventSource with records (Kafka)", quoted(.keys)
    )]
    Unknown {
        /// Its top-level keys, in the order they come.
        keys: Vec<String>,
    },
    /// It has a list of records, with none in it.
    #[error("the event's list of records is empty")]
    NoRecords,
    /// None of its records is of a kind that is known here.
    #[error(
        "the event's records are of an unknown kind, the first with the top-level keys {}; known by eventSource: \
         aws:s3, aws:sns, aws:sqs, aws:kinesis, aws:kafka", quoted(.keys)
    )]
    UnknownRecords {
        /// The top-level keys of the first record, in the order they come.
        keys: Vec<String>,
    },
    /// It is Lambda's record of a batch that failed, which names the records and does not hold them.
    #[error(
        "the event is Lambda's record of a failed batch ({batch_info}), which does not hold the batch's records; they can \
         be read from the stream or topic as long as it keeps them, or from an on-failure destination in S3"
    )]
    BatchWithoutRecords {
        /// The member that describes the batch.
        batch_info: &'static str,
    },
    /// It is Lambda's record of an invocation, and the event in it cannot be read.
    #[error("the event in Lambda's record of an invocation cannot be read: {0}")]
    Destination(#[source] Box<EventError>),
    /// It has more records than are read, together with those of the messages before it.
    #[error("more than {MAX_ITEMS} records in one event; records that AWS writes are fewer than 20,000")]
    TooManyRecords,
    /// A field that its kind always has cannot be read.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// It is a message in a message in a message ...
    #[error("messages are nested more than {MAX_NESTING} deep")]
    TooDeep,
}

/// Why one item cannot be read. The event's other items can.
#[derive(Debug, thiserror::Error)]
pub enum ItemError {
    /// A record is no object.
    #[error("the record is not a JSON object")]
    NotAnObject,
    /// A record is of no kind that is known here.
    #[error(
        "unknown kind of record, with the top-level keys {}; known by eventSource: aws:s3, aws:sns, aws:sqs, aws:kinesis, aws:kafka",
        quoted(.keys)
    )]
    UnknownRecord {
        /// Its top-level keys, in the order they come.
        keys: Vec<String>,
    },
    /// A field that its kind always has cannot be read.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// What a message holds cannot be read.
    #[error("what the message holds cannot be read: {0}")]
    Message(#[from] EventError),
    /// What a message holds is not an event, and cannot be shipped as lines of text either.
    #[error(
        "what the message holds cannot be read: {error}; it is not shipped as text, since {field} is missing or not a time"
    )]
    TextWithoutTime {
        /// Why it is not an event.
        error: EventError,
        /// The path to the time that is missing.
        field: &'static str,
    },
    /// A partition's records are not a list.
    #[error("the records of a topic's partition are not a list")]
    NotAList,
}

/// Why a field cannot be read. The path to it begins at the event, or at its record.
#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    /// It is not there, or of another type than AWS gives it.
    #[error("{field} is missing, or not a string")]
    NoText {
        /// The path to it.
        field: &'static str,
    },
    /// It is not there, or of another type than AWS gives it.
    #[error("{field} is missing, or not an object")]
    NoObject {
        /// The path to it.
        field: &'static str,
    },
    /// It is not there, or of another type than a list.
    #[error("{field} is missing, or not a list")]
    NoList {
        /// The path to it.
        field: &'static str,
    },
    /// It names something, and is empty.
    #[error("{field} is empty")]
    Empty {
        /// The path to it.
        field: &'static str,
    },
    /// It is not base64.
    #[error("{field} is not base64: {error}")]
    Base64 {
        /// The path to it.
        field: &'static str,
        /// What is wrong with it.
        #[source]
        error: base64::DecodeError,
    },
    /// What it decodes to is not text.
    #[error("{field} is not UTF-8 once it is decoded")]
    NotUtf8 {
        /// The path to it.
        field: &'static str,
    },
}

/// How many keys an error shows, and how many characters of each. Keys in an unknown event can be anything.
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
