//! `labels`: extracted values become labels.

use std::sync::Arc;

use super::config::{Names, Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// A value that is missing or nil leaves its label as it is.
#[derive(Debug)]
pub(crate) struct LabelsStage {
    names: Names,
}

impl LabelsStage {
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.named_fields()?;
        let names = fields.label_names()?;
        Ok(Self { names })
    }

    /// One that sets this label from the value of its name.
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
