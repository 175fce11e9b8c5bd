//! The reasons why entries are dropped.

use std::sync::Arc;

/// The reason why an entry is dropped: the configuration asks for it, or there is nothing to send.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropReason {
    /// The entry has no labels, and a stream needs one.
    NoLabels,
    /// The line is empty.
    EmptyLine,
    /// A relabelling rule dropped the stream.
    Relabelled,
    /// A stage dropped the entry, and counts it under this name.
    Stage(Arc<str>),
}

impl DropReason {
    /// Returns the name of the reason in logs and summaries.
    pub fn name(&self) -> &str {
        match self {
            Self::NoLabels => "no_labels",
            Self::EmptyLine => "empty_line",
            Self::Relabelled => "relabelled",
            Self::Stage(reason) => reason,
        }
    }
}
