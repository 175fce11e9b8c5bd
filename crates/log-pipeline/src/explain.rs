//! Explanations of what a pipeline does to an entry, rule by rule and stage by stage.

use loki_push::Entry;

use crate::{ExplainedStep, RunCounts};

/// An explanation of what a pipeline does to one entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// The entry with extra labels added and dropped labels removed, and then after each rule and stage.
    pub steps: Vec<ExplainedStep>,
    /// The entries that leave the pipeline.
    pub entries: Vec<Entry<'static>>,
    /// The dropped entries and the metrics.
    pub counts: RunCounts,
}
