//! The stage `labels`, which sets labels from extracted values.

use std::sync::Arc;

use super::config::{Names, Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage. A value that is missing or nil leaves its label unchanged.
#[derive(Debug)]
pub(crate) struct LabelsStage {
    names: Names,
}

impl LabelsStage {
    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.named_fields()?;
        let names = fields.label_names()?;
        Ok(Self { names })
    }

    /// Returns a stage that sets this label from the extracted value of the same name.
    pub(crate) fn of(name: &str) -> Self {
        let name: Arc<str> = name.into();
        Self {
            names: vec![(Arc::clone(&name), name)],
        }
    }
}

impl StatelessStage for LabelsStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        for (name, source) in &self.names {
            if let Some(value) = entry.extracted.get(source).text() {
                let value = value.into_owned();
                entry.set_label(name, &value);
            }
        }
        Decision::Keep
    }
}
