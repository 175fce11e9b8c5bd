//! One push in the making.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::stream::Stream;
use crate::{Body, BodyError, Encoding, Entry, ItemId, LabelSet, Timestamp, json};

/// The entries of one tenant that go out in one push, grouped by stream and already encoded.
///
/// [`body_len`](Self::body_len) is exact at all times, so a batch can be kept below a size.
#[derive(Clone, Debug)]
pub struct Batch {
    encoding: Encoding,
    tenant: Option<Arc<str>>,
    streams: Vec<Stream>,
    by_labels: HashMap<Arc<LabelSet>, usize>,
    /// The stream the last entry went to: runs of one stream are the rule.
    last: usize,
    streams_len: usize,
    entries: usize,
}

impl Batch {
    /// An empty batch for `tenant`; none is the tenant the client is configured with.
    pub fn new(encoding: Encoding, tenant: Option<Arc<str>>) -> Self {
        Self {
            encoding,
            tenant,
            streams: Vec::new(),
            by_labels: HashMap::new(),
            last: 0,
            streams_len: 0,
            entries: 0,
        }
    }

    /// The tenant that entries asked for with [`TENANT_LABEL`](crate::TENANT_LABEL).
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether there are none. Loki refuses a push without streams.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// Bytes of the body before compression.
    pub fn body_len(&self) -> usize {
        self.encoding.body_len(self.streams_len)
    }

    /// What [`body_len`](Self::body_len) would be with this entry added.
    pub fn body_len_with(&self, entry: &Entry<'_>) -> usize {
        let entry_len = self.encoding.entry_len(entry);
        let (before, after) = match self.find(&entry.labels) {
            Some(at) => (self.streams[at].len(), self.streams[at].len_with(entry_len)),
            None => {
                let stream = Stream::new(self.encoding, Arc::clone(&entry.labels));
                (0, stream.len_with(entry_len))
            }
        };
        self.encoding.body_len(self.streams_len - before + after)
    }

    /// Adds an entry that `item` brought.
    pub fn add(&mut self, entry: &Entry<'_>, item: ItemId) {
        let at = self.find(&entry.labels).unwrap_or_else(|| {
            let labels = Arc::clone(&entry.labels);
            self.by_labels.insert(Arc::clone(&labels), self.streams.len());
            self.streams.push(Stream::new(self.encoding, labels));
            self.streams.len() - 1
        });
        let stream = &mut self.streams[at];
        let before = stream.len();
        stream.add(entry, item);
        self.streams_len += stream.len() - before;
        self.entries += 1;
        self.last = at;
    }

    /// The items its entries came from, in order, and how many came from each.
    pub fn items(&self) -> Vec<(ItemId, u64)> {
        let mut counts = BTreeMap::new();
        for item in self.streams.iter().flat_map(Stream::items) {
            *counts.entry(item).or_insert(0) += 1;
        }
        counts.into_iter().collect()
    }

    /// If there is only one entry: which, in words. Its time is in nanoseconds since 1970, as Loki's API
    /// has it, its length that of the encoded entry.
    pub fn only_entry(&self) -> Option<String> {
        let [stream] = self.streams.as_slice() else {
            return None;
        };
        let [len] = stream.entry_lens()[..] else {
            return None;
        };
        let (time, _) = stream.time_range()?;
        let labels = stream.labels();
        Some(format!("{labels} at {}, {len} bytes", time.unix_nanos()))
    }

    /// The streams it has entries of, each with the times of its oldest and newest entry.
    pub fn time_ranges(&self) -> impl Iterator<Item = (&Arc<LabelSet>, Timestamp, Timestamp)> {
        self.streams.iter().filter_map(|stream| {
            let (oldest, newest) = stream.time_range()?;
            Some((stream.labels(), oldest, newest))
        })
    }

    /// Two batches with the entries of this one, about half the bytes in each: for a server that takes
    /// no push of this size. Nothing is encoded again.
    ///
    /// # Errors
    /// Gives the batch back when it has fewer than two entries.
    pub fn halves(self) -> Result<(Self, Self), Self> {
        if self.entries < 2 {
            return Err(self);
        }
        let lens = self.streams.iter().flat_map(Stream::entry_lens);
        let first = first_half(&lens.collect::<Vec<_>>());
        let (encoding, tenant) = (self.encoding, self.tenant);
        let (mut left, mut right) = (Self::new(encoding, tenant.clone()), Self::new(encoding, tenant));
        let mut room = first;
        for stream in self.streams {
            let taken = room.min(stream.entries());
            room -= taken;
            let (head, tail) = stream.split(taken);
            left.add_stream(head);
            right.add_stream(tail);
        }
        Ok((left, right))
    }

    fn add_stream(&mut self, stream: Stream) {
        if stream.entries() == 0 {
            return;
        }
        self.by_labels
            .insert(Arc::clone(stream.labels()), self.streams.len());
        self.streams_len += stream.len();
        self.entries += stream.entries();
        self.streams.push(stream);
    }

    /// The body of the push. The entries of a stream are sorted by time: Loki measures how late an
    /// entry is against the newest one before it, within one push too.
    ///
    /// # Errors
    /// When the body is too large for snappy, which ends at 4 GiB.
    pub fn body(&self) -> Result<Body, BodyError> {
        let mut plain = Vec::with_capacity(self.body_len());
        match self.encoding {
            Encoding::Protobuf => self.streams.iter().for_each(|stream| stream.write(&mut plain)),
            Encoding::Json => {
                plain.extend_from_slice(json::REQUEST_START);
                for (index, stream) in self.streams.iter().enumerate() {
                    if index > 0 {
                        plain.extend_from_slice(json::COMMA);
                    }
                    stream.write(&mut plain);
                }
                plain.extend_from_slice(json::REQUEST_END);
            }
        }
        debug_assert_eq!(plain.len(), self.body_len());
        Body::new(self.encoding, plain)
    }

    fn find(&self, labels: &Arc<LabelSet>) -> Option<usize> {
        let last = self.streams.get(self.last)?;
        if Arc::ptr_eq(last.labels(), labels) {
            return Some(self.last);
        }
        self.by_labels.get(labels).copied()
    }
}

/// How many entries make up the first half of the bytes: at least one, and not all.
fn first_half(lens: &[usize]) -> usize {
    let half = lens.iter().sum::<usize>() / 2;
    let mut bytes = 0;
    let fit = lens.iter().take_while(|len| {
        bytes += **len;
        bytes <= half
    });
    fit.count().clamp(1, lens.len() - 1)
}
