//! The capture groups of a match.

use std::ops::Range;

use crate::expand;

/// A match and its capture groups. Group 0 is the whole match.
#[derive(Debug)]
pub struct Captures<'r, 't> {
    inner: regex::Captures<'t>,
    names: &'r [Option<String>],
}

impl<'r, 't> Captures<'r, 't> {
    pub(crate) fn new(inner: regex::Captures<'t>, names: &'r [Option<String>]) -> Self {
        Self { inner, names }
    }

    /// Returns the number of groups, including group 0 and those that did not take part in the match.
    #[expect(clippy::len_without_is_empty, reason = "group 0 always exists")]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns the byte range of the whole match.
    pub fn range(&self) -> Range<usize> {
        self.inner.get_match().range()
    }

    /// Returns the byte range of a group, or `None` if the group did not take part in the match.
    pub fn range_of(&self, group: usize) -> Option<Range<usize>> {
        self.inner.get(group).map(|found| found.range())
    }

    /// Returns the text of a group, or `None` if the group did not take part in the match.
    pub fn get(&self, group: usize) -> Option<&'t str> {
        self.inner.get(group).map(|found| found.as_str())
    }

    /// Returns the text of the first group with that name that took part in the match.
    pub fn name(&self, name: &str) -> Option<&'t str> {
        self.named().find_map(|(of, text)| text.filter(|_| of == name))
    }

    /// Returns the named groups in order, each with its text if it took part in the match.
    pub fn named(&self) -> impl Iterator<Item = (&'r str, Option<&'t str>)> {
        self.names
            .iter()
            .enumerate()
            .filter_map(|(group, name)| Some((name.as_deref()?, self.get(group))))
    }

    /// Appends `template` to `out` and replaces its references to groups as Go's `Regexp.Expand` does.
    ///
    /// `$1`, `${1}`, `$name` and `${name}` are replaced by the text of that group. A group that does not exist or did
    /// not take part is empty. A name extends over all letters, digits and `_` that follow. `$$` stands for `$`; any
    /// other `$` is copied.
    pub fn expand(&self, template: &str, out: &mut String) {
        expand::expand(template, self, out);
    }
}
