//! CloudWatch Logs subscription data: the payload that a subscription filter delivers, to Lambda or through
//! Kinesis.
//!
//! Only the fields that are needed are read, and none of the optional ones is required: AWS adds fields and
//! leaves out others. The form in which AWS usually writes the data is read on a fast path, which gives up on
//! anything unusual, valid or not; serde_json then reads the data from the beginning and reports errors.

mod fast_path;
mod log_event;
mod millis;
mod parts;
mod reader;
mod repeats;
mod slow_path;
mod slow_path_event;
mod slow_path_events;
mod unescape;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use decompression::{Compression, InflateError, Inflater};
use loki_push::{Entry, LabelSet, Timestamp};
use memchr::memmem;

pub use log_event::LogEventError;
use log_event::{Fault, LogEvent};
use parts::Origin;
pub use parts::Part;
pub use reader::DeliveryReader;
use repeats::Repeat;

/// The number of bytes that one payload may inflate to. Lambda accepts events of 6 MB, and payloads that AWS
/// writes are far smaller; but anyone who can write into a Kinesis stream can make 1 MB inflate to a
/// gigabyte.
pub const MAX_INFLATED: usize = 64 << 20;

/// The value of `messageType` in messages by which AWS checks that the destination is reachable.
const CONTROL_MESSAGE: &str = "CONTROL_MESSAGE";
/// The value of `messageType` in messages with log events.
const DATA_MESSAGE: &str = "DATA_MESSAGE";

/// A delivery of a subscription filter.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionData {
    /// All texts of the delivery, one after the other.
    text: String,
    message_type: Span,
    owner: Span,
    log_group: Span,
    log_stream: Span,
    log_events: Vec<LogEvent>,
    /// The origins of the log events; empty if the delivery does not name them.
    origins: Vec<Origin>,
    /// The log events that repeat earlier ones, in their order.
    repeats: Vec<Repeat>,
    /// Whether the document has both `logGroup` and `logEvents`, as all deliveries of AWS do.
    has_members: bool,
}

/// The treatment of the ids of log events. Copying them is left out unless something uses them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventIds {
    /// [`Part::event_id`] may return an empty text.
    #[default]
    Skipped,
    /// [`Part::event_id`] returns the id of each log event that has one.
    Kept,
}

/// A range of [`SubscriptionData::text`].
type Span = Range<usize>;

/// A reason why subscription data cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SubscriptionDataError {
    /// The compressed payload is broken.
    #[error("CloudWatch Logs data: not gzip, or cut short: {0}")]
    Gzip(#[source] InflateError),
    /// The payload inflates to more than the limit.
    #[error(
        "CloudWatch Logs data: inflates to more than {limit} bytes, the most that is read of one payload"
    )]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The payload is not the JSON that CloudWatch Logs writes.
    #[error("CloudWatch Logs data: {0}")]
    Json(#[source] serde_json::Error),
    /// The payload is JSON, but not a delivery.
    #[error(
        "CloudWatch Logs data: not a delivery, which has the messageType DATA_MESSAGE or CONTROL_MESSAGE, a logGroup and logEvents"
    )]
    NotDelivery,
}

/// Inflates a delivery's bytes into `json`, replacing its contents.
///
/// # Errors
/// Returns an error if the bytes are not gzip, end too early, or inflate to more than [`MAX_INFLATED`] bytes.
pub fn inflate(compressed: &[u8], json: &mut Vec<u8>) -> Result<(), SubscriptionDataError> {
    inflate_with(&mut inflater(), compressed, MAX_INFLATED, json)
}

/// Returns a decoder of deliveries. AWS writes nothing after the gzip members, not even padding.
fn inflater() -> Inflater {
    Inflater::without_padding()
}

