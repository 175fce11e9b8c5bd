//! What a server said to one push.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// How many bytes of an response's body are kept.
pub const MESSAGE_LIMIT: usize = 1024;

/// An HTTP response, as far as it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushResponse {
    /// The status.
    pub status: StatusCode,
    /// The first [`MESSAGE_LIMIT`] bytes of the body, where Loki says what is wrong.
    pub message: String,
    /// The `Location` of a redirect that was not followed.
    pub location: Option<String>,
    /// How long the server asks to wait before another try.
    pub retry_after: Option<Duration>,
    /// The settings to look at, where the response says that one is wrong.
    pub hint: Option<String>,
}

impl PushResponse {
    /// An response with nothing but a status.
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
