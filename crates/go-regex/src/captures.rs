//! The groups of a match.

use std::ops::Range;

use crate::expand;

/// A match and its groups. Group 0 is the whole match.
#[derive(Debug)]
pub struct Captures<'r, 't> {
    inner: regex::Captures<'t>,
    names: &'r [Option<String>],
}

impl<'r, 't> Captures<'r, 't> {
    pub(crate) fn new(inner: regex::Captures<'t>, names: &'r [Option<String>]) -> Self {
        Self { inner, names }
    }

    /// How many groups there are, those that took no part among them.
    #[expect(clippy::len_without_is_empty, reason = "there is always group 0")]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Where the whole match is.
    pub fn range(&self) -> Range<usize> {
        self.inner.get_match().range()
    }

    /// Where a group is, if it took part.
    pub fn range_of(&self, group: usize) -> Option<Range<usize>> {
        self.inner.get(group).map(|found| found.range())
    }

    /// A group's text, if it took part.
    pub fn get(&self, group: usize) -> Option<&'t str> {
        self.inner.get(group).map(|found| found.as_str())
    }

    /// The text of the first group of that name that took part.
    pub fn name(&self, name: &str) -> Option<&'t str> {
        self.named().find_map(|(of, text)| text.filter(|_| of == name))
    }

    /// The groups that have names, in order, with their text if they took part.
    pub fn named(&self) -> impl Iterator<Item = (&'r str, Option<&'t str>)> {
        self.names
            .iter()
            .enumerate()
            .filter_map(|(group, name)| Some((name.as_deref()?, self.get(group))))
    }

    /// Adds `template` to `out`, with groups put in as Go's `Regexp.Expand` does:
    ///
    /// `$1`, `${1}`, `$name` and `${name}` are that group, or nothing if there is none or it took no part; a name
    /// is as long as letters, digits and `_` go on. `$$` is `$`, and any other `$` is itself.
    pub fn expand(&self, template: &str, out: &mut String) {
        expand::expand(template, self, out);
    }
}
