//! The interface for single attempts at a push.

use std::error::Error;
use std::fmt::Write;
use std::future::{self, Future};

use http::{HeaderMap, HeaderValue};
use loki_push::Body;

use crate::PushResponse;

/// A way to make an attempt at a push. [`HttpTransport`](crate::HttpTransport) sends to Loki; the tests use another
/// one.
pub trait Transport: Send + Sync + 'static {
    /// Sends the push and returns the server's response.
    ///
    /// The caller limits the duration of the attempt and ends it by dropping the future.
    fn send(&self, push: &Push<'_>) -> impl Future<Output = Result<PushResponse, TransportError>> + Send;

    /// Connects to the server, so that the first attempt does not have to. Nothing is sent.
    ///
    /// The returned future may be polled for longer than the caller waits, while attempts are made.
    fn connect(&self) -> impl Future<Output = Result<(), TransportError>> + Send {
        future::ready(Ok(()))
    }

    /// Returns the state of the connections that an attempt can use now.
    fn connections(&self) -> Connections {
        Connections::default()
    }

    /// Forgets the idle connections of the given state, since they may be dead. Returns whether there were any, so
    /// that an attempt made at once will use a new connection.
    fn forget(&self, _seen: Connections) -> bool {
        false
    }
}

/// The state of the connections at one time.
///
/// A NAT or a firewall can drop a connection without telling either end. A push that is sent on it never gets a
/// response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// The number of times that all idle connections were forgotten.
    pub generation: u64,
    /// Whether a connection was kept open after that.
    pub has_kept: bool,
}

/// The content of an attempt.
#[derive(Clone, Copy, Debug)]
pub struct Push<'a> {
    /// The body with the entries.
    pub body: &'a Body,
    /// The value of `X-Scope-OrgID`.
    pub tenant: Option<&'a HeaderValue>,
    /// `Authorization` and other headers that no other server may see.
    pub secret_headers: &'a HeaderMap,
}

/// An error of an attempt that ended without a response, such as one of name resolution, of TLS or of the connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    /// The error message.
    pub message: String,
    /// Whether the connection had been kept open after an earlier push, so that the server may have closed it since.
    pub idle_connection: bool,
}

impl TransportError {
    /// Creates an error with a message.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            idle_connection: false,
        }
    }

    /// Creates an error with the messages of `error` and of all its causes.
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
