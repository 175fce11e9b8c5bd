//! Pushes as they came.

use std::time::Instant;

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
#[derive(Clone, Debug, PartialEq, Eq)]
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
            stream.entries.iter().map(|entry| Accepted {
                tenant: self.tenant.clone(),
                labels: stream.labels.clone(),
                timestamp_ns: entry.timestamp_ns,
                line: entry.line.clone(),
                metadata: entry.metadata.clone(),
            })
        })
    }
}
