//! One stream of a batch.

use std::ops::Range;
use std::sync::Arc;

use crate::entry_span::EntrySpan;
use crate::snappy::{PIECE, Snappy};
use crate::{Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp, json, protobuf};

/// Room before the bytes of a stream for what starts it.
const HEADROOM: usize = protobuf::MAX_STREAM_START;

/// Room for the labels and a line. With as many streams as entries, growing to it in steps took longer than encoding.
const MIN_CAPACITY: usize = 1024;

/// A label set and its entries, already encoded: what precedes the entries, then these, one after the other in the
/// order they came.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    labels: Arc<LabelSet>,
    encoding: Encoding,
    /// The first bytes, where they are compressed already ...
    pieces: Option<Snappy>,
    /// ... and after [`HEADROOM`] bytes the others. So a stream that is alone in its batch needs no copy to become the
    /// body.
    bytes: Vec<u8>,
    /// Bytes before the first entry.
    head_len: usize,
    spans: Vec<EntrySpan>,
    times: Times,
}

/// The times of a stream's entries.
#[derive(Clone, Copy, Debug)]
struct Times {
    /// Of the oldest entry and the newest.
    range: Option<(Timestamp, Timestamp)>,
    /// Whether none is older than the one before it.
    in_order: bool,
}

/// What [`Stream::add`] changed, to be undone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint {
    bytes: usize,
    times: Times,
}

impl Stream {
    /// An empty one with room for so many entries, in the memory of `buffer`, which is empty.
    pub(crate) fn new(encoding: Encoding, labels: Arc<LabelSet>, buffer: Vec<u8>, entries: usize) -> Self {
        let mut bytes = buffer;
        bytes.reserve(MIN_CAPACITY);
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

    /// The times of its oldest and newest entry; none when it is empty.
    pub(crate) fn time_range(&self) -> Option<(Timestamp, Timestamp)> {
        self.times.range
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = ItemId> {
        self.spans.iter().map(|span| span.item)
    }

    /// What the stream adds to the body; an empty one adds nothing.
    pub(crate) fn len(&self) -> usize {
        match self.spans.len() {
            0 => 0,
            entries => self.encoding.stream_len(self.content_len(), entries),
        }
    }

    /// Of head and entries.
    fn content_len(&self) -> usize {
        self.compressed_len() + self.rest().len()
    }

    fn compressed_len(&self) -> usize {
        self.pieces.as_ref().map_or(0, Snappy::plain_len)
    }

    /// Adds an entry that `item` brought.
    pub(crate) fn add(&mut self, entry: &Entry<'_>, item: ItemId) -> Checkpoint {
        let before = self.checkpoint();
        self.encoding.write_entry(entry, &mut self.bytes);
        self.record(entry.timestamp, item);
        before
    }

    /// Adds an entry that is encoded already.
    pub(crate) fn add_encoded(&mut self, encoded: &[u8], timestamp: Timestamp, item: ItemId) {
        self.bytes.extend_from_slice(encoded);
        self.record(timestamp, item);
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            bytes: self.bytes.len(),
            times: self.times,
        }
    }

    fn record(&mut self, timestamp: Timestamp, item: ItemId) {
        let times = &mut self.times;
        times.range = Some(match times.range {
            None => (timestamp, timestamp),
            // In order, the newest is the last.
            Some((oldest, newest)) if timestamp >= newest => (oldest, timestamp),
            Some((oldest, newest)) => {
                times.in_order = false;
                (oldest.min(timestamp), newest)
            }
        });
        let end = self.content_len() - self.head_len;
        self.spans.push(EntrySpan::new(end, timestamp, item));
    }

    /// Takes the entry away again that was added last; nothing was compressed since.
    pub(crate) fn take_back(&mut self, added: Checkpoint) {
        self.spans.pop();
        self.bytes.truncate(added.bytes);
        self.times = added.times;
    }

    /// Compresses what there is by now, in whole pieces, if nothing speaks against it: where entries are to be
    /// sorted, they are needed as they are.
    #[inline]
    pub(crate) fn compress_pieces(&mut self, buffers: &Buffers) {
        if self.bytes.len() >= HEADROOM + PIECE && self.times.in_order && self.encoding == Encoding::Protobuf
        {
            self.compress_whole_pieces(buffers);
        }
    }

    fn compress_whole_pieces(&mut self, buffers: &Buffers) {
        let plain = self.bytes.len() - HEADROOM;
        let end = HEADROOM + plain - plain % PIECE;
        let pieces = self
            .pieces
            .get_or_insert_with(|| Snappy::new(buffers.take_compressed()));
        // What is not compressed now will be when the body is made, which can fail.
        if pieces.compress(&self.bytes[HEADROOM..end], buffers).is_ok() {
            self.bytes.drain(HEADROOM..end);
        }
    }

    /// Compresses what is left after whole pieces, if nothing speaks against it, and gives the memory back that it was
    /// encoded in. Nothing can be added any more. A stream that has no piece yet stays as it is: small ones are
    /// compressed together, which makes them smaller.
    pub(crate) fn compress_rest(&mut self, buffers: &Buffers) {
        if let Some(pieces) = &mut self.pieces
            && self.times.in_order
            && pieces.compress(&self.bytes[HEADROOM..], buffers).is_ok()
        {
            buffers.give(std::mem::take(&mut self.bytes));
        }
    }

    /// Undoes what [`compress_pieces`](Self::compress_pieces) did if the entries must be sorted after all.
    pub(crate) fn prepare(&mut self, buffers: &Buffers) -> Result<(), snap::Error> {
        if self.times.in_order {
            return Ok(());
        }
        if let Some(pieces) = self.pieces.take() {
            let block = pieces.into_block()?;
            let first = snap::raw::Decoder::new().decompress_vec(block.get())?;
            self.bytes.splice(HEADROOM..HEADROOM, first);
            buffers.give_compressed(block.into_buffer());
        }
        Ok(())
    }

    /// The stream as the whole body of a push, if it can be had without a copy.
    pub(crate) fn as_body(&mut self) -> Option<&[u8]> {
        if self.pieces.is_some() || !self.times.in_order || self.encoding != Encoding::Protobuf {
            return None;
        }
        let (room, content) = self.bytes.split_at_mut(HEADROOM);
        let from = protobuf::write_stream_start_before(content.len(), room);
        Some(&self.bytes[from..])
    }

    /// Appends what precedes head and entries in protobuf.
    pub(crate) fn write_start(&self, out: &mut Vec<u8>) {
        protobuf::write_stream_start(self.content_len(), out);
    }

    /// The first bytes, if they are compressed already; after [`prepare`](Self::prepare).
    pub(crate) fn take_pieces(&mut self) -> Option<Snappy> {
        self.pieces.take()
    }

    /// The bytes after those of [`pieces`](Self::take_pieces).
    pub(crate) fn rest(&self) -> &[u8] {
        self.bytes.get(HEADROOM..).unwrap_or_default()
    }

    /// Appends head and entries, and what ends them; nothing of them is compressed.
    pub(crate) fn write_content(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.rest()[..self.head_len]);
        self.write_entries(out);
        if self.encoding == Encoding::Json {
            out.extend_from_slice(json::STREAM_END);
        }
    }

    /// Its parts, oldest entry first: labels, spans, and the memory, which is free now.
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

    /// Where each entry lies, oldest first; entries of one time stay in the order they came.
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
