//! Counts of what was accepted.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Push;

/// Small enough to be kept in any run: eight bytes for each different entry.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) entries: usize,
    pub(super) line_bytes: u64,
    /// Hashes of (tenant, labels, time, line), which is what Loki tells entries apart by.
    pub(super) distinct: HashSet<u64>,
}

impl Tally {
    /// Adds the entries that were not refused one by one.
    pub(super) fn add(&mut self, push: &Push) {
        for (number, stream) in push.streams.iter().enumerate() {
            for (position, entry) in stream.entries.iter().enumerate() {
                if push.refused.contains(&(number, position)) {
                    continue;
                }
                let mut hasher = DefaultHasher::new();
                (&push.tenant, &stream.labels, entry.timestamp_ns, &entry.line).hash(&mut hasher);
                self.distinct.insert(hasher.finish());
                self.entries += 1;
                self.line_bytes += entry.line.len() as u64;
            }
        }
    }
}
