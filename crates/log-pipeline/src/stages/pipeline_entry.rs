//! An entry on its way through the stages.

use std::borrow::Cow;
use std::sync::Arc;

use loki_push::{Entry, LabelSet, Timestamp};

use super::extracted::Extracted;

/// What stages read and change.
#[derive(Clone, Debug)]
pub(crate) struct PipelineEntry<'a> {
    pub(crate) labels: Arc<LabelSet>,
    pub(crate) timestamp: Timestamp,
    pub(crate) line: Cow<'a, str>,
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) extracted: Extracted,
}

/// Where an entry goes after a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// To the next stage.
    Keep,
    /// Nowhere, for the reason that the summary counts.
    Drop(Arc<str>),
}

impl<'a> PipelineEntry<'a> {
    pub(crate) fn new(entry: Entry<'a>) -> Self {
        Self {
            extracted: Extracted::new(Arc::clone(&entry.labels)),
            labels: entry.labels,
            timestamp: entry.timestamp,
            line: entry.line,
            metadata: entry.metadata,
        }
    }

    /// The text a stage works on: the value of `source`, or the line.
    pub(crate) fn input(&self, source: Option<&str>) -> Option<Cow<'_, str>> {
        match source {
            Some(source) => self.extracted.get(source).text(),
            None => Some(Cow::Borrowed(&self.line)),
        }
    }

    /// Gives a label a value. The set is copied when other entries share it: labels are the entry's own.
    pub(crate) fn set_label(&mut self, name: &str, value: &str) {
        let same = match self.labels.get(name) {
            Some(old) => old == value,
            None => value.is_empty(),
        };
        if !same {
            Arc::make_mut(&mut self.labels).set(name, value);
        }
    }

    pub(crate) fn remove_label(&mut self, name: &str) {
        if self.labels.get(name).is_some() {
            Arc::make_mut(&mut self.labels).remove(name);
        }
    }

    pub(crate) fn set_line(&mut self, line: impl Into<String>) {
        self.line = Cow::Owned(line.into());
    }

    /// The same, free of what it was read from: it can wait for other entries.
    pub(crate) fn into_owned(self) -> PipelineEntry<'static> {
        PipelineEntry {
            labels: self.labels,
            timestamp: self.timestamp,
            line: Cow::Owned(self.line.into_owned()),
            metadata: self.metadata,
            extracted: self.extracted,
        }
    }
}
