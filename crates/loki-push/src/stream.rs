//! One stream of a batch.

use std::ops::Range;
use std::sync::Arc;

use crate::span::Span;
use crate::{Encoding, Entry, ItemId, LabelSet, Timestamp, json, protobuf};

/// A label set and its entries, already encoded.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    labels: Arc<LabelSet>,
    encoding: Encoding,
    /// Room for [`STREAM_START`](protobuf::STREAM_START) bytes, then what precedes the entries, then the
    /// entries, one after the other in the order they came. So a stream that is alone in its batch needs no
    /// copy to become the body.
    bytes: Vec<u8>,
    /// Where the first entry begins.
    entries_from: usize,
    spans: Vec<Span>,
    in_order: bool,
}

impl Stream {
    /// An empty one, in the memory of `buffer`.
    pub(crate) fn new(encoding: Encoding, labels: Arc<LabelSet>, buffer: Vec<u8>) -> Self {
        let mut bytes = buffer;
        bytes.clear();
        bytes.resize(protobuf::STREAM_START, 0);
        encoding.write_stream_head(&labels, &mut bytes);
        Self {
            labels,
            encoding,
            entries_from: bytes.len(),
            bytes,
            spans: Vec::new(),
            in_order: true,
        }
    }

    pub(crate) fn labels(&self) -> &Arc<LabelSet> {
        &self.labels
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The times of its oldest and newest entry; none when it is empty.
    pub(crate) fn time_range(&self) -> Option<(Timestamp, Timestamp)> {
        let times = || self.spans.iter().map(Span::timestamp);
        Some((times().min()?, times().max()?))
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = ItemId> {
        self.spans.iter().map(|span| span.item)
    }

    /// What the stream adds to the body; an empty one adds nothing.
    pub(crate) fn len(&self) -> usize {
        match self.spans.len() {
            0 => 0,
            entries => self.encoding.stream_len(self.content().len(), entries),
        }
    }

    /// Adds an entry that `item` brought.
    pub(crate) fn add(&mut self, entry: &Entry<'_>, item: ItemId) {
        self.encoding.write_entry(entry, &mut self.bytes);
        self.note(entry.timestamp, item);
    }

    /// Adds an entry that is encoded already.
    pub(crate) fn add_encoded(&mut self, encoded: &[u8], timestamp: Timestamp, item: ItemId) {
        self.bytes.extend_from_slice(encoded);
        self.note(timestamp, item);
    }

    fn note(&mut self, timestamp: Timestamp, item: ItemId) {
        self.in_order &= self.spans.last().is_none_or(|last| last.timestamp() <= timestamp);
        let end = self.bytes.len() - self.entries_from;
        self.spans.push(Span::new(end, timestamp, item));
    }

    /// Takes the last entry away again.
    pub(crate) fn remove_last(&mut self) {
        self.spans.pop();
        let end = self.spans.last().map_or(0, |span| span.end);
        self.bytes.truncate(self.entries_from + end);
        // `in_order` may have become false for the entry that is gone: then they are sorted in vain.
    }

    /// The stream as the whole body of a push, if it can be had without a copy.
    pub(crate) fn as_body(&mut self) -> Option<&[u8]> {
        if !self.in_order || self.encoding != Encoding::Protobuf {
            return None;
        }
        let (room, content) = self.bytes.split_at_mut(protobuf::STREAM_START);
        let from = protobuf::write_stream_start_before(content.len(), room);
        Some(&self.bytes[from..])
    }

    /// Appends the stream to a body.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Protobuf => {
                protobuf::write_stream_start(self.content().len(), out);
                self.write_head(out);
                self.write_entries(out);
            }
            Encoding::Json => {
                self.write_head(out);
                self.write_entries(out);
                out.extend_from_slice(json::STREAM_END);
            }
        }
    }

    /// Its parts, oldest entry first: labels, spans, and the memory, which is free now.
    pub(crate) fn into_parts(mut self) -> (Arc<LabelSet>, Vec<Span>, Vec<u8>) {
        if !self.in_order {
            let mut end = 0;
            let mut ordered: Vec<Span> = Vec::with_capacity(self.spans.len());
            for (range, span) in self.ordered() {
                end += range.len();
                ordered.push(span.ending_at(end));
            }
            self.spans = ordered;
        }
        (self.labels, self.spans, self.bytes)
    }

    /// Head and entries.
    fn content(&self) -> &[u8] {
        &self.bytes[protobuf::STREAM_START..]
    }

    fn write_head(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes[protobuf::STREAM_START..self.entries_from]);
    }

    fn write_entries(&self, out: &mut Vec<u8>) {
        let separator = self.encoding.entry_separator();
        let entries = &self.bytes[self.entries_from..];
        if self.in_order && separator.is_empty() {
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
    fn ordered(&self) -> impl Iterator<Item = (Range<usize>, Span)> {
        let mut from = 0;
        let placed = self.spans.iter().map(|span| {
            let range = from..span.end;
            from = span.end;
            (range, *span)
        });
        let mut placed: Vec<(Range<usize>, Span)> = placed.collect();
        if !self.in_order {
            placed.sort_by_key(|(_, span)| span.timestamp());
        }
        placed.into_iter()
    }
}
