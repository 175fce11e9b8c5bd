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
    pub(super) fn add(&mut self, push: &Push) {
        for stream in &push.streams {
            for entry in &stream.entries {
                let mut hasher = DefaultHasher::new();
                (&push.tenant, &stream.labels, entry.timestamp_ns, &entry.line).hash(&mut hasher);
                self.distinct.insert(hasher.finish());
                self.entries += 1;
                self.line_bytes += entry.line.len() as u64;
            }
        }
    }
}
