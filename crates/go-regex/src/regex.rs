//! Compiled patterns.

use std::ops::Range;

use regex::RegexBuilder;

use crate::translate::{MAX_NESTING, translate};
use crate::{Captures, SyntaxError, SyntaxErrorKind};

/// What a compiled pattern may weigh.
const MAX_SIZE: usize = 32 << 20;

/// A compiled regular expression of Go's syntax.
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
    /// When it is none of Go's, or too large.
    pub fn new(pattern: &str) -> Result<Self, SyntaxError> {
        Self::compile(pattern, pattern)
    }

    /// Compiles a pattern that must match the whole text, newlines and all: `^(?s:pattern)$`, as Prometheus
    /// and Loki compile those of label values.
    ///
    /// # Errors
    /// When it is none of Go's, or too large.
    pub fn anchored(pattern: &str) -> Result<Self, SyntaxError> {
        Self::compile(pattern, &format!("^(?s:{pattern})$"))
    }

    fn compile(pattern: &str, whole: &str) -> Result<Self, SyntaxError> {
        let error = |kind| SyntaxError {
            pattern: pattern.to_owned(),
            kind,
        };
        let translation = translate(whole).map_err(error)?;
        let mut builder = RegexBuilder::new(&translation.pattern);
        // A group is written as a group, its branches and their items, each of them a level.
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

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// The groups' names, in the order of the groups; the first is the whole match's, which has none. A name may
    /// come more than once.
    pub fn group_names(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        self.names.iter().map(Option::as_deref)
    }

    /// Whether it matches somewhere in the text.
    pub fn is_match(&self, text: &str) -> bool {
        if self.non_boundary {
            // The regex crate's is_match stops at a match in the middle of a character and then looks for others
            // behind it only: regex 1.13 says no to "aσ" for `\B|a.`. Its searches for a place are right.
            return self.inner.find(text).is_some();
        }
        self.inner.is_match(text)
    }

    /// Where its first match is.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        self.inner.find(text).map(|found| found.range())
    }

    /// Where its first match from `start` on is. What is before `start` still counts for `^` and `\b`.
    ///
    /// There is none if `start` is beyond the text, or in the middle of a character.
    pub fn find_at(&self, text: &str, start: usize) -> Option<Range<usize>> {
        if !text.is_char_boundary(start) {
            return None;
        }
        self.inner.find_at(text, start).map(|found| found.range())
    }

    /// Where all its matches are: one after another, and no empty one right behind another.
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Range<usize>> + use<'_, 't> {
        self.inner.find_iter(text).map(|found| found.range())
    }

    /// Its first match, with its groups.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'_, 't>> {
        self.inner
            .captures(text)
            .map(|inner| Captures::new(inner, &self.names))
    }

    /// All its matches, as [`find_iter`](Self::find_iter) finds them, with their groups.
    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'_, 't>> {
        self.inner
            .captures_iter(text)
            .map(|inner| Captures::new(inner, &self.names))
    }
}
