//! Delivery to Loki: entries are batched, pushed, and each ends acknowledged or reported.
//!
//! It knows nothing of AWS. The rooms: [`Delivery`] turns the entries of one event into batches, keeps some
//! pushes in flight and collects what became of them; [`Client`] pushes one batch, in pieces where the server
//! takes no larger ones, trying again by the law of `backoff` until the [`Deadline`]; [`classify()`] says what
//! an response means; a [`Transport`] makes one attempt, over HTTP or in a test.

mod auth;
mod authorization;
mod client;
mod concurrency_limiter;
mod deadline;
mod delivery;
mod delivery_outcome;
mod error;
mod failed_streams;
mod hint;
mod http_clients;
mod http_transport;
mod in_flight_window;
mod pause;
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

pub use auth::{Auth, AuthError, AuthFuture, AuthSource, Credentials};
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

// The names until the other crates follow.
pub use {AuthFuture as Fetching, DeliveryOutcome as Outcome, RootCertificates as Authorities};
