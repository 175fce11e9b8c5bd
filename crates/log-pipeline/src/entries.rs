//! What comes out of a pipeline.

use std::{iter, option, vec};

use loki_push::Entry;

/// The entries that came of one that went in, each with its tag: none, one, or seldom more.
#[derive(Clone, Debug)]
pub struct Entries<'a, T> {
    // One entry is the rule, and needs no memory of its own.
    first: Option<(Entry<'a>, T)>,
    more: Vec<(Entry<'a>, T)>,
}

impl<'a, T> Entries<'a, T> {
    pub(crate) fn new() -> Self {
        Self {
            first: None,
            more: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, entry: Entry<'a>, tag: T) {
        match &self.first {
            None => self.first = Some((entry, tag)),
            Some(_) => self.more.push((entry, tag)),
        }
    }
}

impl<'a, T> IntoIterator for Entries<'a, T> {
    type Item = (Entry<'a>, T);
    type IntoIter = iter::Chain<option::IntoIter<(Entry<'a>, T)>, vec::IntoIter<(Entry<'a>, T)>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.more)
    }
}
