//! The stage `redact`, which replaces personal data and credentials in lines. Promtail does not have it.

mod candidates;
mod classes;
mod credit_card;
mod email;
mod ip;
mod key;
mod kind;
mod token;

use std::fmt::Write;
use std::ops::Range;

use super::config::{Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;
use candidates::Candidates;
pub use key::{RedactKey, ShortRedactKey};
use kind::{Kind, KindSet};

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct RedactStage {
    kinds: KindSet,
    /// The key, if what is found is hashed.
    key: Option<RedactKey>,
}

impl RedactStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["kinds", "hash"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let kinds = fields.texts("kinds").and_then(|names| {
            let found = names.iter().map(|name| {
                let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
                kind.ok_or_else(|| {
                    let allowed = "expected email, ip, credit_card, aws_access_key, jwt or bearer";
                    let value = name.clone();
                    fields.report("kinds", StageErrorKind::Value { value, allowed })
                })
            });
            found.collect::<Result<Vec<Kind>, _>>()
        });
        let hash = fields.flag("hash")?;
        let mut kinds = kinds?;
        if kinds.is_empty() {
            if fields.node("kinds").is_some() {
                return Err(fields.report(
                    "kinds",
                    StageErrorKind::Empty("expected a list of kinds, or no kinds for all"),
                ));
            }
            kinds = Kind::ALL.to_vec();
        }
        if hash {
            config.redact_key.set_needed();
        }
        Ok(Self {
            kinds: kinds.into_iter().collect(),
            key: hash.then(|| config.redact_key.clone()),
        })
    }

    /// Returns the line with what was found replaced, or `None` if nothing was found.
    fn redact(&self, line: &str) -> Option<String> {
        let mut text = String::new();
        let bytes = line.as_bytes();
        let mut end = 0;
        // The first text that is not replaced yet: another one may begin earlier, or be longer.
        let mut first: Option<(Kind, Range<usize>)> = None;
        for at in Candidates::of(bytes) {
            let kind = Kind::of_candidate(bytes, at).filter(|kind| self.kinds.contains(*kind));
            let Some(kind) = kind else { continue };
            if let Some((first_kind, range)) = &first {
                let may_begin_earlier = at < range.end || kind == Kind::Email;
                let found = may_begin_earlier.then(|| kind.find_at(bytes, end, at)).flatten();
                match found {
                    Some(found) if (found.start, range.end) <= (range.start, found.end) => {
                        first = Some((kind, found));
                        continue;
                    }
                    Some(found) if at < range.end && found.start < range.end => continue,
                    None if at < range.end => continue,
                    _ => {}
                }
                // What comes later is bounded by this one.
                self.replace(*first_kind, line, end..range.start, range.clone(), &mut text);
                end = range.end;
            }
            first = kind.find_at(bytes, end, at).map(|range| (kind, range));
        }
        if let Some((kind, range)) = first {
            self.replace(kind, line, end..range.start, range.clone(), &mut text);
            end = range.end;
        }
        if end == 0 {
            return None;
        }
        self.keep(line, end..line.len(), &mut text);
        Some(text)
    }

    /// Appends what is kept before a text that was found, and its replacement.
    fn replace(&self, kind: Kind, line: &str, before: Range<usize>, found: Range<usize>, text: &mut String) {
        if text.is_empty() {
            *text = String::with_capacity(line.len());
        }
        self.keep(line, before, text);
        let found = line.as_bytes().get(found).unwrap_or_default();
        match self.key.as_ref().and_then(|key| key.hash(found)) {
            // Writing to a String cannot fail.
            Some(hash) => _ = write!(text, "[{}:{hash:032x}]", kind.name()),
            None => text.push_str(kind.mask()),
        }
    }

    /// Appends what is between two replacements. It may end with an IP address that was not one as a part of a longer word:
    /// `1::a@b.cc` becomes `1::[email]` first.
    #[inline(always)]
    fn keep(&self, line: &str, part: Range<usize>, text: &mut String) {
        match line.get(part.clone()) {
            Some(kept) if kept.ends_with("::") => self.keep_ending_in_colons(kept, text),
            Some(kept) => text.push_str(kept),
            // What is found begins and ends with whole characters. If it did not, the rest of the line would still be kept.
            None => text.push_str(&String::from_utf8_lossy(
                line.as_bytes().get(part).unwrap_or_default(),
            )),
        }
    }

    #[cold]
    fn keep_ending_in_colons(&self, kept: &str, text: &mut String) {
        let ip = Kind::Ip.find_at(kept.as_bytes(), 0, kept.len() - 2);
        match ip.filter(|_| self.kinds.contains(Kind::Ip)) {
            Some(ip) => {
                self.replace(Kind::Ip, kept, 0..ip.start, ip.clone(), text);
                text.push_str(kept.get(ip.end..).unwrap_or_default());
            }
            None => text.push_str(kept),
        }
    }
}

impl StatelessStage for RedactStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        if let Some(line) = self.redact(&entry.line) {
            entry.set_line(line);
        }
        Decision::Keep
    }
}
