//! A batch of entries that still grows.

use std::sync::Arc;

use crate::items::count_items;
use crate::packed_batch::{PackedBatch, PackedStream};
use crate::snappy::Snappy;
use crate::stream::Stream;
use crate::{Body, BodyError, Buffers, Encoding, Entry, ItemId, LabelSet, LabelSetMap, Timestamp, json};

/// The number of streams of a batch that are encoded in pooled buffers of any size. The further streams of a batch are
/// mostly small. With their buffers in the same pool, none was left there for the whole body, whose memory then came
/// from the system, page by page.
const LARGE_STREAMS: usize = 3;

/// The entries of one tenant that are sent in one push, grouped by stream and already encoded.
///
/// [`body_len`](Self::body_len) is exact at all times, so a batch can be kept below a size.
#[derive(Clone, Debug)]
pub struct Batch {
    encoding: Encoding,
    tenant: Option<Arc<str>>,
    buffers: Buffers,
    /// Whether nothing is compressed before [`pack`](Self::pack).
    compresses_late: bool,
    /// The number of entries that the first stream is expected to have.
    expected: usize,
    streams: Vec<Stream>,
    by_labels: LabelSetMap<usize>,
    /// The index of the stream that the last entry was added to. Most entries have the same stream as the one before.
    last: usize,
    /// The bytes that the streams take in the body.
    streams_len: usize,
    entries: usize,
    /// The number of entries that were added to any batch before the first one of this.
    start: u64,
}

impl Batch {
    /// Creates an empty batch for `tenant`. `None` means the tenant that the client is configured with.
    pub fn new(encoding: Encoding, tenant: Option<Arc<str>>, buffers: &Buffers) -> Self {
        Self {
            encoding,
            tenant,
            buffers: buffers.clone(),
            compresses_late: false,
            expected: 0,
            streams: Vec::new(),
            by_labels: LabelSetMap::default(),
            last: 0,
            streams_len: 0,
            entries: 0,
            start: 0,
        }
    }

    /// Sets whether all compression is left to [`pack`](Self::pack), which can run on another core. Otherwise
    /// entries are compressed as they are added, while they are still in the processor's cache, which costs less.
    #[must_use]
    pub(crate) fn compressing_late(mut self, late: bool) -> Self {
        self.compresses_late = late;
        self
    }

    /// Sets the number of entries that were added to any batch before the first one of this.
    #[must_use]
    pub(crate) fn starting_at(mut self, start: u64) -> Self {
        self.start = start;
        self
    }

    /// Returns the number of entries that were added to any batch before the first one of this, or 0 for a batch that is
    /// a part of another.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// Creates an empty batch for the same tenant, with the capacity that this one needed. A list that doubles as it
    /// grows would leave gaps in memory that are too small to be used again while pushes are in flight.
    pub(crate) fn next(&self) -> Self {
        Self {
            expected: self.streams.first().map_or(0, Stream::entries),
            streams: Vec::with_capacity(self.streams.len()),
            by_labels: LabelSetMap::with_capacity_and_hasher(self.streams.len(), Default::default()),
            ..Self::new(self.encoding, self.tenant.clone(), &self.buffers)
        }
        .compressing_late(self.compresses_late)
    }

    /// Returns the tenant that the entries name with [`TENANT_LABEL`](crate::TENANT_LABEL).
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Returns whether there are no entries. Loki refuses a push without streams.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// Returns the length of the body before compression, in bytes.
    pub fn body_len(&self) -> usize {
        self.encoding.body_len(self.streams_len)
    }

    /// Adds an entry that came from `item`.
    pub fn add(&mut self, entry: &Entry<'_>, item: ItemId) {
        self.add_within(entry, item, usize::MAX);
    }

