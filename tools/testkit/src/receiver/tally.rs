//! Counts of the accepted entries.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Push;

/// The counts of the accepted entries. They need eight bytes for each different entry, so that they fit in memory in
/// any run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) entries: usize,
    pub(super) line_bytes: u64,
    /// The hashes of (tenant, labels, time, line), by which Loki distinguishes entries.
    pub(super) distinct: HashSet<u64>,
}

impl Tally {
    /// Counts the entries of a push that were not refused individually.
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
