//! Delivery to Loki: entries are batched, pushed, and each batch ends acknowledged or reported.
//!
//! It knows nothing of AWS. The rooms: [`Delivery`] turns entries into batches and collects what became
//! of them; [`Client`] pushes one batch, trying again by the law of `backoff`; [`verdict()`] says what an
//! answer means; a [`Transport`] makes one attempt, over HTTP or in a test.

mod answer;
mod client;
mod delivery;
mod error;
mod http_transport;
mod settings;
mod transport;
mod verdict;
mod write_address;

pub use answer::{Answer, MESSAGE_LIMIT};
pub use client::{Client, Pushed};
pub use delivery::{Delivery, Failure, Outcome};
pub use error::{Attempt, PushError};
pub use http_transport::{HttpTransport, HttpTransportError};
pub use settings::{Auth, ClientSettings};
pub use transport::{Transport, TransportError};
pub use verdict::{Verdict, verdict};
pub use write_address::{WriteAddress, WriteAddressError};
