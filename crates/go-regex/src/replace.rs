//! Replacing matches and splitting at matches.

use crate::{Captures, Regex};

impl Regex {
    /// Returns the text with each match replaced by `template`, in which `$1` and `$name` stand for groups as
    /// [`Captures::expand`] describes.
    pub fn replace_all(&self, text: &str, template: &str) -> String {
        self.replace_all_with(text, |captures, out| captures.expand(template, out))
    }

    /// Returns the text with each match replaced by `replacement`, in which `$` stands for itself.
    pub fn replace_all_literal(&self, text: &str, replacement: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for found in self.find_iter(text) {
            out.push_str(&text[copied..found.start]);
            out.push_str(replacement);
            copied = found.end;
        }
        out.push_str(&text[copied..]);
        out
    }

    /// Returns the text with each match replaced by what `replace` appends to its second argument.
    pub fn replace_all_with(
        &self,
        text: &str,
        mut replace: impl FnMut(&Captures<'_, '_>, &mut String),
    ) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for captures in self.captures_iter(text) {
            let found = captures.range();
            out.push_str(&text[copied..found.start]);
            replace(&captures, &mut out);
            copied = found.end;
        }
        out.push_str(&text[copied..]);
        out
    }

    /// Splits the text at the matches into at most `limit` parts, of which the last one is the rest of the text.
    /// `None` means no limit, like a negative number in Go.
    ///
    /// An empty match at the start or the end of the text does not split off an empty part.
    pub fn split<'t>(&self, text: &'t str, limit: Option<usize>) -> Vec<&'t str> {
        if limit == Some(0) {
            return Vec::new();
        }
        if !self.as_str().is_empty() && text.is_empty() {
            return vec![text];
        }
        let limit = limit.unwrap_or(usize::MAX);
        let mut parts = Vec::new();
        let (mut part_start, mut last_match_start) = (0, 0);
        for found in self.find_iter(text).take(limit) {
            if parts.len() == limit - 1 {
                break;
            }
            last_match_start = found.start;
            if found.end != 0 {
                parts.push(&text[part_start..found.start]);
            }
            part_start = found.end;
        }
        if last_match_start != text.len() {
            parts.push(&text[part_start..]);
        }
        parts
    }
}

/// Returns a pattern that matches exactly `text`.
pub fn quote_meta(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for char in text.chars() {
        if r"\.+*?()|[]{}^$".contains(char) {
            pattern.push('\\');
        }
        pattern.push(char);
    }
    pattern
}
