//! The entries that leave a pipeline.

use std::collections::VecDeque;

use loki_push::{Entry, ItemId};

/// The entries that resulted from one input, each with its item: none, one, or in rare cases more.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    // One entry is the common case, which needs no allocation.
    first: Option<(Entry<'a>, ItemId)>,
    more: VecDeque<(Entry<'a>, ItemId)>,
}

impl<'a> Entries<'a> {
    /// Returns an empty collection.
    pub(crate) fn new() -> Self {
        Self {
            first: None,
            more: VecDeque::new(),
        }
    }

    /// Adds an entry.
    pub(crate) fn push(&mut self, entry: Entry<'a>, item: ItemId) {
        match &self.first {
            None => self.first = Some((entry, item)),
            Some(_) => self.more.push_back((entry, item)),
        }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (Entry<'a>, ItemId);

    /// Removes the next entry, in the order of the entries.
    fn next(&mut self) -> Option<Self::Item> {
        self.first.take().or_else(|| self.more.pop_front())
    }
}
