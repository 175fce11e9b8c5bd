//! The stage `eventlogmessage`, which extracts the `key: value` lines of a Windows event log message.

use std::borrow::Cow;
use std::sync::Arc;

use loki_push::is_label_name;

use super::config::{Reported, StageConfig, StageErrorKind};
use super::extracted::Lookup;
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct EventLogMessageStage {
    source: Arc<str>,
    drop_invalid_labels: bool,
    overwrite_existing: bool,
    reason: Arc<str>,
}

impl EventLogMessageStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["source", "drop_invalid_labels", "overwrite_existing"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let source = match fields.text("source") {
            Ok(Some(source)) if !is_label_name(&source) => {
                Err(fields.report("source", StageErrorKind::LabelName(source)))
            }
            Ok(source) => Ok(source.map_or_else(|| "message".into(), Arc::from)),
            Err(reported) => Err(reported),
        };
        let drop_invalid_labels = fields.flag("drop_invalid_labels");
        let overwrite_existing = fields.flag("overwrite_existing");
        Ok(Self {
            source: source?,
            drop_invalid_labels: drop_invalid_labels?,
            overwrite_existing: overwrite_existing?,
            reason: "eventlogmessage_stage".into(),
        })
    }
}

impl StatelessStage for EventLogMessageStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let message = match entry.extracted.get(&self.source) {
            Lookup::Absent => return Decision::Keep,
            Lookup::Nil => return Decision::Drop(Arc::clone(&self.reason)),
            Lookup::Text(message) => message.into_owned(),
        };
        for (key, value) in message.split("\r\n").filter_map(|line| line.split_once(':')) {
            let mut key = match is_label_name(key) {
                true => Cow::Borrowed(key),
                false if self.drop_invalid_labels => continue,
                false => Cow::Owned(label_name(key)),
            };
            if !self.overwrite_existing && entry.extracted.get(&key) != Lookup::Absent {
                key.to_mut().push_str("_extracted");
            }
            entry.extracted.set_text(&(&*key).into(), value.trim());
        }
        Decision::Keep
    }
}

/// Returns the name with `_` in place of each character that a label name cannot have there.
fn label_name(name: &str) -> String {
    let mut fixed = String::with_capacity(name.len());
    for char in name.chars() {
        let fits = char == '_' || char.is_ascii_alphabetic() || (char.is_ascii_digit() && !fixed.is_empty());
        fixed.push(if fits { char } else { '_' });
    }
    if fixed.is_empty() {
        fixed.push('_');
    }
    fixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_names_of_labels() {
        for (name, fixed) in [
            ("User Name", "User_Name"),
            ("\tA", "_A"),
            ("1a", "_a"),
            ("", "_"),
            ("é", "_"),
        ] {
            assert_eq!(label_name(name), fixed);
        }
    }
}
