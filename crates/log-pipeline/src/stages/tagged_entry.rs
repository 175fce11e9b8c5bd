//! Entries and whose they are.

use super::draft::Draft;

/// An entry on its way, and the caller's tag.
#[derive(Clone, Debug)]
pub(crate) struct Record<'a, T> {
    pub(crate) draft: Draft<'a>,
    pub(crate) tag: T,
}

/// What a stage that makes entries wait does with one.
#[derive(Debug)]
pub(crate) enum Passage<'a, T> {
    /// It goes on.
    Through(Record<'a, T>),
    /// It waits, and these have waited long enough.
    Held(Vec<Record<'static, T>>),
}

impl<T> Record<'_, T> {
    pub(crate) fn into_owned(self) -> Record<'static, T> {
        Record {
            draft: self.draft.into_owned(),
            tag: self.tag,
        }
    }
}