    /// Adds an entry that came from `item` if the body then has no more than `limit` bytes, and returns whether it was
    /// added. An empty batch takes an entry of any size.
    pub fn add_within(&mut self, entry: &Entry<'_>, item: ItemId, limit: usize) -> bool {
        // A line that is longer than the limit must not make the buffer grow.
        if !self.is_empty() && self.body_len().saturating_add(entry.line.len()) > limit {
            return false;
        }
        let at = self.stream_of(&entry.labels);
        let is_first = self.is_empty();
        let stream = &mut self.streams[at];
        let before = stream.len();
        let added = stream.add(entry, item);
        let streams_len = self.streams_len - before + stream.len();
        if !is_first && self.encoding.body_len(streams_len) > limit {
            stream.take_back(added);
            return false;
        }
        if !self.compresses_late {
            stream.compress_pieces(&self.buffers);
        }
        self.record(at, streams_len);
        true
    }

    /// Adds an entry that is already encoded.
    pub(crate) fn add_encoded(
        &mut self,
        labels: &Arc<LabelSet>,
        encoded: &[u8],
        timestamp: Timestamp,
        item: ItemId,
    ) {
        let at = self.stream_of(labels);
        let stream = &mut self.streams[at];
        let before = stream.len();
        stream.add_encoded(encoded, timestamp, item);
        let streams_len = self.streams_len - before + stream.len();
        self.record(at, streams_len);
    }

    /// Compresses the rest of the streams that are compressed in part, after which nothing may be added. The next batch
    /// can then be encoded in the same memory, which is still in the processor's cache.
    pub(crate) fn compress_rest(&mut self) {
        for stream in &mut self.streams {
            stream.compress_rest(&self.buffers);
        }
    }

    /// Updates the counts after an entry was added to the stream at index `at`.
    fn record(&mut self, at: usize, streams_len: usize) {
        self.streams_len = streams_len;
        self.entries += 1;
        self.last = at;
    }

    /// Returns whether the last entry was added to the stream with these labels. Compares pointers, not contents.
    pub(crate) fn last_added_to(&self, labels: &Arc<LabelSet>) -> bool {
        let last = self.streams.get(self.last);
        last.is_some_and(|stream| Arc::ptr_eq(stream.labels(), labels))
    }

    /// Returns the index of the stream with these labels, which is created if there is none.
    fn stream_of(&mut self, labels: &Arc<LabelSet>) -> usize {
        if self.last_added_to(labels) {
            return self.last;
        }
        if let Some(at) = self.by_labels.get(labels) {
            return *at;
        }
        let at = self.streams.len();
        self.by_labels.insert(Arc::clone(labels), at);
        let expected = if at == 0 { self.expected } else { 0 };
        let buffer = if at < LARGE_STREAMS {
            self.buffers.take()
        } else {
            self.buffers.take_small()
        };
        let stream = Stream::new(self.encoding, Arc::clone(labels), buffer, expected);
        self.streams.push(stream);
        at
    }

    /// Returns the items that the entries came from, in order, each with the number of its entries.
    pub fn items(&self) -> Vec<(ItemId, u64)> {
        count_items(self.streams.iter().flat_map(Stream::items))
    }

    /// Returns the streams, each with the times of its oldest and newest entry.
    pub fn time_ranges(&self) -> impl Iterator<Item = (&Arc<LabelSet>, Timestamp, Timestamp)> {
        self.streams.iter().filter_map(|stream| {
            let (oldest, newest) = stream.time_range()?;
            Some((stream.labels(), oldest, newest))
        })
    }

    /// Removes the streams for which `why`, given their labels and the time of their newest entry, returns a reason.
    /// Returns, for each removed stream, the reason and the item of each of its entries.
    pub fn remove_streams<R>(
        &mut self,
        mut why: impl FnMut(&Arc<LabelSet>, Timestamp) -> Option<R>,
    ) -> Vec<(R, Vec<ItemId>)> {
        let mut removed = Vec::new();
        let mut kept = Vec::with_capacity(self.streams.len());
        for stream in std::mem::take(&mut self.streams) {
            let reason = stream
                .time_range()
                .and_then(|(_, newest)| why(stream.labels(), newest));
            match reason {
                None => kept.push(stream),
                Some(reason) => {
                    self.streams_len -= stream.len();
                    self.entries -= stream.entries();
                    removed.push((reason, stream.items().collect()));
                }
            }
        }
        self.streams = kept;
        if !removed.is_empty() {
            let places = self.streams.iter().enumerate();
            self.by_labels = places
                .map(|(at, stream)| (Arc::clone(stream.labels()), at))
                .collect();
            self.last = 0;
        }
        removed
    }