fn inflate_with(
    inflater: &mut Inflater,
    compressed: &[u8],
    limit: usize,
    json: &mut Vec<u8>,
) -> Result<(), SubscriptionDataError> {
    inflater
        .inflate(Compression::Gzip, compressed, limit, json)
        .map_err(|error| match error {
            InflateError::TooLarge { limit } => SubscriptionDataError::TooLarge { limit },
            error => SubscriptionDataError::Gzip(error),
        })
}

/// Returns whether this is the `messageType` of a delivery.
pub(crate) fn is_delivery_type(message_type: &[u8]) -> bool {
    [DATA_MESSAGE, CONTROL_MESSAGE]
        .map(str::as_bytes)
        .contains(&message_type)
}

impl SubscriptionData {
    /// Parses the JSON document.
    ///
    /// # Errors
    /// Returns an error if it is not JSON, or if a field has another type than CloudWatch Logs gives it. A
    /// fault of a log event is an error of that log event alone, among the [`entries`](Self::entries).
    pub fn parse(json: &[u8]) -> Result<Self, SubscriptionDataError> {
        Self::parse_in(Vec::new(), json, EventIds::default())
    }

    /// Parses the document like [`parse`](Self::parse), but with serde_json alone. The fast path is tested
    /// against it.
    ///
    /// # Errors
    /// Returns an error as [`parse`](Self::parse) does.
    pub fn parse_with_serde(json: &[u8]) -> Result<Self, SubscriptionDataError> {
        slow_path::document(json)
            .map(Self::with_repeats)
            .map_err(SubscriptionDataError::Json)
    }

    /// Parses the document like [`parse`](Self::parse), reusing the memory of `text`.
    fn parse_in(text: Vec<u8>, json: &[u8], ids: EventIds) -> Result<Self, SubscriptionDataError> {
        match fast_path::document(json, text, ids) {
            Some(data) => Ok(data.with_repeats()),
            None => Self::parse_with_serde(json),
        }
    }

    /// Parses consecutive JSON documents, up to the end of the bytes. Returns `None` if there are none, or if
    /// any of them is not subscription data.
    pub(crate) fn parse_all(json: &[u8], ids: EventIds) -> Option<Vec<Self>> {
        let deliveries = Self::deliveries(fast_path::documents(json, ids));
        let deliveries = deliveries
            .or_else(|| Self::deliveries(slow_path::documents(json)))
            .or_else(|| {
                // Most JSON in Kinesis records is not a delivery, and need not be read a third time.
                memmem::find(json, b"logEvents")?;
                Self::deliveries(slow_path::faulty_documents(json))
            })?;
        (!deliveries.is_empty()).then_some(deliveries)
    }

    /// Returns the documents if all are subscription data. Stops at the first that is not: a text of small
    /// JSON objects takes 140 bytes of memory for each `{}`.
    fn deliveries(documents: impl Iterator<Item = Option<Self>>) -> Option<Vec<Self>> {
        documents
            .map(|document| document.filter(Self::is_delivery).map(Self::with_repeats))
            .collect()
    }

    /// Finds the log events that repeat earlier ones, once the text is complete.
    fn with_repeats(mut self) -> Self {
        self.repeats = repeats::find(&self);
        self
    }

    /// Returns whether the message only tests the destination and contains no log lines.
    pub fn is_control_message(&self) -> bool {
        self.text(&self.message_type) == CONTROL_MESSAGE
    }

    /// Returns whether a document from an unknown source is subscription data. Its type alone is not enough:
    /// anyone can write `{"messageType":"DATA_MESSAGE"}`, and a line that is mistaken for a delivery without
    /// log events would be lost.
    fn is_delivery(&self) -> bool {
        self.has_members && is_delivery_type(self.text(&self.message_type).as_bytes())
    }

    /// Returns the log group that the log events came from.
    pub fn log_group(&self) -> &str {
        self.text(&self.log_group)
    }

    /// Returns the log stream that the log events came from.
    pub fn log_stream(&self) -> &str {
        self.text(&self.log_stream)
    }

