//! The label sets of one object's streams.

use std::collections::HashMap;
use std::sync::Arc;

use aws_logs::s3::{AccessLog, Line};
use loki_push::LabelSet;

/// The label sets of an object's streams, each computed once: one for all lines or, in access-log mode, one for each
/// status. `None` stands for a stream that the relabelling rules drop.
#[derive(Debug)]
pub(crate) struct Streams<'a> {
    source: &'a LabelSet,
    without_status: Option<Option<Arc<LabelSet>>>,
    by_status: HashMap<String, Option<Arc<LabelSet>>>,
}

impl<'a> Streams<'a> {
    pub(crate) fn new(source: &'a LabelSet) -> Self {
        Self {
            source,
            without_status: None,
            by_status: HashMap::new(),
        }
    }

    /// Returns the label set of the line's stream, which `make` computes from the source labels.
    pub(crate) fn of(
        &mut self,
        line: &Line<'_>,
        make: impl FnOnce(LabelSet) -> Option<Arc<LabelSet>>,
    ) -> Option<Arc<LabelSet>> {
        let Some(status) = line.status_code else {
            let made = self
                .without_status
                .get_or_insert_with(|| make(self.source.clone()));
            return made.clone();
        };
        if let Some(labels) = self.by_status.get(status) {
            return labels.clone();
        }
        let mut labels = self.source.clone();
        labels.set(AccessLog::STATUS_LABEL, status);
        let labels = make(labels);
        self.by_status.insert(status.to_owned(), labels.clone());
        labels
    }
}
