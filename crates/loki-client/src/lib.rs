//! Delivery of log entries to Loki. Each entry is either acknowledged by Loki or reported as failed.
//!
//! The crate does not depend on AWS. Its main types are:
//!
//! * [`Delivery`] groups the entries of an event into batches, keeps a limited number of pushes in flight, and collects
//!   their outcomes.
//! * [`Client`] pushes a batch, in parts where the server does not take the whole. It retries with the waits of
//!   `dskit-backoff` until the [`Deadline`].
//! * [`classify()`] decides by the server's response whether a push is delivered, retried, split or failed.
//! * [`Transport`] makes a single attempt, over HTTP or in a test.

mod auth;
mod authorization;
mod client;
mod concurrency_limiter;
mod deadline;
mod delivery;
mod delivery_outcome;
mod early_connection;
mod error;
mod failed_streams;
mod hint;
mod http_clients;
mod http_transport;
mod in_flight_window;
mod pause;
mod probe;
mod proxy;
mod push_response;
mod redactor;
mod rejection;
mod response_class;
mod retry_after;
mod settings;
mod splitting;
mod tls;
mod transport;
mod write_address;

pub use auth::{Auth, AuthError, AuthFuture, AuthSource, Credentials, SecretHeaders};
pub use client::{Acknowledgement, Client};
pub use deadline::Deadline;
pub use delivery::Delivery;
pub use delivery_outcome::{DeliveryOutcome, FailedPush};
pub use error::{AttemptError, PushError};
pub use http_transport::{HttpTransport, HttpTransportError};
pub use proxy::{ProxyAddress, ProxyAddressError, ProxySettings};
pub use push_response::{MESSAGE_LIMIT, PushResponse};
pub use response_class::{ResponseClass, classify};
pub use settings::{ClientSettings, OnReject};
pub use splitting::{BatchOutcome, PartOutcome};
pub use tls::{ClientIdentity, PemError, RootCertificates, TlsSettings};
pub use transport::{Connections, Push, Transport, TransportError};
pub use write_address::{WriteAddress, WriteAddressError};
