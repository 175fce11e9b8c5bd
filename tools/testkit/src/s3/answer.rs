//! The responses of the S3 server.

use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode};

use super::Object;

/// A response of the S3 server, or a failure in its place.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) action: Action,
    pub(super) delay: Duration,
    /// The object that replaces the requested one after this response.
    pub(super) then: Option<Object>,
    /// The headers that are set, or removed where there is no value, in any response.
    pub(super) headers: Vec<(String, Option<String>)>,
}

#[derive(Clone, Debug)]
pub(super) enum Action {
    /// Respond as S3 does, with the object, a part of it, or an error.
    Serve,
    /// Send the object, but end its body early.
    Break(Break),
    /// Send the whole object, ignoring `Range`.
    IgnoreRange,
    /// Send the current object, ignoring `If-Match`.
    IgnoreIfMatch,
    /// Send an error of S3.
    Refuse {
        status: StatusCode,
        code: String,
        message: String,
    },
    /// Reset the connection at once.
    Reset,
}

/// The point at which a body breaks off, in bytes, and the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Break {
    pub(super) after: u64,
    pub(super) how: How,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    Reset,
    Close,
    Stall,
}

impl Answer {
    /// Creates a response as S3 sends it.
    pub fn serve() -> Self {
        Self::of(Action::Serve)
    }

    /// Creates an error of S3 with its code, such as `AccessDenied`, and its message.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::of(Action::Refuse {
            status: StatusCode::from_u16(status).unwrap(),
            code: code.to_owned(),
            message: message.to_owned(),
        })
    }

    /// Creates the 503 that S3 sends after too many requests.
    pub fn slow_down() -> Self {
        Self::error(503, "SlowDown", "Please reduce your request rate.")
    }

    /// Creates the 403 that S3 sends to a role without `s3:GetObject`.
    pub fn access_denied() -> Self {
        Self::error(403, "AccessDenied", "Access Denied")
    }

    /// Resets the connection without a response.
    pub fn reset() -> Self {
        Self::of(Action::Reset)
    }

    /// Resets the connection after `bytes` bytes of the body.
    pub fn reset_after(bytes: u64) -> Self {
        Self::broken(bytes, How::Reset)
    }

    /// Closes the connection in an orderly way after `bytes` bytes of the body, which are fewer than `Content-Length`.
    pub fn close_after(bytes: u64) -> Self {
        Self::broken(bytes, How::Close)
    }

    /// Sends `bytes` bytes of the body and then nothing more, while the connection stays open.
    pub fn stall_after(bytes: u64) -> Self {
        Self::broken(bytes, How::Stall)
    }

    /// Responds with 200 and the whole object, ignoring `Range`.
    pub fn ignore_range() -> Self {
        Self::of(Action::IgnoreRange)
    }

    /// Responds with the requested range of the current object, ignoring `If-Match`.
    pub fn ignore_if_match() -> Self {
        Self::of(Action::IgnoreIfMatch)
    }

    /// Sets a header, replacing the server's own of that name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), Some(value.to_owned())));
        self
    }

    /// Removes the server's header of that name.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.push((name.to_owned(), None));
        self
    }

    /// Delays the response after the request has arrived.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Replaces the requested object after this response.
    #[must_use]
    pub fn then(mut self, object: impl Into<Object>) -> Self {
        self.then = Some(object.into());
        self
    }

    fn broken(after: u64, how: How) -> Self {
        Self::of(Action::Break(Break { after, how }))
    }

    fn of(action: Action) -> Self {
        Self {
            action,
            delay: Duration::ZERO,
            then: None,
            headers: Vec::new(),
        }
    }

    pub(super) fn set_headers(&self, response: &mut HeaderMap) {
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().unwrap();
            match value {
                Some(value) => response.insert(name, value.parse().unwrap()),
                None => response.remove(name),
            };
        }
    }
}
