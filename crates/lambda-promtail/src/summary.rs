//! The summary of one invocation.

use std::collections::BTreeMap;
use std::fmt::Display;

use ingest::Dropped;
use serde::Serialize;

/// A summary of one invocation: its result for AWS, and the one line that it writes to the log.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// The kind of event source.
    pub source: &'static str,
    /// The number of messages, records and objects in the event.
    pub items: u64,
    /// The number of items that have nothing to ship.
    pub skipped: u64,
    /// The number of objects whose rest was handed over to a later invocation.
    #[serde(skip_serializing_if = "is_zero")]
    pub continued: u64,
    /// The number of entries that Loki acknowledged.
    pub entries: u64,
    /// The lines that were dropped on purpose.
    pub dropped: Dropped,
    /// The number of labels to which rules gave names that Loki cannot parse; each invalid character became `_`.
    #[serde(skip_serializing_if = "is_zero")]
    pub labels_renamed: u64,
    /// The number of lines of S3 objects without a readable time, which took the time of a line near them or of the
    /// object.
    #[serde(skip_serializing_if = "is_zero")]
    pub times_guessed: u64,
    /// The number of CloudWatch deliveries without the labels of `LOG_GROUP_TAGS`, because the tags could not be read.
    #[serde(skip_serializing_if = "is_zero")]
    pub tags_unread: u64,
    /// The number of lines that were cut because they are longer than `MAX_LINE_SIZE`.
    #[serde(skip_serializing_if = "is_zero")]
    pub lines_cut: u64,
    /// The values of `metrics` stages, added up over the items.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, f64>,
    /// The number of bytes sent in acknowledged pushes.
    pub bytes: u64,
    /// The number of pushes that Loki acknowledged.
    pub pushes: u64,
    /// The number of attempts beyond the first of each push.
    pub retries: u64,
    /// The number of attempts that Loki answered with 429, because a rate limit was reached.
    #[serde(skip_serializing_if = "is_zero")]
    pub throttled: u64,
    /// The number of entries that Loki rejected permanently.
    pub rejected: u64,
    /// The number of rejected entries by reason, in Loki's own names where it has one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// The number of entries that Loki rejected because they are more than an hour older than their stream's newest. An
    /// earlier delivery of the event may have stored them, so they do not count as rejected.
    #[serde(skip_serializing_if = "is_zero")]
    pub too_far_behind: u64,
    /// The number of entries that were not delivered, plus the lines that could not be read. Rejected entries count
    /// unless `ON_REJECT` is `drop`.
    pub failed: u64,
    /// The time that was left until the invocation's deadline, in milliseconds. The command line has no deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms_left: Option<u64>,
}

impl Summary {
    /// Writes the summary to the log: at ERROR if something was not delivered, else at INFO.
    pub fn log(&self) {
        // A field that is `None` is left out of the line.
        let rejected_by_reason = list(&self.rejected_by_reason);
        let dropped_by_stage = list(&self.dropped.by_stage);
        let metrics = list(&self.metrics);
        let too_far_behind = (self.too_far_behind > 0).then_some(self.too_far_behind);
        let labels_renamed = (self.labels_renamed > 0).then_some(self.labels_renamed);
        let continued = (self.continued > 0).then_some(self.continued);
        let times_guessed = (self.times_guessed > 0).then_some(self.times_guessed);
        let throttled = (self.throttled > 0).then_some(self.throttled);
        let lines_cut = (self.lines_cut > 0).then_some(self.lines_cut);
        let tags_unread = (self.tags_unread > 0).then_some(self.tags_unread);
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    source = self.source,
                    items = self.items,
                    skipped = self.skipped,
                    continued,
                    entries = self.entries,
                    dropped_no_labels = self.dropped.no_labels,
                    dropped_empty_line = self.dropped.empty_line,
                    dropped_own_log_group = self.dropped.own_log_group,
                    dropped_relabelled = self.dropped.relabelled,
                    dropped_by_stage,
                    labels_renamed,
                    times_guessed,
                    tags_unread,
                    lines_cut,
                    metrics,
                    bytes = self.bytes,
                    pushes = self.pushes,
                    retries = self.retries,
                    throttled,
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
                "all {} lines were dropped because their streams have no labels left: keep a label in RELABEL_CONFIGS, or add one with EXTRA_LABELS",
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
    /// Returns whether the event had lines, and all were dropped because their streams had no labels.
    fn has_only_lines_without_labels(&self) -> bool {
        let dropped = &self.dropped;
        let others = dropped.empty_line + dropped.own_log_group + dropped.relabelled;
        let sent = self.entries + self.rejected + self.too_far_behind + self.failed;
        dropped.no_labels > 0 && others + sent == 0 && dropped.by_stage.is_empty()
    }
}

/// Returns the counts as the text of one log field, or `None` if there are none.
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
