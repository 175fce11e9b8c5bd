//! The stage `pack`, which replaces the line by a JSON object of the line and some values.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::{Reported, StageConfig};
use super::go_json::write_string;
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage. It removes the labels that it packs. The time stays the entry's own, whatever
/// `ingest_timestamp` is.
#[derive(Debug)]
pub(crate) struct PackStage {
    labels: Vec<Arc<str>>,
}

impl PackStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["labels", "ingest_timestamp"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.weak_fields(Self::FIELDS)?;
        let labels = fields.texts("labels");
        fields.flag("ingest_timestamp")?;
        Ok(Self {
            labels: labels?.into_iter().map(Arc::from).collect(),
        })
    }
}

impl StatelessStage for PackStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let mut packed = BTreeMap::new();
        for name in &self.labels {
            if let Some(text) = entry.extracted.get(name).text() {
                packed.insert(name, text.into_owned());
            }
        }
        let mut line = String::with_capacity(entry.line.len() + 16);
        line.push('{');
        for (name, text) in &packed {
            write_string(name, &mut line);
            line.push(':');
            write_string(text, &mut line);
            line.push(',');
        }
        line.push_str("\"_entry\":");
        write_string(&entry.line, &mut line);
        line.push('}');
        entry.set_line(line);
        for name in packed.keys() {
            entry.remove_label(name);
        }
        Decision::Keep
    }
}
