//! The responses of a script.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Full;
use tokio::sync::Barrier;

/// A response to a request, or a failure in its place.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) action: Action,
    pub(super) delay: Duration,
    pub(super) barrier: Option<Arc<Barrier>>,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Respond,
    Lose,
    Reset,
    ResetAfterBody,
    Garbage,
    Hang,
}

impl Answer {
    /// Creates a response with a status and no body.
    ///
    /// # Panics
    /// Panics when the status does not have three digits.
    pub fn status(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap(),
            ..Self::of(Action::Respond)
        }
    }

    /// Resets the connection before the body is read.
    pub fn reset() -> Self {
        Self::of(Action::Reset)
    }

    /// Resets the connection after the body has been read.
    pub fn reset_after_body() -> Self {
        Self::of(Action::ResetAfterBody)
    }

    /// Sends bytes that are not HTTP after the body has been read, and closes the connection.
    pub fn garbage() -> Self {
        Self::of(Action::Garbage)
    }

    /// Accepts the push, but resets the connection before the response is sent.
    pub fn lost() -> Self {
        Self::of(Action::Lose)
    }

    /// Reads the body, and then never responds.
    pub fn hang() -> Self {
        Self::of(Action::Hang)
    }

    /// Adds a header.
    ///
    /// # Panics
    /// Panics when HTTP does not allow the name or the value.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().unwrap();
        self.headers.append(name, HeaderValue::from_str(value).unwrap());
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Delays the response after the body has been read. An accepted push is stored before the delay, whether or not
    /// the client waits for the response.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Waits at a barrier after the body has been read and before the response.
    #[must_use]
    pub fn at(mut self, barrier: &Arc<Barrier>) -> Self {
        self.barrier = Some(Arc::clone(barrier));
        self
    }

    fn of(action: Action) -> Self {
        Self {
            action,
            delay: Duration::ZERO,
            barrier: None,
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// Creates a refusal as Loki sends it.
    pub(super) fn refusal(status: StatusCode, text: &str) -> Self {
        Self::status(status.as_u16())
            .header("Content-Type", "text/plain; charset=utf-8")
            .body(format!("{text}\n"))
    }

    /// Returns the status that the push is recorded with, if there is one.
    pub(super) fn settled(&self) -> Option<StatusCode> {
        matches!(self.action, Action::Respond | Action::Lose).then_some(self.status)
    }

    /// Returns the time from the end of the body until the client receives the status, or `None` if it never does.
    pub(super) fn told_after(&self) -> Option<Duration> {
        (self.action == Action::Respond).then_some(self.delay)
    }

    /// Turns the response into Loki's refusal of some entries of a push, on the same connection and after the same
    /// delay.
    pub(super) fn refusing(self, text: &str) -> Self {
        Self {
            action: self.action,
            delay: self.delay,
            ..Self::refusal(StatusCode::BAD_REQUEST, text)
        }
    }

    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
