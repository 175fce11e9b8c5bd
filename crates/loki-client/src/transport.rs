//! One attempt to push.

use std::error::Error;
use std::fmt::Write;
use std::future::Future;

use http::HeaderValue;
use loki_push::Body;

use crate::PushResponse;

/// Makes one attempt at a push. [`HttpTransport`](crate::HttpTransport) is the one that reaches Loki.
pub trait Transport: Send + Sync + 'static {
    /// Sends what is pushed and gives the server's response.
    ///
    /// Dropping the future gives the attempt up; how long it may take is the caller's business.
    fn send(&self, push: &Push<'_>) -> impl Future<Output = Result<PushResponse, TransportError>> + Send;

    /// Returns what is known of the connections that an attempt begun now may use.
    fn connections(&self) -> Connections {
        Connections::default()
    }

    /// Forgets the idle connections that an attempt of that time may have used, which may be dead. Returns whether there
    /// were any, so that another attempt made at once connects anew.
    fn forget(&self, _seen: Connections) -> bool {
        false
    }
}

/// The connections at one time. A network that dropped them (a NAT, a firewall) tells nobody: what is sent on such a
/// connection is never answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// How often all idle connections were forgotten.
    pub generation: u64,
    /// Whether one was kept open since.
    pub has_kept: bool,
}

/// What one attempt sends.
#[derive(Clone, Copy, Debug)]
pub struct Push<'a> {
    /// The entries.
    pub body: &'a Body,
    /// `X-Scope-OrgID`.
    pub tenant: Option<&'a HeaderValue>,
    /// `Authorization`.
    pub authorization: Option<&'a HeaderValue>,
}

/// An attempt that ended without an response, in message: name resolution, connecting, TLS, a connection
/// that broke.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    /// What happened.
    pub message: String,
    /// Whether the connection was one kept open from an earlier push, which the server may have closed
    /// long ago.
    pub idle_connection: bool,
}

impl TransportError {
    /// An error in message.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            idle_connection: false,
        }
    }

    /// The error's message and those of all its causes.
    pub fn from_chain(error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            // Writing to a String cannot fail.
            let _ = write!(message, ": {error}");
            cause = error.source();
        }
        Self::new(message)
    }
}
