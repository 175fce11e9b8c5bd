//! Why an entry goes no further.

use std::sync::Arc;

/// Why an entry goes no further. The configuration asked for it, or there is nothing to send.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropReason {
    /// No label is left, and a stream needs one.
    NoLabels,
    /// The line is empty.
    EmptyLine,
    /// A relabelling rule dropped its stream.
    Relabelled,
    /// A stage dropped it, and counts it under this name.
    Stage(Arc<str>),
}

impl DropReason {
    /// The reason's name in logs and summaries.
    pub fn name(&self) -> &str {
        match self {
            Self::NoLabels => "no_labels",
            Self::EmptyLine => "empty_line",
            Self::Relabelled => "relabelled",
            Self::Stage(reason) => reason,
        }
    }
}
