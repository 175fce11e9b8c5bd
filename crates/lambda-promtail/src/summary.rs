//! What one invocation did.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::Serialize;

/// What one invocation did: its result, and its one line in the log.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// The kind of event.
    pub source: &'static str,
    /// Messages, records or objects in the event.
    pub items: u64,
    /// Items with nothing in them to ship.
    pub skipped: u64,
    /// Entries that Loki acknowledged.
    pub entries: u64,
    /// Lines that were not sent, since nobody wants them.
    pub dropped: Dropped,
    /// Labels that rules gave names that Loki cannot parse: each bad character became `_`.
    #[serde(skip_serializing_if = "is_zero")]
    pub labels_renamed: u64,
    /// Lines of S3 objects that have no readable time, and took that of a line near them or of the object.
    #[serde(skip_serializing_if = "is_zero")]
    pub times_guessed: u64,
    /// What `metrics` stages counted, added up over the items.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, f64>,
    /// Bytes sent in acknowledged pushes.
    pub bytes: u64,
    /// Pushes that Loki acknowledged.
    pub pushes: u64,
    /// Attempts beyond the first of each push.
    pub retries: u64,
    /// Entries that Loki refused for good.
    pub rejected: u64,
    /// The same by reason, in Loki's own names where it has one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// Entries that Loki refused as more than an hour older than their stream's newest. An earlier delivery of the event may
    /// have stored them, so they are not among the rejected.
    #[serde(skip_serializing_if = "is_zero")]
    pub too_far_behind: u64,
    /// Entries that were not delivered, the rejected among them unless they were to be dropped, and lines
    /// that could not be read.
    pub failed: u64,
    /// Milliseconds to the invocation's deadline.
    pub ms_left: u64,
}

/// Lines that were not sent, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// No label was left.
    pub no_labels: u64,
    /// The line was empty.
    pub empty_line: u64,
    /// The line is the function's own.
    pub own_log_group: u64,
    /// A relabelling rule dropped its stream.
    pub relabelled: u64,
    /// A stage dropped it, by the reason that it counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_stage: BTreeMap<String, u64>,
}

impl Summary {
    /// Writes the line: at ERROR when something was not delivered.
    pub fn log(&self) {
        // A field that has no value is left out.
        let rejected_by_reason = list(&self.rejected_by_reason);
        let dropped_by_stage = list(&self.dropped.by_stage);
        let metrics = list(&self.metrics);
        let too_far_behind = (self.too_far_behind > 0).then_some(self.too_far_behind);
        let labels_renamed = (self.labels_renamed > 0).then_some(self.labels_renamed);
        let times_guessed = (self.times_guessed > 0).then_some(self.times_guessed);
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    source = self.source,
                    items = self.items,
                    skipped = self.skipped,
                    entries = self.entries,
                    dropped_no_labels = self.dropped.no_labels,
                    dropped_empty_line = self.dropped.empty_line,
                    dropped_own_log_group = self.dropped.own_log_group,
                    dropped_relabelled = self.dropped.relabelled,
                    dropped_by_stage,
                    labels_renamed,
                    times_guessed,
                    metrics,
                    bytes = self.bytes,
                    pushes = self.pushes,
                    retries = self.retries,
                    rejected = self.rejected,
                    rejected_by_reason,
                    too_far_behind,
                    failed = self.failed,
                    ms_left = self.ms_left,
                    "invocation"
                )
            };
        }
        if self.has_only_lines_without_labels() {
            tracing::warn!(
                "all {} lines were dropped since no label was left of their streams: keep a label in RELABEL_CONFIGS, or add one with EXTRA_LABELS",
                self.dropped.no_labels
            );
        }
        if self.failed == 0 {
            line!(info)
        } else {
            line!(error)
        }
    }
}

impl Summary {
    /// Whether lines came, and all were dropped for want of labels.
    fn has_only_lines_without_labels(&self) -> bool {
        let dropped = &self.dropped;
        let others = dropped.empty_line + dropped.own_log_group + dropped.relabelled;
        let sent = self.entries + self.rejected + self.too_far_behind + self.failed;
        dropped.no_labels > 0 && others + sent == 0 && dropped.by_stage.is_empty()
    }
}

/// Counts in one field of the log; none if there are none.
fn list(counts: &BTreeMap<String, impl Display>) -> Option<String> {
    let listed: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{name}:{count}"))
        .collect();
    (!listed.is_empty()).then(|| listed.join(","))
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}
