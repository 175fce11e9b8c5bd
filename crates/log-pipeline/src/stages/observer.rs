//! Observers of the steps of a pipeline.

use std::sync::Arc;

use loki_push::{LabelSet, Timestamp};

use super::pipeline_entry::PipelineEntry;
use super::value::ExtractedValue;

/// An entry after a rule or stage.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedStep {
    /// The place of the rule or stage, as in `[2].match.stages[0].json`.
    pub place: String,
    /// The effect of the rule or stage on the entry.
    pub effect: Effect,
    /// The labels after it.
    pub labels: Arc<LabelSet>,
    /// The time after it.
    pub timestamp: Timestamp,
    /// The line after it.
    pub line: String,
    /// The structured metadata after it.
    pub metadata: Vec<(String, String)>,
    /// The extracted names and values, sorted by name.
    pub extracted: Vec<(String, ExtractedValue)>,
}

/// The effect of a rule or stage on an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The entry went to the next one.
    Kept,
    /// The entry does not match a `match`, and skipped its nested stages.
    PassedBy,
    /// The entry was dropped for this reason.
    Dropped(Arc<str>),
    /// The entry is held back for the lines that belong to it.
    Held,
    /// The entry was held back, and is now complete.
    Released,
}

/// An observer of what steps do. [`NoObserver`] costs nothing.
pub(crate) trait Observer {
    /// Observes the entry after the step at `place`.
    fn observe(&mut self, place: &str, entry: &PipelineEntry<'_>, effect: Effect);

    /// Returns a copy of the entry if it must be observed after the step took it.
    fn snapshot<'d>(&self, entry: &PipelineEntry<'d>) -> Option<PipelineEntry<'d>>;
}

/// An observer that does nothing.
pub(crate) struct NoObserver;

impl Observer for NoObserver {
    #[inline(always)]
    fn observe(&mut self, _: &str, _: &PipelineEntry<'_>, _: Effect) {}

    #[inline(always)]
    fn snapshot<'d>(&self, _: &PipelineEntry<'d>) -> Option<PipelineEntry<'d>> {
        None
    }
}

impl Observer for Vec<ExplainedStep> {
    fn observe(&mut self, place: &str, entry: &PipelineEntry<'_>, effect: Effect) {
        let extracted = entry.extracted.iter();
        self.push(ExplainedStep {
            place: place.to_owned(),
            effect,
            labels: Arc::clone(&entry.labels),
            timestamp: entry.timestamp,
            line: entry.line.clone().into_owned(),
            metadata: entry.metadata.clone(),
            extracted: extracted
                .map(|(name, value)| (name.to_owned(), value.into_owned()))
                .collect(),
        });
    }

    fn snapshot<'d>(&self, entry: &PipelineEntry<'d>) -> Option<PipelineEntry<'d>> {
        Some(entry.clone())
    }
}
