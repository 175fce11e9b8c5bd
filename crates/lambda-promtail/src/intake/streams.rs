//! The streams of one object.

use std::collections::HashMap;
use std::sync::Arc;

use aws_logs::s3::{AccessLog, Line};
use log_pipeline::{Pipeline, RelabelCounts};
use loki_push::LabelSet;

/// The label sets that an object's lines lead to, each made once: one for all lines, or in access-log mode
/// one for each status. None is a stream that the rules drop.
#[derive(Debug)]
pub(super) struct Streams<'a> {
    pipeline: &'a Pipeline,
    source: &'a LabelSet,
    without_status: Option<Arc<LabelSet>>,
    by_status: HashMap<String, Option<Arc<LabelSet>>>,
}

impl<'a> Streams<'a> {
    pub(super) fn new(pipeline: &'a Pipeline, source: &'a LabelSet) -> Self {
        Self {
            pipeline,
            source,
            without_status: pipeline.stream_labels(source.clone(), &mut RelabelCounts::default()),
            by_status: HashMap::new(),
        }
    }

    pub(super) fn of(&mut self, line: &Line<'_>) -> Option<Arc<LabelSet>> {
        let Some(status) = line.status_code else {
            return self.without_status.clone();
        };
        if let Some(labels) = self.by_status.get(status) {
            return labels.clone();
        }
        let mut labels = self.source.clone();
        labels.set(AccessLog::STATUS_LABEL, status);
        let labels = self.pipeline.stream_labels(labels, &mut RelabelCounts::default());
        self.by_status.insert(status.to_owned(), labels.clone());
        labels
    }
}
