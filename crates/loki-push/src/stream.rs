//! A stream of a batch.

use std::ops::Range;
use std::sync::Arc;

use crate::buffers::SMALL;
use crate::entry_span::EntrySpan;
use crate::snappy::{PIECE, Snappy};
use crate::{Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp, json, protobuf};

/// The space before the bytes of a stream for its tag and length.
const HEADROOM: usize = protobuf::MAX_STREAM_START;

/// A label set and its entries in encoded form: the head, and after it the entries in the order in which they were
/// added.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    labels: Arc<LabelSet>,
    encoding: Encoding,
    /// The first bytes of the stream, if they are already compressed.
    pieces: Option<Snappy>,
    /// [`HEADROOM`] bytes, and after them the bytes of the stream that are not compressed yet. Because of the
    /// headroom, a stream that is alone in its batch becomes the body without a copy.
    bytes: Vec<u8>,
    /// The length of the head, which precedes the first entry, in bytes.
    head_len: usize,
    spans: Vec<EntrySpan>,
    times: Times,
}

/// The range and order of the times of a stream's entries.
#[derive(Clone, Copy, Debug)]
struct Times {
    /// The times of the oldest and the newest entry.
    range: Option<(Timestamp, Timestamp)>,
    /// Whether each entry is at least as new as the one before it.
    in_order: bool,
}

/// The state of a stream before [`Stream::add`], with which the addition can be undone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint {
    bytes: usize,
    times: Times,
}

impl Stream {
    /// Creates an empty stream in the memory of `buffer`, which must be empty, with capacity for `entries` entries.
    pub(crate) fn new(encoding: Encoding, labels: Arc<LabelSet>, buffer: Vec<u8>, entries: usize) -> Self {
        let mut bytes = buffer;
        bytes.reserve(SMALL);
        bytes.resize(HEADROOM, 0);
        encoding.write_stream_head(&labels, &mut bytes);
        Self {
            labels,
            encoding,
            pieces: None,
            head_len: bytes.len() - HEADROOM,
            bytes,
            spans: Vec::with_capacity(entries),
            times: Times {
                range: None,
                in_order: true,
            },
        }
    }

    pub(crate) fn labels(&self) -> &Arc<LabelSet> {
        &self.labels
    }

    pub(crate) fn entries(&self) -> usize {
        self.spans.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Returns the times of the oldest and the newest entry, or `None` if the stream is empty.
    pub(crate) fn time_range(&self) -> Option<(Timestamp, Timestamp)> {
        self.times.range
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = ItemId> {
        self.spans.iter().map(|span| span.item)
    }

    /// Returns the number of bytes that the stream adds to the body. An empty stream adds none.
    pub(crate) fn len(&self) -> usize {
        match self.spans.len() {
            0 => 0,
            entries => self.encoding.stream_len(self.content_len(), entries),
        }
    }

    /// Returns the length of head and entries before compression, in bytes.
    fn content_len(&self) -> usize {
        self.compressed_len() + self.rest().len()
    }

    /// Returns the number of the stream's bytes that are already compressed, counted before compression.
    fn compressed_len(&self) -> usize {
        self.pieces.as_ref().map_or(0, Snappy::plain_len)
    }

    /// Adds an entry that came from `item`, and returns what is needed to undo that.
    pub(crate) fn add(&mut self, entry: &Entry<'_>, item: ItemId) -> Checkpoint {
        let before = self.checkpoint();
        self.encoding.write_entry(entry, &mut self.bytes);
        self.record(entry.timestamp, item);
        before
    }

    /// Adds an entry that is already encoded.
    pub(crate) fn add_encoded(&mut self, encoded: &[u8], timestamp: Timestamp, item: ItemId) {
        self.bytes.extend_from_slice(encoded);
        self.record(timestamp, item);
    }

    /// Returns the state that [`take_back`](Self::take_back) restores.
    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            bytes: self.bytes.len(),
            times: self.times,
        }
    }

    /// Records the time, the item and the end of an entry whose bytes were just appended.
    fn record(&mut self, timestamp: Timestamp, item: ItemId) {
        let times = &mut self.times;
        times.range = Some(match times.range {
            None => (timestamp, timestamp),
            // The entry is the newest one so far, so the order is kept.
            Some((oldest, newest)) if timestamp >= newest => (oldest, timestamp),
            Some((oldest, newest)) => {
                times.in_order = false;
                (oldest.min(timestamp), newest)
            }
        });
        let end = self.content_len() - self.head_len;
        self.spans.push(EntrySpan::new(end, timestamp, item));
    }

    /// Removes the entry that was added last. Nothing may have been compressed since.
    pub(crate) fn take_back(&mut self, before: Checkpoint) {
        self.spans.pop();
        self.bytes.truncate(before.bytes);
        self.times = before.times;
    }

    /// Compresses the bytes added so far, in whole pieces. Entries that are out of order are left as they are, since
    /// they must be sorted first.
    #[inline]
    pub(crate) fn compress_pieces(&mut self, buffers: &Buffers) {
        if self.bytes.len() >= HEADROOM + PIECE && self.times.in_order && self.encoding == Encoding::Protobuf
        {
            self.compress_whole_pieces(buffers);
        }
    }

