//! Entries and whose they are.

use super::pipeline_entry::PipelineEntry;

/// An entry on its way, and the caller's tag.
#[derive(Clone, Debug)]
pub(crate) struct TaggedEntry<'a, T> {
    pub(crate) entry: PipelineEntry<'a>,
    pub(crate) tag: T,
}

/// What a stage that makes entries wait does with one.
#[derive(Debug)]
pub(crate) enum BufferResult<'a, T> {
    /// It goes on.
    Pass(TaggedEntry<'a, T>),
    /// It waits, and these have waited long enough.
    Hold(Vec<TaggedEntry<'static, T>>),
}

impl<T> TaggedEntry<'_, T> {
    pub(crate) fn into_owned(self) -> TaggedEntry<'static, T> {
        TaggedEntry {
            entry: self.entry.into_owned(),
            tag: self.tag,
        }
    }
}
