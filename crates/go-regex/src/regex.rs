//! Compiled regular expressions.

use std::ops::Range;

use regex::RegexBuilder;

use crate::translate::{MAX_NESTING, translate};
use crate::{Captures, SyntaxError, SyntaxErrorKind, expand};

/// The largest size of a compiled pattern, in bytes.
const MAX_SIZE: usize = 32 << 20;

/// A compiled regular expression in Go's syntax.
#[derive(Clone, Debug)]
pub struct Regex {
    pattern: String,
    names: Vec<Option<String>>,
    non_boundary: bool,
    inner: regex::Regex,
}

impl Regex {
    /// Compiles a pattern that may match anywhere in a text.
    ///
    /// # Errors
    /// Returns an error if the pattern does not follow Go's syntax or is too large.
    pub fn new(pattern: &str) -> Result<Self, SyntaxError> {
        Self::compile(pattern, pattern)
    }

    /// Compiles a pattern that must match the whole text, including newlines: `^(?s:pattern)$`. Prometheus and Loki
    /// compile patterns for label values this way.
    ///
    /// # Errors
    /// Returns an error if the pattern does not follow Go's syntax or is too large.
    pub fn anchored(pattern: &str) -> Result<Self, SyntaxError> {
        Self::compile(pattern, &format!("^(?s:{pattern})$"))
    }

    /// Compiles `whole`, and names `pattern` in an error.
    fn compile(pattern: &str, whole: &str) -> Result<Self, SyntaxError> {
        let error = |kind| SyntaxError {
            pattern: pattern.to_owned(),
            kind,
        };
        let translation = translate(whole).map_err(error)?;
        let mut builder = RegexBuilder::new(&translation.pattern);
        // Each group of the pattern adds up to three levels: the group, its branches and their items.
        builder
            .size_limit(MAX_SIZE)
            .nest_limit(4 * MAX_NESTING as u32 + 100);
        let inner = builder.build().map_err(|refused| {
            error(match refused {
                regex::Error::CompiledTooBig(limit) => SyntaxErrorKind::TooLarge(limit),
                other => SyntaxErrorKind::Refused(other.to_string()),
            })
        })?;
        Ok(Self {
            pattern: pattern.to_owned(),
            names: std::iter::once(None).chain(translation.names).collect(),
            non_boundary: translation.non_boundary,
            inner,
        })
    }

    /// Returns the pattern as it was given.
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// Returns the names of the groups in their order. The first group is the whole match and unnamed. A name
    /// may occur more than once.
    pub fn group_names(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        self.names.iter().map(Option::as_deref)
    }

    /// Returns whether the pattern has the group that a template refers to, by its number or name.
    pub fn has_group(&self, reference: &str) -> bool {
        expand::is_known(reference, &self.names)
    }

    /// Returns whether the text has a match.
    pub fn is_match(&self, text: &str) -> bool {
        if self.non_boundary {
            // The `is_match` of regex 1.13 gives up when `\B` matches inside a character: it returns false for
            // `\B|a.` and "aσ". The searches that return a position are correct.
            return self.inner.find(text).is_some();
        }
        self.inner.is_match(text)
    }

    /// Returns the byte range of the first match.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        self.inner.find(text).map(|found| found.range())
    }

    /// Returns the byte range of the first match at or after `start`. The text before `start` still counts for `^`
    /// and `\b`.
    ///
    /// Returns `None` if `start` is beyond the text or inside a character.
    pub fn find_at(&self, text: &str, start: usize) -> Option<Range<usize>> {
        if !text.is_char_boundary(start) {
            return None;
        }
        self.inner.find_at(text, start).map(|found| found.range())
    }

    /// Returns the byte ranges of all matches that do not overlap. An empty match directly after another match is
    /// skipped, as in Go.
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Range<usize>> + use<'_, 't> {
        self.inner.find_iter(text).map(|found| found.range())
    }

    /// Returns the first match with its groups.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'_, 't>> {
        self.inner
            .captures(text)
            .map(|inner| Captures::new(inner, &self.names))
    }

    /// Returns all matches that [`find_iter`](Self::find_iter) finds, with their groups.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'_, 't>> {
        self.inner
            .captures_iter(text)
            .map(|inner| Captures::new(inner, &self.names))
    }
}
