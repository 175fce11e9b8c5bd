//! Log entries, and the items they came from.

use std::borrow::Cow;
use std::sync::Arc;

use crate::{LabelSet, Timestamp};

/// A log line with everything that Loki stores about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The label set of the stream. Entries of one stream share it, which makes finding their stream cheap.
    pub labels: Arc<LabelSet>,
    /// The line's own time, never the time of shipping.
    pub timestamp: Timestamp,
    /// The line, without its line break.
    pub line: Cow<'a, str>,
    /// Structured metadata: names and values in the order they were set.
    pub metadata: Vec<(String, String)>,
}

/// The index of an item (message, record or object) in the Lambda event. Each entry keeps the one that it came from, so
/// that a failed push fails exactly the items of its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub u32);
