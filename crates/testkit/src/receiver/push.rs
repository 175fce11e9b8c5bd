//! Pushes as they came.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use http::{HeaderMap, StatusCode};
use loki_push::Encoding;

/// One push that could be decoded.
#[derive(Clone, Debug)]
pub struct Push {
    /// `X-Scope-OrgID`.
    pub tenant: Option<String>,
    /// Whether it came over TLS.
    pub tls: bool,
    /// The common name of the client's certificate, if it was asked for one.
    pub client_name: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// Which of the two bodies it was.
    pub encoding: Encoding,
    /// What was in it.
    pub streams: Vec<Stream>,
    /// Length of the body as it was sent.
    pub wire_bytes: usize,
    /// Length of the body without compression.
    pub decoded_bytes: usize,
    /// When it was decoded.
    pub at: Instant,
    /// The status it was settled with; none when it was reset or left hanging.
    pub status: Option<StatusCode>,
    /// How long after that the client is told; none when it never is.
    pub answered_after: Option<Duration>,
    /// The entries that were refused one by one, see [`Receiver::keep_lokis_rules`](super::Receiver::keep_lokis_rules):
    /// the position of the stream in the push, and of the entry in the stream.
    pub refused: BTreeSet<(usize, usize)>,
    /// Whether the others were stored.
    pub(super) is_taken: bool,
}

/// The entries of one stream in a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// The labels as text. For JSON, which has them as an object, the text protobuf would have.
    pub labels: String,
    /// The entries in the order they came.
    pub entries: Vec<Entry>,
}

/// One entry of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Nanoseconds since the epoch.
    pub timestamp_ns: i128,
    /// The line.
    pub line: String,
    /// Structured metadata: in the order it came for protobuf, sorted by name for JSON.
    pub metadata: Vec<(String, String)>,
}

/// An entry that was accepted, with all that identifies it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Accepted {
    /// `X-Scope-OrgID` of its push.
    pub tenant: Option<String>,
    /// The labels of its stream as text.
    pub labels: String,
    /// Nanoseconds since the epoch.
    pub timestamp_ns: i128,
    /// The line.
    pub line: String,
    /// Structured metadata.
    pub metadata: Vec<(String, String)>,
}

impl Push {
    /// Whether its entries count as stored: settled with 2xx, but for 260, with which Loki refuses.
    pub fn is_accepted(&self) -> bool {
        self.status
            .is_some_and(|status| status.is_success() && status.as_u16() != 260)
    }

    /// Its entries, each with its stream and tenant.
    pub fn entries(&self) -> impl Iterator<Item = Accepted> {
        self.streams.iter().flat_map(|stream| {
            let entries = stream.entries.iter().cloned();
            entries.map(|entry| entry.of(self.tenant.clone(), stream.labels.clone()))
        })
    }

    /// The entries that were stored, now or before: all of a push that [`is_accepted`](Self::is_accepted) but those
    /// refused one by one, and the others of a push that was refused for some of its entries.
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
