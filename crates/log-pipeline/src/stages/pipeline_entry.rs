//! Entries while stages process them.

use std::borrow::Cow;
use std::sync::Arc;

use loki_push::{Entry, ItemId, LabelSet, Timestamp};

use super::extracted::Extracted;

/// An entry with the values that stages extracted from it.
#[derive(Clone, Debug)]
pub(crate) struct PipelineEntry<'a> {
    pub(crate) labels: Arc<LabelSet>,
    pub(crate) timestamp: Timestamp,
    pub(crate) line: Cow<'a, str>,
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) extracted: Extracted,
    /// The item that the entry came from.
    pub(crate) item: ItemId,
}

/// The decision of a stage about an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The entry goes to the next stage.
    Keep,
    /// The entry is dropped, and counted under this reason.
    Drop(Arc<str>),
}

impl<'a> PipelineEntry<'a> {
    /// Returns the entry before the first stage. Stages can read the structured metadata that it comes with like labels.
    pub(crate) fn new(entry: Entry<'a>, item: ItemId) -> Self {
        let mut extracted = Extracted::new(Arc::clone(&entry.labels));
        for (name, value) in &entry.metadata {
            extracted.set_text(&name.as_str().into(), value.as_str());
        }
        Self {
            extracted,
            labels: entry.labels,
            timestamp: entry.timestamp,
            line: entry.line,
            metadata: entry.metadata,
            item,
        }
    }

    /// Returns the text that a stage reads: the value of `source`, or the line.
    pub(crate) fn input(&self, source: Option<&str>) -> Option<Cow<'_, str>> {
        match source {
            Some(source) => self.extracted.get(source).text(),
            None => Some(Cow::Borrowed(&self.line)),
        }
    }

    /// Sets a label. The label set is copied first if other entries share it.
    pub(crate) fn set_label(&mut self, name: &str, value: &str) {
        let same = match self.labels.get(name) {
            Some(old) => old == value,
            None => value.is_empty(),
        };
        if !same {
            Arc::make_mut(&mut self.labels).set(name, value);
        }
    }

    /// Removes a label.
    pub(crate) fn remove_label(&mut self, name: &str) {
        if self.labels.get(name).is_some() {
            Arc::make_mut(&mut self.labels).remove(name);
        }
    }

    /// Replaces the line.
    pub(crate) fn set_line(&mut self, line: impl Into<String>) {
        self.line = Cow::Owned(line.into());
    }

    /// Returns the entry with its own copy of the line, so that it can be held back.
    pub(crate) fn into_owned(self) -> PipelineEntry<'static> {
        PipelineEntry {
            labels: self.labels,
            timestamp: self.timestamp,
            line: Cow::Owned(self.line.into_owned()),
            metadata: self.metadata,
            extracted: self.extracted,
            item: self.item,
        }
    }
}
