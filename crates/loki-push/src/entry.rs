//! Entries, and where they came from.

use std::borrow::Cow;
use std::sync::Arc;

use crate::{LabelSet, Timestamp};

/// One log line with all that Loki stores of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The stream. Entries of one stream share the set, which makes finding their stream cheap.
    pub labels: Arc<LabelSet>,
    /// The line's own time, never the time of shipping.
    pub timestamp: Timestamp,
    /// The line, without its line break.
    pub line: Cow<'a, str>,
    /// Structured metadata: names and values in the order they were set.
    pub metadata: Vec<(String, String)>,
}

/// Which item of the Lambda event (message, record, object) an entry came from: its place among the
/// event's items, so that a push that fails can fail exactly those.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub u32);
