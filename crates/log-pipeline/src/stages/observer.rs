//! What a pipeline does to an entry, step by step.

use std::sync::Arc;

use loki_push::{LabelSet, Timestamp};

use super::draft::Draft;
use super::value::ExtractedValue;

/// An entry after one rule or stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
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
pub(crate) trait Observe {
    fn see(&mut self, place: &str, draft: &Draft<'_>, effect: Effect);

    /// The draft, if it has to be seen after it was handed on.
    fn keep<'d>(&self, draft: &Draft<'d>) -> Option<Draft<'d>>;
}

/// Does not look.
pub(crate) struct Blind;

impl Observe for Blind {
    #[inline(always)]
    fn see(&mut self, _: &str, _: &Draft<'_>, _: Effect) {}

    #[inline(always)]
    fn keep<'d>(&self, _: &Draft<'d>) -> Option<Draft<'d>> {
        None
    }
}

impl Observe for Vec<Explained> {
    fn see(&mut self, place: &str, draft: &Draft<'_>, effect: Effect) {
        let extracted = draft.extracted.iter();
        self.push(Explained {
            place: place.to_owned(),
            effect,
            labels: Arc::clone(&draft.labels),
            timestamp: draft.timestamp,
            line: draft.line.clone().into_owned(),
            metadata: draft.metadata.clone(),
            extracted: extracted
                .map(|(name, value)| (name.to_owned(), value.into_owned()))
                .collect(),
        });
    }

    fn keep<'d>(&self, draft: &Draft<'d>) -> Option<Draft<'d>> {
        Some(draft.clone())
    }
}
