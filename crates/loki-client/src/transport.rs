//! One attempt to push.

use std::error::Error;
use std::fmt::Write;
use std::future::Future;

use http::HeaderValue;
use loki_push::Body;

use crate::Answer;

/// Makes one attempt at a push. [`HttpTransport`](crate::HttpTransport) is the one that reaches Loki.
pub trait Transport: Sync {
    /// Sends the body for the tenant and gives the server's answer.
    ///
    /// Dropping the future gives the attempt up; how long it may take is the caller's business.
    fn send(
        &self,
        body: &Body,
        tenant: Option<&HeaderValue>,
    ) -> impl Future<Output = Result<Answer, TransportError>> + Send;
}

/// An attempt that ended without an answer, in words: name resolution, connecting, TLS, a connection
/// that broke.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(pub String);

impl TransportError {
    /// The error's words and those of all its causes.
    pub fn from_chain(error: &dyn Error) -> Self {
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            // Writing to a String cannot fail.
            let _ = write!(words, ": {error}");
            cause = error.source();
        }
        Self(words)
    }
}