    /// Returns the account of the log group, if the delivery names it.
    pub fn owner(&self) -> Option<&str> {
        match self.text(&self.owner) {
            "" => None,
            owner => Some(owner),
        }
    }

    /// Returns the number of log events.
    pub fn len(&self) -> usize {
        self.log_events.len()
    }

    /// Returns whether there are no log events.
    pub fn is_empty(&self) -> bool {
        self.log_events.is_empty()
    }

    /// Returns the labels of the source, with upstream's names; the log stream is included only if
    /// `keep_stream` is set.
    pub fn labels(&self, keep_stream: bool) -> LabelSet {
        let mut labels = LabelSet::from_iter([
            ("__aws_log_type", "cloudwatch"),
            ("__aws_cloudwatch_log_group", self.log_group()),
            ("__aws_cloudwatch_owner", self.text(&self.owner)),
        ]);
        if keep_stream {
            labels.set("__aws_cloudwatch_log_stream", self.text(&self.log_stream));
        }
        labels
    }

    /// Returns the log events as entries of the stream `labels`. If the delivery names their origins, use
    /// [`parts`](Self::parts), each of which has its own stream.
    pub fn entries<'a>(
        &'a self,
        labels: &'a Arc<LabelSet>,
    ) -> impl Iterator<Item = Result<Entry<'a>, LogEventError>> {
        self.entries_of(0..self.len(), labels)
    }

    /// Returns the log events with these indices as entries.
    fn entries_of<'a>(
        &'a self,
        events: Range<usize>,
        labels: &'a Arc<LabelSet>,
    ) -> impl Iterator<Item = Result<Entry<'a>, LogEventError>> + use<'a> {
        let before = self
            .repeats
            .partition_point(|repeat| (repeat.event as usize) < events.start);
        let mut repeats = self.repeats.get(before..).unwrap_or_default().iter();
        let mut next = repeats.next();
        let places = events.clone();
        let events = self.log_events.get(events).unwrap_or_default();
        places.zip(events).map(move |(at, event)| {
            // Counted before anything can fail: a log event that cannot be used may be a repeat, too.
            let later = match next {
                Some(repeat) if repeat.event as usize == at => {
                    next = repeats.next();
                    repeat.earlier.into()
                }
                _ => 0,
            };
            let timestamp = self.timestamp(at, event)?;
            Ok(Entry {
                labels: Arc::clone(labels),
                timestamp: match later {
                    0 => timestamp,
                    later => timestamp.plus_nanos(later),
                },
                line: Cow::Borrowed(self.text(&event.message)),
                metadata: Vec::new(),
            })
        })
    }

    fn timestamp(&self, at: usize, event: &LogEvent) -> Result<Timestamp, LogEventError> {
        let millis = event.timestamp.map_err(|fault| self.error(at, event, fault))?;
        Timestamp::from_unix_millis(millis).map_err(|source| LogEventError::Timestamp {
            name: self.name(at, event),
            log_group: self.log_group().to_owned(),
            source,
        })
    }

    #[cold]
    fn error(&self, at: usize, event: &LogEvent, fault: Fault) -> LogEventError {
        let (name, log_group) = (self.name(at, event), self.log_group().to_owned());
        match fault {
            Fault::NoTimestamp => LogEventError::NoTimestamp { name, log_group },
            fault => LogEventError::Malformed {
                name,
                log_group,
                fault: fault.to_string(),
            },
        }
    }

    /// Returns the name of a log event in errors: its id, or its number, counted from 1.
    fn name(&self, at: usize, event: &LogEvent) -> String {
        match self.text(&event.id) {
            "" => format!("log event number {}", at + 1),
            id => format!("log event {id:?}"),
        }
    }

    fn text(&self, span: &Span) -> &str {
        // Both paths return spans that lie within the text, on character boundaries.
        self.text.get(span.clone()).unwrap_or_default()
    }
}
