//! How to reach Loki.

use std::num::NonZeroUsize;
use std::time::Duration;

use dskit_backoff::Backoff;
use http::HeaderValue;
use loki_push::Encoding;

use crate::{Credentials, ProxySettings, TlsSettings, WriteAddress};

/// All a client must know.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The push URL.
    pub write_address: WriteAddress,
    /// The tenant of entries that name none.
    pub tenant: Option<HeaderValue>,
    /// Who pushes.
    pub credentials: Credentials,
    /// Which certificates are used and taken.
    pub tls: TlsSettings,
    /// Which proxies are used.
    pub proxy: ProxySettings,
    /// `User-Agent`.
    pub user_agent: String,
    /// How long one attempt may take, from the first byte to the end of the response.
    pub timeout: Duration,
    /// When to try again.
    pub backoff: Backoff,
    /// The body format.
    pub encoding: Encoding,
    /// Bytes of uncompressed body at which a batch is sent.
    pub batch_size: usize,
    /// Pushes in flight at one time.
    pub push_concurrency: NonZeroUsize,
    /// What becomes of entries that Loki refuses for good.
    pub on_reject: OnReject,
}

/// What becomes of entries that Loki refuses for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnReject {
    /// Their items fail.
    #[default]
    Fail,
    /// They are dropped, with a warning and a count.
    Drop,
}
