//! Delivery to Loki: entries are batched, pushed, and each ends acknowledged or reported.
//!
//! It knows nothing of AWS. The rooms: [`Delivery`] turns the entries of one event into batches, keeps some
//! pushes in flight and collects what became of them; [`Client`] pushes one batch, in pieces where the server
//! takes no larger ones, trying again by the law of `backoff` until the [`Deadline`]; [`verdict()`] says what
//! an answer means; a [`Transport`] makes one attempt, over HTTP or in a test.

mod answer;
mod auth;
mod authorization;
mod client;
mod deadline;
mod delivery;
mod echo;
mod error;
mod failed_streams;
mod hint;
mod http_clients;
mod http_transport;
mod outcome;
mod pace;
mod pause;
mod pieces;
mod proxy;
mod rejection;
mod retry_after;
mod settings;
mod tls;
mod transport;
mod verdict;
mod window;
mod write_address;

pub use answer::{Answer, MESSAGE_LIMIT};
pub use auth::{Auth, AuthError, AuthSource, Credentials, Fetching};
pub use client::{Client, Pushed};
pub use deadline::Deadline;
pub use delivery::Delivery;
pub use error::{Attempt, PushError};
pub use http_transport::{HttpTransport, HttpTransportError};
pub use outcome::{Failure, OnReject, Outcome};
pub use pieces::{Delivered, Piece};
pub use proxy::{ProxyAddress, ProxyAddressError, ProxySettings};
pub use settings::ClientSettings;
pub use tls::{Authorities, ClientIdentity, PemError, TlsSettings};
pub use transport::{Connections, Push, Transport, TransportError};
pub use verdict::{Verdict, verdict};
pub use write_address::{WriteAddress, WriteAddressError};
