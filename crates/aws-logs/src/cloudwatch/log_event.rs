//! A single log event of a delivery, and the faults that make it unusable.

use std::fmt;

use loki_push::TimestampOutOfRange;

use super::Span;

/// A log event, with its texts as ranges of the delivery's text.
#[derive(Clone, Debug)]
pub(super) struct LogEvent {
    /// The id. It may be left out if the log event is usable, unless [`EventIds::Kept`](super::EventIds) is set.
    pub(super) id: Span,
    /// Milliseconds since the epoch, or the reason why the log event is unusable.
    pub(super) timestamp: Result<i64, Fault>,
    pub(super) message: Span,
}

/// A fault of a log event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NoTimestamp,
    /// The timestamp has the wrong type.
    TimestampType(JsonType),
    /// The timestamp is a string that does not contain a number.
    TimestampText,
    /// The timestamp is not a whole number of milliseconds.
    TimestampFraction,
    /// The timestamp is a number that does not fit in 64 bits.
    TimestampRange,
    /// The message has the wrong type.
    MessageType(JsonType),
    /// The log event itself has the wrong type.
    EventType(JsonType),
    /// A field occurs twice, so its value is ambiguous.
    Fields,
}

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonType {
    String,
    Number,
    Boolean,
    Null,
    Array,
    Object,
}

/// An error of a log event that cannot be delivered. The other log events of the delivery are not affected.
#[derive(Debug, thiserror::Error)]
pub enum LogEventError {
    /// The log event has no timestamp.
    #[error("{name} of log group {log_group:?} has no timestamp")]
    NoTimestamp {
        /// The name of the log event: its `id`, or its number in the delivery.
        name: String,
        /// The log group of the log event.
        log_group: String,
    },
    /// The timestamp is outside the range of entries.
    #[error("{name} of log group {log_group:?}: {source}")]
    Timestamp {
        /// The name of the log event: its `id`, or its number in the delivery.
        name: String,
        /// The log group of the log event.
        log_group: String,
        /// The error of the timestamp.
        source: TimestampOutOfRange,
    },
    /// The log event does not have the form in which CloudWatch Logs writes log events.
    #[error("{name} of log group {log_group:?}: {fault}")]
    Malformed {
        /// The name of the log event: its `id`, or its number in the delivery.
        name: String,
        /// The log group of the log event.
        log_group: String,
        /// The description of the fault, which contains no part of the log event's content.
        fault: String,
    },
}

impl LogEventError {
    /// Returns the name under which such errors are counted.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::NoTimestamp { .. } | Self::Timestamp { .. } => "a log event has no usable time",
            Self::Malformed { .. } => "a log event cannot be read",
        }
    }
}

impl JsonType {
    /// Returns the type of the JSON value, by its first byte.
    pub(super) fn of(json: &str) -> Self {
        match json.as_bytes().first() {
            Some(b'"') => Self::String,
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Null => "null",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const EXPECTED: &str = "expected milliseconds since 1970 as a whole number";
        match self {
            Self::NoTimestamp => write!(f, "it has no timestamp; {EXPECTED}"),
            Self::TimestampType(kind) => write!(f, "its timestamp is {kind}; {EXPECTED}"),
            Self::TimestampText => write!(f, "its timestamp is a string that is not a number; {EXPECTED}"),
            Self::TimestampFraction => write!(f, "its timestamp has a fraction; {EXPECTED}"),
            Self::TimestampRange => write!(f, "its timestamp lies outside the years 1 to 9999; {EXPECTED}"),
            Self::MessageType(kind) => write!(f, "its message is {kind}; expected a string"),
            Self::EventType(kind) => write!(f, "it is {kind}; expected an object"),
            Self::Fields => f.write_str("its fields cannot be read; expected each at most once"),
        }
    }
}
