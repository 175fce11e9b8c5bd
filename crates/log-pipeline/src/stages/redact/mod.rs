//! The stage `redact`, which replaces personal data and credentials in lines. Promtail does not have it.

mod candidates;
mod classes;
mod credit_card;
mod email;
mod ip;
mod key;
mod kind;
mod redaction;
mod token;

use super::config::{Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;
pub use key::{RedactKey, ShortRedactKey};
use kind::{Kind, KindSet};
use redaction::redact;

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
}

impl StatelessStage for RedactStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        if let Some(line) = redact(self, &entry.line) {
            entry.set_line(line);
        }
        Decision::Keep
    }
}
