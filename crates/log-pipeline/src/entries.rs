//! The entries that leave a pipeline.

use std::vec;

use loki_push::{Entry, ItemId};

/// The entries that resulted from one input, each with its item: none, one, or in rare cases more.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    // One entry is the common case, which needs no allocation.
    first: Option<(Entry<'a>, ItemId)>,
    more: Vec<(Entry<'a>, ItemId)>,
}

impl<'a> Entries<'a> {
    /// Returns an empty collection.
    pub(crate) fn new() -> Self {
        Self {
            first: None,
            more: Vec::new(),
        }
    }

    /// Adds an entry.
    pub(crate) fn push(&mut self, entry: Entry<'a>, item: ItemId) {
        match &self.first {
            None => self.first = Some((entry, item)),
            Some(_) => self.more.push((entry, item)),
        }
    }
}

impl<'a> IntoIterator for Entries<'a> {
    type Item = (Entry<'a>, ItemId);
    type IntoIter = EntriesIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        EntriesIter {
            first: self.first,
            more: self.more.into_iter(),
        }
    }
}

/// An iterator over [`Entries`] in their order.
#[derive(Debug)]
pub struct EntriesIter<'a> {
    first: Option<(Entry<'a>, ItemId)>,
    more: vec::IntoIter<(Entry<'a>, ItemId)>,
}

impl<'a> Iterator for EntriesIter<'a> {
    type Item = (Entry<'a>, ItemId);

    fn next(&mut self) -> Option<Self::Item> {
        match self.first.take() {
            Some(first) => Some(first),
            None => self.more.next(),
        }
    }
}
