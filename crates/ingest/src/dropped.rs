//! The lines that are dropped on purpose.

use std::collections::BTreeMap;

use serde::Serialize;

/// The numbers of lines that were dropped on purpose, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// Lines whose stream had no label left.
    pub no_labels: u64,
    /// Empty lines.
    pub empty_line: u64,
    /// Lines that the function itself wrote.
    pub own_log_group: u64,
    /// Lines whose stream a relabelling rule dropped.
    pub relabelled: u64,
    /// Lines that a pipeline stage dropped, by the stage's reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_stage: BTreeMap<String, u64>,
}

impl Dropped {
    /// Returns the number of lines that were dropped for any reason.
    pub fn total(&self) -> u64 {
        let by_stage: u64 = self.by_stage.values().sum();
        self.no_labels + self.empty_line + self.own_log_group + self.relabelled + by_stage
    }
}
