//! What a pipeline does to an entry, step by step.

use std::sync::Arc;

use loki_push::{LabelSet, Timestamp};

use super::pipeline_entry::PipelineEntry;
use super::value::ExtractedValue;

/// An entry after one rule or stage.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedStep {
    /// Where the rule or stage stands, as in `[2].match.stages[0].json`.
    pub place: String,
    /// What it did with the entry.
    pub effect: Effect,
    /// The labels it left.
    pub labels: Arc<LabelSet>,
    /// The time it left.
    pub timestamp: Timestamp,
    /// The line it left.
    pub line: String,
    /// The structured metadata it left.
    pub metadata: Vec<(String, String)>,
    /// What is extracted: names and values, sorted by name.
    pub extracted: Vec<(String, ExtractedValue)>,
}

/// Where an entry went after a rule or stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// To the next one.
    Kept,
    /// Past the nested stages of a `match` that it does not match.
    PassedBy,
    /// Nowhere, for that reason.
    Dropped(Arc<str>),
    /// Nowhere yet: it waits for the lines that belong to it.
    Held,
    /// On: it waited, and is complete.
    Released,
}

/// Sees what steps do. The one that does not look costs nothing.
pub(crate) trait Observer {
    fn observe(&mut self, place: &str, entry: &PipelineEntry<'_>, effect: Effect);

    /// The entry, if it has to be seen after it was handed on.
    fn snapshot<'d>(&self, entry: &PipelineEntry<'d>) -> Option<PipelineEntry<'d>>;
}

/// Does not look.
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
