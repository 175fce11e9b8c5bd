//! Replacing matches, and splitting at them.

use crate::{Captures, Regex};

impl Regex {
    /// The text with every match replaced by `template`, in which `$1` and `$name` are groups as
    /// [`Captures::expand`] says.
    pub fn replace_all(&self, text: &str, template: &str) -> String {
        self.replace_all_with(text, |captures, out| captures.expand(template, out))
    }

    /// The text with every match replaced by `replacement` as it is.
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

    /// The text with every match replaced by what `replace` adds to its second argument.
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

    /// The parts of the text between matches, at most `limit` of them: the last one is then the rest. No limit, or
    /// a negative one as Go has it, is `None`.
    ///
    /// An empty match at the start of the text is none between two parts, nor is one at its end.
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

/// The pattern that matches exactly `text`.
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
