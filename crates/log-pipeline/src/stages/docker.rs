//! `docker`: the lines of Docker's JSON log driver.

use std::sync::Arc;

use super::draft::{Draft, Edit};
use super::json::JsonStage;
use super::labels::LabelsStage;
use super::output::OutputStage;
use super::timestamp::{LastTimes, TimestampStage};

#[derive(Debug)]
pub(crate) struct DockerStage {
    json: JsonStage,
    labels: LabelsStage,
    timestamp: TimestampStage,
    output: OutputStage,
}

impl DockerStage {
    pub(crate) fn new() -> Self {
        Self {
            json: JsonStage::of(&[("output", "log"), ("stream", "stream"), ("timestamp", "time")]),
            labels: LabelsStage::of("stream"),
            timestamp: TimestampStage::rfc3339_nano("timestamp"),
            output: OutputStage::of("output"),
        }
    }

    pub(crate) fn apply(&self, draft: &mut Draft<'_>, last: &mut LastTimes) {
        let labels = Arc::clone(&draft.labels);
        draft.extracted.copy_labels(&labels);
        self.json.edit(draft);
        self.labels.edit(draft);
        self.timestamp.apply(draft, last);
        self.output.edit(draft);
    }
}
