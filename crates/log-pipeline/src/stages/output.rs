//! The stage `output`, which replaces the line by an extracted value.

use std::sync::Arc;

use super::config::{Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct OutputStage {
    source: Arc<str>,
}

impl OutputStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["source"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let source = fields.required_text("source", "expected the name of an extracted value")?;
        Ok(Self { source })
    }

    /// Returns a stage that uses this value.
    pub(crate) fn of(source: &str) -> Self {
        Self {
            source: source.into(),
        }
    }
}

impl StatelessStage for OutputStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        if let Some(text) = entry.extracted.get(&self.source).text() {
            let text = text.into_owned();
            entry.set_line(text);
        }
        Decision::Keep
    }
}
