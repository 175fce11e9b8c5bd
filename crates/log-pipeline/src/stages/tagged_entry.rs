//! Entries with the tags of the caller.

use super::pipeline_entry::PipelineEntry;

/// An entry and the tag that the caller gave it.
#[derive(Clone, Debug)]
pub(crate) struct TaggedEntry<'a, T> {
    pub(crate) entry: PipelineEntry<'a>,
    pub(crate) tag: T,
}

/// The result of giving an entry to a stage that holds entries back.
#[derive(Debug)]
pub(crate) enum BufferResult<'a, T> {
    /// The entry goes to the next stage.
    Pass(TaggedEntry<'a, T>),
    /// The entry is held back, and these entries are complete.
    Hold(Vec<TaggedEntry<'static, T>>),
}

impl<T> TaggedEntry<'_, T> {
    /// Returns the entry with its own copy of the line, so that it can be held back.
    pub(crate) fn into_owned(self) -> TaggedEntry<'static, T> {
        TaggedEntry {
            entry: self.entry.into_owned(),
            tag: self.tag,
        }
    }
}
