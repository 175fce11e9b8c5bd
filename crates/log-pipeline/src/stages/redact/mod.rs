//! The stage `redact`, which replaces personal data and credentials in lines. Promtail does not have it.

mod credit_card;
mod email;
mod ip;
mod key;
mod kind;
mod token;

use std::cmp::Reverse;
use std::fmt::Write;
use std::ops::Range;

use super::config::{Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;
pub use key::{RedactKey, ShortRedactKey};
use kind::Kind;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct RedactStage {
    kinds: Vec<Kind>,
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
            kinds,
            key: hash.then(|| config.redact_key.clone()),
        })
    }

    /// Returns the line with what was found replaced, or `None` if nothing was found.
    fn redact(&self, line: &str) -> Option<String> {
        let bytes = line.as_bytes();
        let mut next: Vec<(Kind, Range<usize>)> = Vec::new();
        for kind in &self.kinds {
            next.extend(kind.find(bytes, 0).map(|found| (*kind, found)));
        }
        let mut text = String::with_capacity(if next.is_empty() { 0 } else { line.len() });
        let mut end = 0;
        // Of two that begin at the same place, the longer one.
        while let Some((kind, found)) = next
            .iter()
            .min_by_key(|(_, found)| (found.start, Reverse(found.end)))
        {
            self.keep(line, end..found.start, &mut text);
            self.write_replacement(*kind, bytes.get(found.clone()).unwrap_or_default(), &mut text);
            end = found.end;
            next.retain_mut(|(kind, found)| {
                if found.start >= end {
                    return true;
                }
                match kind.find(bytes, end) {
                    Some(later) => {
                        *found = later;
                        true
                    }
                    None => false,
                }
            });
        }
        if end > 0 {
            self.keep(line, end..line.len(), &mut text);
        }
        (end > 0).then_some(text)
    }

    /// Appends what is between two replacements. There may be an IP address at its ends that was not one as a part of a
    /// longer word: `a@b.cc::1` becomes `[email]::1` first.
    fn keep(&self, line: &str, part: Range<usize>, text: &mut String) {
        let kept = line.as_bytes().get(part.clone()).unwrap_or_default();
        let mut end = 0;
        if self.kinds.contains(&Kind::Ip) && ip::may_be_at_an_end(kept) {
            while let Some(found) = ip::find(kept, end) {
                push(line, part.start + end..part.start + found.start, text);
                self.write_replacement(Kind::Ip, kept.get(found.clone()).unwrap_or_default(), text);
                end = found.end;
            }
        }
        push(line, part.start + end..part.end, text);
    }

    fn write_replacement(&self, kind: Kind, found: &[u8], text: &mut String) {
        text.push('[');
        text.push_str(kind.name());
        if let Some(hash) = self.key.as_ref().and_then(|key| key.hash(found)) {
            // Writing to a String cannot fail.
            let _ = write!(text, ":{hash:032x}");
        }
        text.push(']');
    }
}

/// Appends a part of the line.
fn push(line: &str, part: Range<usize>, text: &mut String) {
    match line.get(part.clone()) {
        Some(part) => text.push_str(part),
        // What is found begins and ends with whole characters. If it did not, the rest of the line would still be kept.
        None => text.push_str(&String::from_utf8_lossy(
            line.as_bytes().get(part).unwrap_or_default(),
        )),
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