    /// Compresses as many whole pieces as there are.
    fn compress_whole_pieces(&mut self, buffers: &Buffers) {
        let plain = self.bytes.len() - HEADROOM;
        let end = HEADROOM + plain - plain % PIECE;
        let pieces = self
            .pieces
            .get_or_insert_with(|| Snappy::new(buffers.take_compressed()));
        // After a failure here the bytes are compressed when the body is made, where the error can be returned.
        if pieces.compress(&self.bytes[HEADROOM..end], buffers).is_ok() {
            self.bytes.drain(HEADROOM..end);
        }
    }

    /// Compresses the bytes that are left after whole pieces, and returns the memory that they were encoded in to the
    /// pool. After that nothing may be added. A stream without a compressed piece is left as it is, since small streams
    /// become smaller when they are compressed together.
    pub(crate) fn compress_rest(&mut self, buffers: &Buffers) {
        if let Some(pieces) = &mut self.pieces
            && self.times.in_order
            && pieces.compress(&self.bytes[HEADROOM..], buffers).is_ok()
        {
            buffers.give(std::mem::take(&mut self.bytes));
        }
    }

    /// Decompresses what [`compress_pieces`](Self::compress_pieces) has compressed, if the entries must be sorted.
    pub(crate) fn prepare(&mut self, buffers: &Buffers) -> Result<(), snap::Error> {
        if self.times.in_order {
            return Ok(());
        }
        if let Some(pieces) = self.pieces.take() {
            let block = pieces.into_block()?;
            let first = snap::raw::Decoder::new().decompress_vec(block.get())?;
            // Not `splice`, which copies from an iterator byte by byte.
            let rest = self.bytes.split_off(HEADROOM);
            self.bytes.extend_from_slice(&first);
            self.bytes.extend_from_slice(&rest);
            buffers.give_compressed(block.into_buffer());
        }
        Ok(())
    }

    /// Returns the stream as the whole body of a push, if that is possible without a copy.
    pub(crate) fn as_body(&mut self) -> Option<&[u8]> {
        if self.pieces.is_some() || !self.times.in_order || self.encoding != Encoding::Protobuf {
            return None;
        }
        let (room, content) = self.bytes.split_at_mut(HEADROOM);
        let from = protobuf::write_stream_start_before(content.len(), room);
        Some(&self.bytes[from..])
    }

    /// Appends the stream's protobuf tag and length, which precede head and entries.
    pub(crate) fn write_start(&self, out: &mut Vec<u8>) {
        protobuf::write_stream_start(self.content_len(), out);
    }

    /// Takes out the first bytes, if they are already compressed. To be called after [`prepare`](Self::prepare).
    pub(crate) fn take_pieces(&mut self) -> Option<Snappy> {
        self.pieces.take()
    }

    /// Returns the bytes that are not compressed, which follow those of [`take_pieces`](Self::take_pieces).
    pub(crate) fn rest(&self) -> &[u8] {
        self.bytes.get(HEADROOM..).unwrap_or_default()
    }

    /// Appends head, entries and the end of the stream. None of them may be compressed.
    pub(crate) fn write_content(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.rest()[..self.head_len]);
        self.write_entries(out);
        if self.encoding == Encoding::Json {
            out.extend_from_slice(json::STREAM_END);
        }
    }

    /// Returns the labels, the places of the entries, sorted by time, and the memory for another use.
    pub(crate) fn into_parts(mut self) -> (Arc<LabelSet>, Vec<EntrySpan>, Vec<u8>) {
        if !self.times.in_order {
            let mut end = 0;
            let mut ordered: Vec<EntrySpan> = Vec::with_capacity(self.spans.len());
            for (range, span) in self.ordered() {
                end += range.len();
                ordered.push(span.ending_at(end));
            }
            self.spans = ordered;
        }
        (self.labels, self.spans, self.bytes)
    }

    /// Appends the entries, sorted by time, with separators between them.
    fn write_entries(&self, out: &mut Vec<u8>) {
        let separator = self.encoding.entry_separator();
        let entries = &self.rest()[self.head_len..];
        if self.times.in_order && separator.is_empty() {
            out.extend_from_slice(entries);
            return;
        }
        for (index, (range, _)) in self.ordered().enumerate() {
            if index > 0 {
                out.extend_from_slice(separator);
            }
            out.extend_from_slice(&entries[range]);
        }
    }

    /// Returns the range of each entry in the buffer, sorted by time. Entries with equal times keep their order.
    fn ordered(&self) -> impl Iterator<Item = (Range<usize>, EntrySpan)> {
        let mut from = 0;
        let placed = self.spans.iter().map(|span| {
            let range = from..span.end;
            from = span.end;
            (range, *span)
        });
        let mut placed: Vec<(Range<usize>, EntrySpan)> = placed.collect();
        if !self.times.in_order {
            placed.sort_by_key(|(_, span)| span.timestamp());
        }
        placed.into_iter()
    }
}
