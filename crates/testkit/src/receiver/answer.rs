//! Answers of a script.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Full;
use tokio::sync::Barrier;

/// How a request is answered.
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
    /// This status, with no body.
    ///
    /// # Panics
    /// When the status has not three digits.
    pub fn status(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap(),
            ..Self::of(Action::Respond)
        }
    }

    /// The connection is closed before the body is read.
    pub fn reset() -> Self {
        Self::of(Action::Reset)
    }

    /// The connection is closed when the body has been read.
    pub fn reset_after_body() -> Self {
        Self::of(Action::ResetAfterBody)
    }

    /// When the body has been read, bytes come that are no HTTP, and the connection is closed.
    pub fn garbage() -> Self {
        Self::of(Action::Garbage)
    }

    /// The push is accepted, but the connection is closed before the client learns of it.
    pub fn lost() -> Self {
        Self::of(Action::Lose)
    }

    /// The body is read, and then nothing happens.
    pub fn hang() -> Self {
        Self::of(Action::Hang)
    }

    /// Adds a header.
    ///
    /// # Panics
    /// When HTTP allows no such name or value.
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

    /// Waits that long, once the body has been read, before it does what it does. A push that is
    /// accepted is so at once, whether or not the client waits for the answer.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Waits at the barrier, once the body has been read, before it does what it does.
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

    /// Loki's way to refuse.
    pub(super) fn refusal(status: StatusCode, text: &str) -> Self {
        Self::status(status.as_u16())
            .header("Content-Type", "text/plain; charset=utf-8")
            .body(format!("{text}\n"))
    }

    /// The status Loki settled the push with, if it got so far.
    pub(super) fn settled(&self) -> Option<StatusCode> {
        matches!(self.action, Action::Respond | Action::Lose).then_some(self.status)
    }

    /// When the client is told the status, from when the body has been read.
    pub(super) fn told_after(&self) -> Option<Duration> {
        (self.action == Action::Respond).then_some(self.delay)
    }

    /// Loki's way to refuse a push for some of its entries, on the same connection and after the same delay.
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
