//! CloudWatch Logs subscription data: what a subscription filter delivers, to Lambda or through Kinesis.
//!
//! Only what is needed is read, and nothing optional is demanded: AWS adds fields, and leaves out
//! others, as it likes. What AWS usually writes has a reader of its own, which gives up where anything is
//! out of the ordinary, wrong or not; then a library reads it all from the beginning, and says what is wrong.

mod fast_path;
mod gunzip;
mod gzip_member;
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

use loki_push::{Entry, LabelSet, Timestamp};
use memchr::memmem;

use gunzip::Gunzip;
pub use gunzip::GzipError;
pub use gzip_member::MemberError;
pub use log_event::LogEventError;
use log_event::{Fault, LogEvent};
use parts::Origin;
pub use parts::Part;
pub use reader::DeliveryReader;
use repeats::Repeat;

/// Bytes that one payload may inflate to. Lambda takes events of 6 MB, and what AWS writes is far smaller; who writes
/// into a Kinesis stream can make 1 MB inflate to a gigabyte.
pub const MAX_INFLATED: usize = 64 << 20;

/// The value of `messageType` that AWS checks with whether the destination is reachable.
const CONTROL_MESSAGE: &str = "CONTROL_MESSAGE";
/// Its value for log events.
const DATA_MESSAGE: &str = "DATA_MESSAGE";

/// One delivery of a subscription filter.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionData {
    /// Everything there is of it as text, one after the other.
    text: String,
    message_type: Span,
    owner: Span,
    log_group: Span,
    log_stream: Span,
    log_events: Vec<LogEvent>,
    /// Where log events came from; none where the delivery does not say it.
    origins: Vec<Origin>,
    /// The log events that repeat earlier ones, in their order.
    repeats: Vec<Repeat>,
    /// Whether the document has both `logGroup` and `logEvents`, which all that AWS delivers has.
    has_members: bool,
}

/// Where a text is in [`SubscriptionData::text`].
type Span = Range<usize>;

/// Subscription data that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SubscriptionDataError {
    /// The compressed payload is broken.
    #[error("CloudWatch Logs data: not gzip, or cut short: {0}")]
    Gzip(#[source] GzipError),
    /// It inflates to more than is taken.
    #[error(
        "CloudWatch Logs data: inflates to more than {limit} bytes, the most that is read of one payload"
    )]
    TooLarge {
        /// The most bytes that are taken.
        limit: usize,
    },
    /// The payload is not the JSON that CloudWatch Logs writes.
    #[error("CloudWatch Logs data: {0}")]
    Json(#[source] serde_json::Error),
}

/// Inflates a delivery's bytes into `json`, replacing what it held.
///
/// # Errors
/// When they are not gzip, end too early, or inflate to more than [`MAX_INFLATED`] bytes.
pub fn inflate(compressed: &[u8], json: &mut Vec<u8>) -> Result<(), SubscriptionDataError> {
    inflate_with(&mut Gunzip::default(), compressed, MAX_INFLATED, json)
}

fn inflate_with(
    gunzip: &mut Gunzip,
    compressed: &[u8],
    limit: usize,
    json: &mut Vec<u8>,
) -> Result<(), SubscriptionDataError> {
    json.clear();
    json.reserve_exact(expected_len(compressed).min(limit));
    gunzip
        .append(compressed, limit, json)
        .map_err(|error| match error {
            GzipError::TooLarge => SubscriptionDataError::TooLarge { limit },
            error => SubscriptionDataError::Gzip(error),
        })
}

/// What a gzip member says at its end of its length (RFC 1952, ISIZE): room that grows by doubling is copied each
/// time.
fn expected_len(compressed: &[u8]) -> usize {
    /// Anything may stand there, so no more room than that is made on its word; more comes as it is needed.
    const MOST: usize = 8 << 20;
    /// Deflate makes no more of a byte ("Maximum compression factor", zlib's technical details).
    const MOST_OF_A_BYTE: usize = 1032;
    let said = compressed.last_chunk().map_or(0, |len| u32::from_le_bytes(*len));
    let most = compressed.len().saturating_mul(MOST_OF_A_BYTE).min(MOST);
    usize::try_from(said).map_or(0, |len| len.min(most))
}

