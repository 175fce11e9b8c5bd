//! The server's response to a push.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// The number of bytes of a response's body that are kept.
pub const MESSAGE_LIMIT: usize = 1024;

/// The parts of an HTTP response that decide what happens to a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushResponse {
    /// The HTTP status.
    pub status: StatusCode,
    /// The first [`MESSAGE_LIMIT`] bytes of the body, which contains Loki's error message.
    pub message: String,
    /// The `Location` of a redirect that was not followed.
    pub location: Option<String>,
    /// The time that the server asks to wait before another attempt.
    pub retry_after: Option<Duration>,
    /// The settings to check, where the status points at a wrong one.
    pub hint: Option<String>,
}

impl PushResponse {
    /// Creates a response that has only a status.
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            message: String::new(),
            location: None,
            retry_after: None,
            hint: None,
        }
    }
}

impl fmt::Display for PushResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status;
        write!(f, "status {}", status.as_u16())?;
        if let Some(reason) = status.canonical_reason() {
            write!(f, " ({reason})")?;
        }
        if let Some(location) = &self.location {
            write!(f, ", Location: {location}")?;
        }
        match self.message.trim_end() {
            "" => {}
            message => write!(f, ": {message}")?,
        }
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}
