//! The settings of the client.

use std::num::NonZeroUsize;
use std::time::Duration;

use dskit_backoff::Backoff;
use http::HeaderValue;
use loki_push::Encoding;

use crate::{Credentials, ProxySettings, TlsSettings, WriteAddress};

/// The settings of a client.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The push URL.
    pub write_address: WriteAddress,
    /// The tenant of entries that do not name one.
    pub tenant: Option<HeaderValue>,
    /// The source of the credentials.
    pub credentials: Credentials,
    /// The certificates of the server and of the client.
    pub tls: TlsSettings,
    /// The proxies.
    pub proxy: ProxySettings,
    /// The value of `User-Agent`.
    pub user_agent: String,
    /// The maximum duration of an attempt, from its first byte to the end of the response.
    pub timeout: Duration,
    /// The number of attempts and the waits between them.
    pub backoff: Backoff,
    /// The body format.
    pub encoding: Encoding,
    /// The maximum length of a batch's body before compression, in bytes.
    pub batch_size: usize,
    /// The maximum number of pushes in flight.
    pub push_concurrency: NonZeroUsize,
    /// The treatment of entries that Loki refuses for their content.
    pub on_reject: OnReject,
}

/// The treatment of entries that Loki refuses for their content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnReject {
    /// The items of the entries fail.
    #[default]
    Fail,
    /// The entries are dropped, counted, and logged as a warning.
    Drop,
}
