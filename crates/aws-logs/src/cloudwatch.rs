//! CloudWatch Logs subscription data: what a subscription filter delivers, to Lambda or through Kinesis.
//!
//! Only what is needed is read, and nothing optional is demanded: AWS adds fields, and leaves out
//! others, as it likes.

use std::borrow::Cow;
use std::io::{self, Read};
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;
use loki_push::{Entry, LabelSet, Timestamp, TimestampOutOfRange};
use serde::{Deserialize, Deserializer};

use crate::JsonText;

/// The value of `messageType` that AWS checks with whether the destination is reachable.
const CONTROL_MESSAGE: &str = "CONTROL_MESSAGE";
/// Its value for log events.
const DATA_MESSAGE: &str = "DATA_MESSAGE";

/// One delivery of a subscription filter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SubscriptionData<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    message_type: JsonText<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    owner: JsonText<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    log_group: JsonText<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    log_stream: JsonText<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    log_events: Vec<LogEvent<'a>>,
}

#[derive(Clone, Debug, Deserialize)]
struct LogEvent<'a> {
    #[serde(default, borrow, deserialize_with = "or_default")]
    id: JsonText<'a>,
    /// Milliseconds since the epoch.
    timestamp: Option<i64>,
    #[serde(default, borrow, deserialize_with = "or_default")]
    message: JsonText<'a>,
}

/// A field that is null is one that is missing.
fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Subscription data that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SubscriptionDataError {
    /// The compressed payload is broken.
    #[error("CloudWatch Logs data: not gzip, or cut short: {0}")]
    Gzip(#[source] io::Error),
    /// The payload is not the JSON that CloudWatch Logs writes.
    #[error("CloudWatch Logs data: {0}")]
    Json(#[source] serde_json::Error),
}

/// A log event that has no usable time. The others of its delivery are not affected.
#[derive(Debug, thiserror::Error)]
pub enum LogEventError {
    /// There is none.
    #[error("log event {id:?} of log group {log_group:?} has no timestamp")]
    NoTimestamp {
        /// The log event's `id`.
        id: String,
        /// The log group it came from.
        log_group: String,
    },
    /// There is one that no entry can have.
    #[error("log event {id:?} of log group {log_group:?}: {source}")]
    Timestamp {
        /// The log event's `id`.
        id: String,
        /// The log group it came from.
        log_group: String,
        /// What is wrong with it.
        source: TimestampOutOfRange,
    },
}

/// Inflates a delivery's bytes into `json`, replacing what it held.
///
/// # Errors
/// When they are not gzip, or end too early.
pub fn inflate(compressed: &[u8], json: &mut Vec<u8>) -> Result<(), SubscriptionDataError> {
    json.clear();
    json.reserve(expected_len(compressed));
    MultiGzDecoder::new(compressed)
        .read_to_end(json)
        .map_err(SubscriptionDataError::Gzip)?;
    Ok(())
}

/// What a gzip member says at its end of its length (RFC 1952, ISIZE): room that grows by doubling is copied each
/// time.
fn expected_len(compressed: &[u8]) -> usize {
    /// Anything may stand there, so no more room than that is made on its word; more comes as it is needed.
    const MOST: usize = 8 << 20;
    let said = compressed.last_chunk().map_or(0, |len| u32::from_le_bytes(*len));
    usize::try_from(said).map_or(0, |len| len.min(MOST))
}

impl<'a> SubscriptionData<'a> {
    /// Reads the JSON document.
    ///
    /// # Errors
    /// When it is not JSON, or a field has another type than CloudWatch Logs gives it.
    pub fn parse(json: &'a [u8]) -> Result<Self, SubscriptionDataError> {
        serde_json::from_slice(json).map_err(SubscriptionDataError::Json)
    }

    /// Whether this only tests the destination: nothing in it is a log line.
    pub fn is_control_message(&self) -> bool {
        self.message_type.0 == CONTROL_MESSAGE
    }

    /// Whether the document says that it is subscription data; where nothing else can be, it need not.
    pub fn says_so(&self) -> bool {
        matches!(&*self.message_type.0, DATA_MESSAGE | CONTROL_MESSAGE)
    }

    /// The log group the events came from.
    pub fn log_group(&self) -> &str {
        &self.log_group.0
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
            ("__aws_cloudwatch_log_group", &self.log_group.0),
            ("__aws_cloudwatch_owner", &self.owner.0),
        ]);
        if keep_stream {
            labels.set("__aws_cloudwatch_log_stream", &*self.log_stream.0);
        }
        labels
    }

    /// The log events as entries of the stream `labels`.
    pub fn entries(
        &'a self,
        labels: &'a Arc<LabelSet>,
    ) -> impl Iterator<Item = Result<Entry<'a>, LogEventError>> {
        self.log_events.iter().map(|event| {
            Ok(Entry {
                labels: Arc::clone(labels),
                timestamp: self.timestamp(event)?,
                line: Cow::Borrowed(&*event.message.0),
                metadata: Vec::new(),
            })
        })
    }

    fn timestamp(&self, event: &LogEvent<'_>) -> Result<Timestamp, LogEventError> {
        let id = || event.id.0.clone().into_owned();
        let log_group = || self.log_group.0.clone().into_owned();
        let Some(millis) = event.timestamp else {
            return Err(LogEventError::NoTimestamp {
                id: id(),
                log_group: log_group(),
            });
        };
        Timestamp::from_unix_millis(millis).map_err(|source| LogEventError::Timestamp {
            id: id(),
            log_group: log_group(),
            source,
        })
    }
}
