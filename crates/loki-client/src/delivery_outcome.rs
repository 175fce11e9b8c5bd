//! The outcome of a delivery.

use std::collections::BTreeMap;

use loki_push::ItemId;

use crate::PushError;

/// The outcome of the delivery of an event's entries.
#[derive(Debug, Default)]
pub struct DeliveryOutcome {
    /// The number of entries that Loki acknowledged.
    pub delivered: u64,
    /// The number of bytes sent in acknowledged pushes.
    pub bytes: u64,
    /// The number of pushes that Loki acknowledged.
    pub pushes: u64,
    /// The number of attempts beyond the last one of each push.
    pub retries: u64,
    /// The number of attempts that Loki answered with 429, because a rate limit was reached.
    pub throttled: u64,
    /// The number of entries by reason that Loki refused and would refuse again, whether they were dropped or failed.
    pub rejected: BTreeMap<String, u64>,
    /// The number of entries that Loki refused as too far behind the newest entry of their stream. They are not
    /// counted as rejected, since an earlier delivery may have stored them.
    pub too_far_behind: u64,
    /// The pushes that failed, without those whose entries were dropped.
    pub failures: Vec<FailedPush>,
}

/// A record of a push that failed.
#[derive(Debug)]
pub struct FailedPush {
    /// The items that its entries came from, each with the number of its entries.
    pub items: Vec<(ItemId, u64)>,
    /// The number of its entries.
    pub entries: u64,
    /// The error of the push.
    pub error: PushError,
}

impl DeliveryOutcome {
    /// Returns the number of entries that were neither delivered nor dropped.
    pub fn failed(&self) -> u64 {
        self.failures.iter().map(|failure| failure.entries).sum()
    }
}
