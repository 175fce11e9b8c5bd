//! A batch that is ready to send.

use std::sync::Arc;

use crate::entry_span::EntrySpan;
use crate::items::count_items;
use crate::{Batch, Body, Buffers, Encoding, ItemId, LabelSet, Timestamp, json};

/// A batch as it is sent: its body, and the stream, time and item of each entry. The entries themselves are only in the
/// body, so that a push in flight takes little more memory than its compressed bytes.
#[derive(Clone, Debug)]
pub struct PackedBatch {
    encoding: Encoding,
    tenant: Option<Arc<str>>,
    streams: Vec<PackedStream>,
    body: Body,
    buffers: Buffers,
}

/// A stream and the places of its entries, in the order of the body.
#[derive(Clone, Debug)]
pub(crate) struct PackedStream {
    pub(crate) labels: Arc<LabelSet>,
    pub(crate) spans: Vec<EntrySpan>,
}

impl PackedBatch {
    pub(crate) fn new(
        encoding: Encoding,
        tenant: Option<Arc<str>>,
        streams: Vec<PackedStream>,
        body: Body,
        buffers: Buffers,
    ) -> Self {
        Self {
            encoding,
            tenant,
            streams,
            body,
            buffers,
        }
    }

    /// Returns the tenant that the entries name with [`TENANT_LABEL`](crate::TENANT_LABEL).
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.streams.iter().map(|stream| stream.spans.len()).sum()
    }

    /// Returns whether there are no entries. Loki refuses a push without streams.
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// Returns the body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Returns the items that the entries came from, in order, each with the number of its entries.
    pub fn items(&self) -> Vec<(ItemId, u64)> {
        let spans = self.streams.iter().flat_map(|stream| &stream.spans);
        count_items(spans.map(|span| span.item))
    }

    /// Returns each stream with the time of its oldest entry.
    pub fn oldest_entries(&self) -> impl Iterator<Item = (Arc<LabelSet>, Timestamp)> {
        self.streams.iter().filter_map(|stream| {
            // The entries are sorted by time.
            let oldest = stream.spans.first()?.timestamp();
            Some((Arc::clone(&stream.labels), oldest))
        })
    }

    /// Describes the entry if there is only one: its labels, its time in nanoseconds since 1970, as in Loki's API, and
    /// the length of its encoded form.
    pub fn only_entry(&self) -> Option<String> {
        let [PackedStream { labels, spans }] = self.streams.as_slice() else {
            return None;
        };
        let [span] = spans.as_slice() else {
            return None;
        };
        let (nanos, len) = (span.timestamp().unix_nanos(), span.end);
        Some(format!("{labels} at {nanos}, {len} bytes"))
    }

    /// Splits the batch into two, each with about half of the bytes, for a server that does not take a push of this
    /// size. The entries are not encoded again.
    ///
    /// # Errors
    /// Returns the batch itself when it has fewer than two entries.
    pub fn halves(self) -> Result<(Batch, Batch), Self> {
        if self.len() < 2 {
            return Err(self);
        }
        let mut left_entries = first_half(&self.entry_lens());
        self.split(|_| {
            let is_left = left_entries > 0;
            left_entries = left_entries.saturating_sub(1);
            is_left
        })
    }

    /// Splits the batch into two, each with the entries of about half of the items. The entries are not encoded again.
    ///
    /// # Errors
    /// Returns the batch itself when all entries are of one item.
    pub fn halves_by_item(self) -> Result<(Batch, Batch), Self> {
        let items = self.items();
        let middle = items.len() / 2;
        match items.get(middle) {
            Some((first_right, _)) if middle > 0 => self.split(|span| span.item < *first_right),
            _ => Err(self),
        }
    }

    /// Splits the batch into its streams. The entries are not encoded again.
    ///
    /// # Errors
    /// Returns the batch itself when it has fewer than two streams.
    pub fn streams_apart(self) -> Result<Vec<Batch>, Self> {
        if self.streams.len() < 2 {
            return Err(self);
        }
        let Some(plain) = self.body.plain() else {
            // Snappy can read what it has written.
            debug_assert!(false, "a body should be readable");
            return Err(self);
        };
        let mut parts: Vec<Batch> = Vec::with_capacity(self.streams.len());
        for (labels, encoded, span) in self.entries(&plain) {
            if !parts.last().is_some_and(|part| part.last_added_to(labels)) {
                parts.push(Batch::new(self.encoding, self.tenant.clone(), &self.buffers));
            }
            if let Some(part) = parts.last_mut() {
                part.add_encoded(labels, encoded, span.timestamp(), span.item);
            }
        }
        Ok(parts)
    }

    /// Splits the batch into the entries that belong to the left part and the others. The entries are not encoded
    /// again.
    fn split(self, mut is_left: impl FnMut(&EntrySpan) -> bool) -> Result<(Batch, Batch), Self> {
        let Some(plain) = self.body.plain() else {
            // Snappy can read what it has written.
            debug_assert!(false, "a body should be readable");
            return Err(self);
        };
        let part = || Batch::new(self.encoding, self.tenant.clone(), &self.buffers);
        let (mut left, mut right) = (part(), part());
        for (labels, encoded, span) in self.entries(&plain) {
            let part = if is_left(span) { &mut left } else { &mut right };
            part.add_encoded(labels, encoded, span.timestamp(), span.item);
        }
        Ok((left, right))
    }

    /// Returns the lengths of all encoded entries, in the order of the body.
    fn entry_lens(&self) -> Vec<usize> {
        let mut lens = Vec::with_capacity(self.len());
        for stream in &self.streams {
            let mut from = 0;
            for span in &stream.spans {
                lens.push(span.end - from);
                from = span.end;
            }
        }
        lens
    }

    /// Returns each entry in its encoded form, with its labels. `plain` is the body before compression.
    fn entries<'a>(
        &'a self,
        plain: &'a [u8],
    ) -> impl Iterator<Item = (&'a Arc<LabelSet>, &'a [u8], &'a EntrySpan)> {
        let mut rest = plain;
        let separator = self.encoding.entry_separator().len();
        if self.encoding == Encoding::Json {
            rest = skip(rest, json::REQUEST_START.len());
        }
        self.streams.iter().flat_map(move |stream| {
            let entries_len = stream.spans.last().map_or(0, |span| span.end);
            let separators = separator * (stream.spans.len() - 1);
            let before = self.encoding.before_entries(&stream.labels, entries_len);
            let entries = skip(rest, before);
            rest = skip(entries, entries_len + separators + self.encoding.after_entries());
            let mut from = 0;
            stream.spans.iter().enumerate().map(move |(index, span)| {
                let shift = index * separator;
                let encoded = entries.get(from + shift..span.end + shift).unwrap_or_default();
                from = span.end;
                (&stream.labels, encoded, span)
            })
        })
    }
}

/// Returns the bytes after the first `len`, which are none if there are fewer.
fn skip(bytes: &[u8], len: usize) -> &[u8] {
    bytes.get(len..).unwrap_or_default()
}

/// Returns the number of entries that make up the first half of the bytes: at least one, and not all.
fn first_half(lens: &[usize]) -> usize {
    let half = lens.iter().sum::<usize>() / 2;
    let mut bytes = 0;
    let fit = lens.iter().take_while(|len| {
        bytes += **len;
        bytes <= half
    });
    fit.count().clamp(1, lens.len() - 1)
}