    /// Encodes the body. The entries of each stream are sorted by time, since Loki compares the time of an entry with
    /// the newest one before it, also within one push.
    ///
    /// # Errors
    /// Returns an error when the body is too large for snappy, whose limit is 4 GiB.
    pub fn pack(mut self) -> Result<PackedBatch, BodyError> {
        self.streams.retain(|stream| !stream.is_empty());
        let body = self.body()?;
        let streams = self.streams.into_iter().enumerate().map(|(at, stream)| {
            let (labels, spans, buffer) = stream.into_parts();
            if at < LARGE_STREAMS {
                self.buffers.give(buffer);
            } else {
                self.buffers.give_small(buffer);
            }
            PackedStream { labels, spans }
        });
        Ok(PackedBatch::new(
            self.encoding,
            self.tenant,
            streams.collect(),
            body,
            self.buffers,
        ))
    }

    /// Returns the whole body, compressed where the encoding asks for it.
    fn body(&mut self) -> Result<Body, BodyError> {
        let body_len = self.body_len();
        match self.encoding {
            Encoding::Json => {
                let mut plain = Vec::with_capacity(body_len);
                self.write_json(&mut plain);
                debug_assert_eq!(plain.len(), body_len);
                Ok(Body::json(plain))
            }
            Encoding::Protobuf => {
                let too_large = |source| BodyError::new(body_len, source);
                let snappy = self.compress().map_err(too_large)?;
                debug_assert_eq!(snappy.plain_len(), body_len);
                let block = snappy.into_block().map_err(too_large)?;
                Ok(Body::protobuf(block.into_bytes(&self.buffers)))
            }
        }
    }

    /// Compresses what is not compressed yet, and joins it with the parts that are.
    fn compress(&mut self) -> Result<Snappy, snap::Error> {
        if let [stream] = self.streams.as_mut_slice()
            && let Some(plain) = stream.as_body()
        {
            let mut snappy = Snappy::new(self.buffers.take_compressed());
            snappy.compress(plain, &self.buffers)?;
            return Ok(snappy);
        }
        let mut snappy = Snappy::new(self.buffers.take_compressed());
        // The bytes that come next and are not compressed yet.
        let mut plain = self.buffers.take();
        let last = self.streams.len().saturating_sub(1);
        for (index, stream) in self.streams.iter_mut().enumerate() {
            stream.prepare(&self.buffers)?;
            stream.write_start(&mut plain);
            let Some(mut pieces) = stream.take_pieces() else {
                stream.write_content(&mut plain);
                continue;
            };
            if snappy.plain_len() == 0 && pieces.prepend(&plain) {
                // The stream is the first, so its pieces need not be copied.
                std::mem::swap(&mut snappy, &mut pieces);
            } else {
                snappy.compress(&plain, &self.buffers)?;
                snappy.append(&pieces);
            }
            self.buffers.give_compressed(pieces.into_buffer());
            plain.clear();
            if index == last {
                snappy.compress(stream.rest(), &self.buffers)?;
            } else {
                plain.extend_from_slice(stream.rest());
            }
        }
        snappy.compress(&plain, &self.buffers)?;
        self.buffers.give(plain);
        Ok(snappy)
    }

    /// Writes the whole JSON body.
    fn write_json(&self, plain: &mut Vec<u8>) {
        plain.extend_from_slice(json::REQUEST_START);
        for (index, stream) in self.streams.iter().enumerate() {
            if index > 0 {
                plain.extend_from_slice(json::COMMA);
            }
            stream.write_content(plain);
        }
        plain.extend_from_slice(json::REQUEST_END);
    }
}
