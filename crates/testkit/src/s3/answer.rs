//! How the server answers one request.

use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode};

use super::Object;

/// How the server answers one request.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) action: Action,
    pub(super) delay: Duration,
    /// What the object is from this answer on.
    pub(super) then: Option<Object>,
    /// Headers that are set, or removed where there is no value, whatever the answer is.
    pub(super) headers: Vec<(String, Option<String>)>,
}

#[derive(Clone, Debug)]
pub(super) enum Action {
    /// As S3 does: the object, a part of it, or why not.
    Serve,
    /// The object, but its body ends early.
    Break(Break),
    /// The whole object, whatever range is asked for.
    IgnoreRange,
    /// The object as it is now, whatever state of it is asked for.
    IgnoreIfMatch,
    /// An error of S3.
    Refuse {
        status: StatusCode,
        code: String,
        message: String,
    },
    /// The connection is closed at once.
    Reset,
}

/// After how many bytes of the body, and how.
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
    /// As S3 does.
    pub fn serve() -> Self {
        Self::of(Action::Serve)
    }

    /// An error of S3 with its code, such as `AccessDenied`, and its words.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::of(Action::Refuse {
            status: StatusCode::from_u16(status).unwrap(),
            code: code.to_owned(),
            message: message.to_owned(),
        })
    }

    /// 503, as S3 answers to too many requests.
    pub fn slow_down() -> Self {
        Self::error(503, "SlowDown", "Please reduce your request rate.")
    }

    /// 403, as S3 answers to a role without `s3:GetObject`.
    pub fn access_denied() -> Self {
        Self::error(403, "AccessDenied", "Access Denied")
    }

    /// The connection is reset before an answer.
    pub fn reset() -> Self {
        Self::of(Action::Reset)
    }

    /// The connection is reset after so many bytes of the body.
    pub fn reset_after(bytes: u64) -> Self {
        Self::broken(bytes, How::Reset)
    }

    /// The connection is closed in order after so many bytes of the body: fewer than Content-Length says.
    pub fn close_after(bytes: u64) -> Self {
        Self::broken(bytes, How::Close)
    }

    /// After so many bytes of the body nothing comes any more, and the connection stays open.
    pub fn stall_after(bytes: u64) -> Self {
        Self::broken(bytes, How::Stall)
    }

    /// The whole object, 200, whatever range is asked for.
    pub fn ignore_range() -> Self {
        Self::of(Action::IgnoreRange)
    }

    /// The object as it is now, and the range of it, whatever `If-Match` asks for.
    pub fn ignore_if_match() -> Self {
        Self::of(Action::IgnoreIfMatch)
    }

    /// With a header, in place of the server's own of that name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), Some(value.to_owned())));
        self
    }

    /// Without the server's header of that name.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.push((name.to_owned(), None));
        self
    }

    /// So long after the request has come.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// From then on, the object that was asked for is another.
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
