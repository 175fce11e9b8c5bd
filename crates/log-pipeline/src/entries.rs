//! The entries that leave a pipeline.

use std::vec;

use loki_push::Entry;

/// The entries that resulted from one input, each with its tag: none, one, or in rare cases more.
#[derive(Clone, Debug)]
pub struct Entries<'a, T> {
    // One entry is the common case, which needs no allocation.
    first: Option<(Entry<'a>, T)>,
    more: Vec<(Entry<'a>, T)>,
}

impl<'a, T> Entries<'a, T> {
    /// Returns an empty collection.
    pub(crate) fn new() -> Self {
        Self {
            first: None,
            more: Vec::new(),
        }
    }

    /// Adds an entry.
    pub(crate) fn push(&mut self, entry: Entry<'a>, tag: T) {
        match &self.first {
            None => self.first = Some((entry, tag)),
            Some(_) => self.more.push((entry, tag)),
        }
    }
}

impl<'a, T> IntoIterator for Entries<'a, T> {
    type Item = (Entry<'a>, T);
    type IntoIter = EntriesIter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        EntriesIter {
            first: self.first,
            more: self.more.into_iter(),
        }
    }
}

/// An iterator over [`Entries`] in their order.
#[derive(Debug)]
pub struct EntriesIter<'a, T> {
    first: Option<(Entry<'a>, T)>,
    more: vec::IntoIter<(Entry<'a>, T)>,
}

impl<'a, T> Iterator for EntriesIter<'a, T> {
    type Item = (Entry<'a>, T);

    fn next(&mut self) -> Option<Self::Item> {
        match self.first.take() {
            Some(first) => Some(first),
            None => self.more.next(),
        }
    }
}
