//! The redaction of one line.

use std::fmt::Write;
use std::ops::Range;

use super::RedactStage;
use super::candidates::{Candidate, each_candidate};
use super::ip::find_v6_at;
use super::kind::Kind;

/// Returns the line with what the stage finds in it replaced, or `None` if nothing was found.
pub(super) fn redact(stage: &RedactStage, line: &str) -> Option<String> {
    let mut redaction = Redaction {
        stage,
        line,
        text: String::new(),
        end: 0,
        first: None,
    };
    each_candidate(line.as_bytes(), |candidate| redaction.take(candidate));
    redaction.finish()
}

/// The redaction of a line up to one of its candidates.
struct Redaction<'a> {
    stage: &'a RedactStage,
    line: &'a str,
    /// The line up to `end`, with what was found replaced.
    text: String,
    /// The end of the last text that was replaced.
    end: usize,
    /// The first text that is not replaced yet: another one may begin earlier, or be longer.
    first: Option<(Kind, Range<usize>)>,
}

impl Redaction<'_> {
    /// Looks for a text at the next candidate.
    #[inline(always)]
    fn take(&mut self, candidate: Candidate) {
        let line = self.line.as_bytes();
        let at = candidate.at;
        let Some(kind) = Kind::of_candidate(line, at).filter(|kind| self.stage.kinds.contains(*kind)) else {
            return;
        };
        if let Some((first_kind, range)) = &self.first {
            let may_begin_earlier = at < range.end || kind == Kind::Email;
            let found = may_begin_earlier
                .then(|| kind.find_at(line, self.end, candidate))
                .flatten();
            match found {
                Some(found) if (found.start, range.end) <= (range.start, found.end) => {
                    self.first = Some((kind, found));
                    return;
                }
                Some(found) if at < range.end && found.start < range.end => return,
                None if at < range.end => return,
                _ => {}
            }
            // What comes later is bounded by this one.
            let (first_kind, range) = (*first_kind, range.clone());
            self.replace(first_kind, range);
        }
        self.first = kind.find_at(line, self.end, candidate).map(|range| (kind, range));
    }

    /// Replaces the last text, and returns the line.
    fn finish(mut self) -> Option<String> {
        if let Some((kind, range)) = self.first.take() {
            self.replace(kind, range);
        }
        if self.end == 0 {
            return None;
        }
        self.keep(self.end..self.line.len());
        Some(self.text)
    }

    /// Appends what is kept before a text that was found, and its replacement.
    fn replace(&mut self, kind: Kind, found: Range<usize>) {
        if self.text.is_empty() {
            self.text.reserve(self.line.len());
        }
        self.keep(self.end..found.start);
        self.end = found.end;
        let found = self.line.as_bytes().get(found).unwrap_or_default();
        self.append_replacement(kind, found);
    }

    /// Appends what replaces a text.
    fn append_replacement(&mut self, kind: Kind, found: &[u8]) {
        match self.stage.key.as_ref().and_then(|key| key.hash(found)) {
            // Writing to a String cannot fail.
            Some(hash) => _ = write!(self.text, "[{}:{hash:032x}]", kind.name()),
            None => self.text.push_str(kind.mask()),
        }
    }

    /// Appends what is between two replacements. It may end with an IP address that was not one as a part of a longer word:
    /// `1::a@b.cc` becomes `1::[email]` first.
    #[inline(always)]
    fn keep(&mut self, part: Range<usize>) {
        match self.line.get(part.clone()) {
            Some(kept) if kept.ends_with("::") => self.keep_ending_in_colons(kept),
            Some(kept) => self.text.push_str(kept),
            // What is found begins and ends with whole characters. If it did not, the rest of the line would still be kept.
            None => self.text.push_str(&String::from_utf8_lossy(
                self.line.as_bytes().get(part).unwrap_or_default(),
            )),
        }
    }

    #[cold]
    fn keep_ending_in_colons(&mut self, kept: &str) {
        let ip = find_v6_at(kept.as_bytes(), 0, kept.len() - 2);
        match ip.filter(|_| self.stage.kinds.contains(Kind::Ip)) {
            Some(ip) => {
                self.text.push_str(kept.get(..ip.start).unwrap_or_default());
                self.append_replacement(Kind::Ip, kept.as_bytes().get(ip.clone()).unwrap_or_default());
                self.text.push_str(kept.get(ip.end..).unwrap_or_default());
            }
            None => self.text.push_str(kept),
        }
    }
}
