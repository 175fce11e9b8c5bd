//! One stream of a batch.

use std::sync::Arc;

use crate::{Encoding, Entry, ItemId, LabelSet, Timestamp, json, protobuf};

/// A label set and its entries, already encoded.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    labels: Arc<LabelSet>,
    encoding: Encoding,
    /// What precedes the entries.
    head: Vec<u8>,
    /// The entries, one after the other in the order they came.
    encoded: Vec<u8>,
    spans: Vec<Span>,
    in_order: bool,
}

/// Where an entry lies in [`Stream::encoded`], and what must still be known of it there.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    end: usize,
    timestamp: Timestamp,
    item: ItemId,
}

impl Stream {
    pub(crate) fn new(encoding: Encoding, labels: Arc<LabelSet>) -> Self {
        Self {
            head: encoding.stream_head(&labels),
            labels,
            encoding,
            encoded: Vec::new(),
            spans: Vec::new(),
            in_order: true,
        }
    }

    pub(crate) fn labels(&self) -> &Arc<LabelSet> {
        &self.labels
    }

    /// How many entries it has.
    pub(crate) fn entries(&self) -> usize {
        self.spans.len()
    }

    /// The times of its oldest and newest entry; none when it is empty.
    pub(crate) fn time_range(&self) -> Option<(Timestamp, Timestamp)> {
        let times = || self.spans.iter().map(|span| span.timestamp);
        Some((times().min()?, times().max()?))
    }

    /// The encoded lengths of its entries, in the order [`split`](Self::split) counts them.
    pub(crate) fn entry_lens(&self) -> Vec<usize> {
        self.ordered().map(|span| span.end - span.start).collect()
    }

    /// Its first so many entries, oldest first, and the others.
    pub(crate) fn split(self, first: usize) -> (Self, Self) {
        let mut halves = [self.empty(), self.empty()];
        for (index, span) in self.ordered().enumerate() {
            halves[usize::from(index >= first)].append(&self.encoded[span.start..span.end], span);
        }
        halves.into()
    }

    fn empty(&self) -> Self {
        Self {
            labels: Arc::clone(&self.labels),
            encoding: self.encoding,
            head: self.head.clone(),
            encoded: Vec::new(),
            spans: Vec::new(),
            in_order: true,
        }
    }

    fn append(&mut self, encoded: &[u8], from: Span) {
        let start = self.encoded.len();
        self.encoded.extend_from_slice(encoded);
        let end = self.encoded.len();
        self.spans.push(Span { start, end, ..from });
    }

    /// Oldest first; entries of one time stay in the order they came.
    fn ordered(&self) -> impl Iterator<Item = Span> {
        let mut spans = self.spans.clone();
        if !self.in_order {
            spans.sort_by_key(|span| span.timestamp);
        }
        spans.into_iter()
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = ItemId> {
        self.spans.iter().map(|span| span.item)
    }

    /// What the stream adds to the body; an empty one adds nothing.
    pub(crate) fn len(&self) -> usize {
        match self.spans.len() {
            0 => 0,
            entries => self
                .encoding
                .stream_len(self.head.len() + self.encoded.len(), entries),
        }
    }

    /// What it would add with one more entry of that encoded length.
    pub(crate) fn len_with(&self, entry_len: usize) -> usize {
        self.encoding.stream_len(
            self.head.len() + self.encoded.len() + entry_len,
            self.spans.len() + 1,
        )
    }

    pub(crate) fn add(&mut self, entry: &Entry<'_>, item: ItemId) {
        let start = self.encoded.len();
        self.encoding.write_entry(entry, &mut self.encoded);
        self.in_order &= self
            .spans
            .last()
            .is_none_or(|last| last.timestamp <= entry.timestamp);
        self.spans.push(Span {
            start,
            end: self.encoded.len(),
            timestamp: entry.timestamp,
            item,
        });
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Protobuf => {
                protobuf::write_stream_start(self.head.len() + self.encoded.len(), out);
                out.extend_from_slice(&self.head);
                self.write_entries(b"", out);
            }
            Encoding::Json => {
                out.extend_from_slice(&self.head);
                self.write_entries(json::COMMA, out);
                out.extend_from_slice(json::STREAM_END);
            }
        }
    }

    fn write_entries(&self, separator: &[u8], out: &mut Vec<u8>) {
        if self.in_order && separator.is_empty() {
            out.extend_from_slice(&self.encoded);
            return;
        }
        for (index, span) in self.ordered().enumerate() {
            if index > 0 {
                out.extend_from_slice(separator);
            }
            out.extend_from_slice(&self.encoded[span.start..span.end]);
        }
    }
}
