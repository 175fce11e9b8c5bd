//! Pushes as they were received.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use http::{HeaderMap, StatusCode};
use loki_push::Encoding;

/// A push that could be decoded.
#[derive(Clone, Debug)]
pub struct Push {
    /// The value of `X-Scope-OrgID`.
    pub tenant: Option<String>,
    /// Whether it was sent over TLS.
    pub tls: bool,
    /// The common name of the client's certificate, if it was asked for one.
    pub client_name: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The body format.
    pub encoding: Encoding,
    /// The streams.
    pub streams: Vec<Stream>,
    /// The length of the body as sent, in bytes.
    pub wire_bytes: usize,
    /// The length of the body before compression, in bytes.
    pub decoded_bytes: usize,
    /// The time at which it was decoded.
    pub at: Instant,
    /// The status of the response, or `None` when the push was reset or never got one.
    pub status: Option<StatusCode>,
    /// The time until the client receives the status, or `None` if it never does.
    pub answered_after: Option<Duration>,
    /// The entries that were refused individually, see
    /// [`Receiver::keep_lokis_rules`](super::Receiver::keep_lokis_rules), each as the index of its stream in the push
    /// and its own index in the stream.
    pub refused: BTreeSet<(usize, usize)>,
    /// Whether the other entries were stored.
    pub(super) is_taken: bool,
}

/// A stream of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// The labels as text. For JSON, which has them as an object, it is the text that protobuf would have.
    pub labels: String,
    /// The entries in the order of the push.
    pub entries: Vec<Entry>,
}

/// An entry of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Nanoseconds since the epoch.
    pub timestamp_ns: i128,
    /// The line.
    pub line: String,
    /// The structured metadata, for protobuf in the order of the push, for JSON sorted by name.
    pub metadata: Vec<(String, String)>,
}

/// An accepted entry with everything that identifies it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Accepted {
    /// The value of `X-Scope-OrgID` of its push.
    pub tenant: Option<String>,
    /// The labels of its stream as text.
    pub labels: String,
    /// Nanoseconds since the epoch.
    pub timestamp_ns: i128,
    /// The line.
    pub line: String,
    /// The structured metadata.
    pub metadata: Vec<(String, String)>,
}

impl Push {
    /// Returns whether its entries count as stored, which is the case after a 2xx other than 260, with which Loki
    /// refuses.
    pub fn is_accepted(&self) -> bool {
        self.status
            .is_some_and(|status| status.is_success() && status.as_u16() != 260)
    }

    /// Returns the entries, each with its stream and tenant.
    pub fn entries(&self) -> impl Iterator<Item = Accepted> {
        self.streams.iter().flat_map(|stream| {
            let entries = stream.entries.iter().cloned();
            entries.map(|entry| entry.of(self.tenant.clone(), stream.labels.clone()))
        })
    }

    /// Returns the entries that are stored, by this push or an earlier one. They are those of a push that
    /// [`is_accepted`](Self::is_accepted), or that was refused only in part, without the entries that were refused
    /// individually.
    pub fn accepted(&self) -> impl Iterator<Item = Accepted> {
        let streams = self.streams.iter().enumerate().filter(|_| self.is_taken);
        let positions = streams.flat_map(|(number, stream)| {
            let entries = stream.entries.iter().enumerate();
            entries.map(move |(position, entry)| ((number, position), stream, entry))
        });
        positions
            .filter(|(position, ..)| !self.refused.contains(position))
            .map(|(_, stream, entry)| entry.clone().of(self.tenant.clone(), stream.labels.clone()))
    }
}

impl Entry {
    pub(super) fn of(self, tenant: Option<String>, labels: String) -> Accepted {
        Accepted {
            tenant,
            labels,
            timestamp_ns: self.timestamp_ns,
            line: self.line,
            metadata: self.metadata,
        }
    }
}
