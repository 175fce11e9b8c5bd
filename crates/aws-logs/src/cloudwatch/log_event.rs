//! One log event of a delivery, and what makes it unusable.

use std::fmt;

use loki_push::TimestampOutOfRange;

use super::Span;

/// A log event, its texts as places in the text of its delivery.
#[derive(Clone, Debug)]
pub(super) struct LogEvent {
    /// Only errors name it, so it may be left out where the event can be used.
    pub(super) id: Span,
    /// Milliseconds since the epoch, or why the event cannot be used.
    pub(super) timestamp: Result<i64, Fault>,
    pub(super) message: Span,
}

/// What is wrong with a log event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NoTimestamp,
    /// The timestamp has another type.
    TimestampType(JsonType),
    /// The timestamp is a string in which no number is written.
    TimestampText,
    /// The timestamp is a number between two milliseconds.
    TimestampFraction,
    /// The timestamp is a number that 64 bits cannot hold.
    TimestampRange,
    /// The message has another type.
    MessageType(JsonType),
    /// The log event itself has another type.
    EventType(JsonType),
    /// The fields cannot be told apart, as one appears twice.
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

/// A log event that cannot be delivered. The others of its delivery are not affected.
#[derive(Debug, thiserror::Error)]
pub enum LogEventError {
    /// It has no timestamp.
    #[error("{name} of log group {log_group:?} has no timestamp")]
    NoTimestamp {
        /// How the log event is named: by its `id`, or by its place in the delivery.
        name: String,
        /// The log group it came from.
        log_group: String,
    },
    /// Its timestamp is one that no entry can have.
    #[error("{name} of log group {log_group:?}: {source}")]
    Timestamp {
        /// How the log event is named: by its `id`, or by its place in the delivery.
        name: String,
        /// The log group it came from.
        log_group: String,
        /// What is wrong with it.
        source: TimestampOutOfRange,
    },
    /// It is not written as CloudWatch Logs writes log events.
    #[error("{name} of log group {log_group:?}: {fault}")]
    Malformed {
        /// How the log event is named: by its `id`, or by its place in the delivery.
        name: String,
        /// The log group it came from.
        log_group: String,
        /// What is wrong with it. Nothing of its content is repeated.
        fault: String,
    },
}

impl LogEventError {
    /// Returns what such errors are counted as.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::NoTimestamp { .. } | Self::Timestamp { .. } => "a log event has no usable time",
            Self::Malformed { .. } => "a log event cannot be read",
        }
    }
}

impl JsonType {
    /// Returns the type of the value that begins with this byte.
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
