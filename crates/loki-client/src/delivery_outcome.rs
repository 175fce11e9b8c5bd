//! What became of the entries of one event.

use std::collections::BTreeMap;

use loki_push::ItemId;

use crate::PushError;

/// What became of the entries of one event.
#[derive(Debug, Default)]
pub struct DeliveryOutcome {
    /// Entries that Loki acknowledged.
    pub delivered: u64,
    /// Bytes sent in acknowledged pushes.
    pub bytes: u64,
    /// Pushes that Loki acknowledged.
    pub pushes: u64,
    /// Attempts beyond the one that settled each push.
    pub retries: u64,
    /// Entries that Loki refused for good, by reason, dropped or failed.
    pub rejected: BTreeMap<String, u64>,
    /// Entries that Loki refused as too far behind their stream's newest; not among the rejected, since a redelivered entry
    /// may be there already.
    pub too_far_behind: u64,
    /// The pushes that were not delivered, but for what was dropped.
    pub failures: Vec<FailedPush>,
}

/// A push that was not delivered.
#[derive(Debug)]
pub struct FailedPush {
    /// The items its entries came from, and how many came from each.
    pub items: Vec<(ItemId, u64)>,
    /// How many entries it had.
    pub entries: u64,
    /// Why.
    pub error: PushError,
}

impl DeliveryOutcome {
    /// Entries that were neither delivered nor dropped.
    pub fn failed(&self) -> u64 {
        self.failures.iter().map(|failure| failure.entries).sum()
    }
}
