//! The stage `docker`, which reads lines of Docker's JSON log driver.

use std::sync::Arc;

use super::config::{Reported, StageConfig};
use super::json::JsonStage;
use super::labels::LabelsStage;
use super::output::OutputStage;
use super::pipeline_entry::PipelineEntry;
use super::stage::StatelessStage;
use super::timestamp::{LastTimes, TimestampStage};

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct DockerStage {
    json: JsonStage,
    labels: LabelsStage,
    timestamp: TimestampStage,
    output: OutputStage,
}

impl DockerStage {
    /// Builds the stage. Its configuration must be empty.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        config.no_fields()?;
        Ok(Self {
            json: JsonStage::of(&[("output", "log"), ("stream", "stream"), ("timestamp", "time")]),
            labels: LabelsStage::of("stream"),
            timestamp: TimestampStage::rfc3339_nano("timestamp"),
            output: OutputStage::of("output"),
        })
    }

    /// Replaces the line by its message, and sets its labels and time.
    pub(crate) fn apply(&self, entry: &mut PipelineEntry<'_>, last: &mut LastTimes) {
        let labels = Arc::clone(&entry.labels);
        entry.extracted.copy_labels(&labels);
        self.json.apply(entry);
        self.labels.apply(entry);
        self.timestamp.apply(entry, last);
        self.output.apply(entry);
    }
}