impl SubscriptionData {
    /// Reads the JSON document.
    ///
    /// # Errors
    /// When it is not JSON, or a field has another type than CloudWatch Logs gives it. What is wrong with a log event is
    /// an error of that log event alone, among the [`entries`](Self::entries).
    pub fn parse(json: &[u8]) -> Result<Self, SubscriptionDataError> {
        Self::parse_in(Vec::new(), json)
    }

    /// As [`parse`](Self::parse), with serde_json alone: what the fast path is held against.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with_serde(json: &[u8]) -> Result<Self, SubscriptionDataError> {
        slow_path::document(json)
            .map(Self::with_repeats)
            .map_err(SubscriptionDataError::Json)
    }

    /// As [`parse`](Self::parse), in the memory of `text`.
    fn parse_in(text: Vec<u8>, json: &[u8]) -> Result<Self, SubscriptionDataError> {
        match fast_path::document(json, text) {
            Some(data) => Ok(data.with_repeats()),
            None => Self::parse_with_serde(json),
        }
    }

    /// Reads JSON documents, one after the other, to the end of the bytes. Returns nothing if they are not all
    /// subscription data, or there are none.
    pub(crate) fn parse_all(json: &[u8]) -> Option<Vec<Self>> {
        let deliveries = Self::deliveries(fast_path::documents(json));
        let deliveries = deliveries
            .or_else(|| Self::deliveries(slow_path::documents(json)))
            .or_else(|| {
                // Most JSON in Kinesis records is no delivery, and need not be read a third time.
                memmem::find(json, b"logEvents")?;
                Self::deliveries(slow_path::faulty_documents(json))
            })?;
        (!deliveries.is_empty()).then_some(deliveries)
    }

    /// Returns the documents if all are subscription data. Stops at the first that is not: a text of small JSON objects
    /// takes 140 bytes of memory for each `{}`.
    fn deliveries(documents: impl Iterator<Item = Option<Self>>) -> Option<Vec<Self>> {
        documents
            .map(|document| document.filter(Self::is_delivery).map(Self::with_repeats))
            .collect()
    }

    /// Finds the log events that repeat earlier ones, once all text is there.
    fn with_repeats(mut self) -> Self {
        self.repeats = repeats::find(&self);
        self
    }

    /// Whether this only tests the destination: nothing in it is a log line.
    pub fn is_control_message(&self) -> bool {
        self.text(&self.message_type) == CONTROL_MESSAGE
    }

    /// Whether the document is subscription data where it could be anything. Its type alone does not tell: anybody may
    /// write `{"messageType":"DATA_MESSAGE"}`, and a line that is taken for a delivery without log events is lost.
    fn is_delivery(&self) -> bool {
        self.has_members && matches!(self.text(&self.message_type), DATA_MESSAGE | CONTROL_MESSAGE)
    }

    /// The log group the events came from.
    pub fn log_group(&self) -> &str {
        self.text(&self.log_group)
    }

    /// The log stream the events came from.
    pub fn log_stream(&self) -> &str {
        self.text(&self.log_stream)
    }

    /// The account of the log group, if the delivery says it.
    pub fn owner(&self) -> Option<&str> {
        match self.text(&self.owner) {
            "" => None,
            owner => Some(owner),
        }
    }

    /// How many log events there are.
    pub fn len(&self) -> usize {
        self.log_events.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.log_events.is_empty()
    }

    /// The labels of the source, as upstream names them; the log stream only when it is asked for.
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

    /// The log events as entries of the stream `labels`. Where the delivery says where they came from, each of its
    /// [`parts`](Self::parts) has a stream of its own.
    pub fn entries<'a>(
        &'a self,
        labels: &'a Arc<LabelSet>,
    ) -> impl Iterator<Item = Result<Entry<'a>, LogEventError>> {
        self.entries_of(0..self.len(), labels)
    }

    /// The log events with these places as entries.
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
            // Before anything can fail: a log event that cannot be used may be a repeat, too.
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

    /// How a log event is named in errors: by its id, or by its place, counted from 1.
    fn name(&self, at: usize, event: &LogEvent) -> String {
        match self.text(&event.id) {
            "" => format!("log event number {}", at + 1),
            id => format!("log event {id:?}"),
        }
    }

    fn text(&self, span: &Span) -> &str {
        // Both readers give spans of their own text, from character to character.
        self.text.get(span.clone()).unwrap_or_default()
    }
}
