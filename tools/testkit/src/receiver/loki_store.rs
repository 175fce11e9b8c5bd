//! The entries that Loki would have stored, by its rules about order and repetition within a stream.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::refusal::{Behind, stream_error};
use super::{Accepted, Entry, Push, Stream};

/// The age, in nanoseconds relative to the newest entry of the stream, above which an entry is refused. It is half of
/// `ingester.max-chunk-age`, whose default is two hours.
pub(super) const WINDOW_NS: i128 = 3_600 * 1_000_000_000;

/// A store of the streams of all tenants.
#[derive(Debug, Default)]
pub(super) struct LokiStore {
    streams: HashMap<(Option<String>, String), StoredStream>,
}

#[derive(Debug, Default)]
struct StoredStream {
    newest: Option<i128>,
    /// The time and line of the entry that was taken last.
    last: Option<(i128, String)>,
    entries: HashSet<Entry>,
}

/// The result of a push.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// The position of each refused entry: the index of its stream in the push, and its own index in the stream.
    pub(super) refused: BTreeSet<(usize, usize)>,
    /// The text of the refusal.
    ///
    /// Loki's ingester returns the result of the *last* stream of a push, so there is no text when only earlier
    /// streams had entries that are too far behind.
    pub(super) error: Option<String>,
}

impl LokiStore {
    /// Stores the entries that are not too far behind.
    pub(super) fn take(&mut self, push: &Push) -> Taken {
        let mut taken = Taken::default();
        for (number, stream) in push.streams.iter().enumerate() {
            let key = (push.tenant.clone(), stream.labels.clone());
            let behind = self.streams.entry(key).or_default().take(stream);
            taken.error = stream_error(push.tenant.as_deref(), stream, &behind);
            let positions = behind.iter().map(|entry| (number, entry.position));
            taken.refused.extend(positions);
        }
        taken
    }

    /// Returns all stored entries, in no particular order.
    pub(super) fn entries(&self) -> impl Iterator<Item = Accepted> {
        self.streams.iter().flat_map(|((tenant, labels), stream)| {
            stream
                .entries
                .iter()
                .map(|entry| entry.clone().of(tenant.clone(), labels.clone()))
        })
    }

    /// Returns the number of stored entries.
    pub(super) fn len(&self) -> usize {
        self.streams.values().map(|stream| stream.entries.len()).sum()
    }
}

impl StoredStream {
    /// Stores the entries and returns those that are too far behind. Each entry can move the limit.
    fn take(&mut self, stream: &Stream) -> Vec<Behind> {
        let mut behind = Vec::new();
        for (position, entry) in stream.entries.iter().enumerate() {
            let is_last = |(time, line): &(i128, String)| *time == entry.timestamp_ns && *line == entry.line;
            if self.last.as_ref().is_some_and(is_last) {
                continue;
            }
            let oldest = self.newest.map(|newest| newest - WINDOW_NS);
            if let Some(oldest) = oldest.filter(|oldest| *oldest > entry.timestamp_ns) {
                behind.push(Behind { position, oldest });
                continue;
            }
            self.last = Some((entry.timestamp_ns, entry.line.clone()));
            self.newest = self.newest.max(Some(entry.timestamp_ns));
            // Loki does not compare structured metadata. Here it is compared, so that a redelivery which changes it
            // is noticed.
            if !self.entries.contains(entry) {
                self.entries.insert(entry.clone());
            }
        }
        behind
    }
}
