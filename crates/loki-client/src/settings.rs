//! How to reach Loki.

use std::time::Duration;

use backoff::Backoff;
use http::HeaderValue;
use loki_push::Encoding;
use secrecy::SecretString;

use crate::WriteAddress;

/// Who pushes.
#[derive(Clone, Debug, Default)]
pub enum Auth {
    /// Nobody asks.
    #[default]
    None,
    /// HTTP basic authentication.
    Basic {
        /// The user.
        username: SecretString,
        /// Their password.
        password: SecretString,
    },
    /// `Authorization: Bearer …`.
    Bearer(SecretString),
}

/// All a client must know.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The push URL.
    pub write_address: WriteAddress,
    /// The tenant of entries that name none.
    pub tenant: Option<HeaderValue>,
    /// Who pushes.
    pub auth: Auth,
    /// Whether any certificate is taken. For development only.
    pub skip_tls_verify: bool,
    /// `User-Agent`.
    pub user_agent: String,
    /// How long one attempt may take, from the first byte to the end of the answer.
    pub timeout: Duration,
    /// When to try again.
    pub backoff: Backoff,
    /// The body format.
    pub encoding: Encoding,
    /// Bytes of uncompressed body at which a batch is sent.
    pub batch_size: usize,
}
