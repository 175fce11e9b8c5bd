//! `output`: an extracted value becomes the line.

use std::sync::Arc;

use super::config::{Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

#[derive(Debug)]
pub(crate) struct OutputStage {
    source: Arc<str>,
}

impl OutputStage {
    /// The fields of its configuration.
    pub(crate) const FIELDS: &[&str] = &["source"];

    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let source = fields.required_text("source", "expected the name of an extracted value")?;
        Ok(Self { source })
    }

    /// One that takes this value.
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
