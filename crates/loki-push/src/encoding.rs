//! The two body formats, and what a batch needs to know about each.

use crate::{Entry, LabelSet, json, protobuf};

/// The two body formats of Loki's push API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Protobuf in one snappy block, which is what upstream sends.
    #[default]
    Protobuf,
    /// JSON v1 without compression.
    Json,
}

impl Encoding {
    /// Returns the `Content-Type`, by which Loki distinguishes the two formats.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }

    /// Appends the bytes that precede a stream's entries.
    pub(crate) fn write_stream_head(self, labels: &LabelSet, out: &mut Vec<u8>) {
        match self {
            Self::Protobuf => protobuf::write_stream_head(labels, out),
            Self::Json => json::write_stream_head(labels, out),
        }
    }

    /// Appends the encoded entry, without a separator.
    pub(crate) fn write_entry(self, entry: &Entry<'_>, out: &mut Vec<u8>) {
        match self {
            Self::Protobuf => protobuf::write_entry(entry, out),
            Self::Json => json::write_entry(entry, out),
        }
    }

    /// Returns the number of bytes that a stream adds to the body, given the length of its head and entries. In JSON
    /// they include the commas between entries and the one after the stream.
    pub(crate) fn stream_len(self, content_len: usize, entries: usize) -> usize {
        match self {
            Self::Protobuf => protobuf::field_len(content_len),
            Self::Json => content_len + json::STREAM_END.len() + entries * json::COMMA.len(),
        }
    }

    /// Returns the length of a body, given the sum of its streams' [`stream_len`](Self::stream_len).
    pub(crate) fn body_len(self, streams_len: usize) -> usize {
        match self {
            Self::Protobuf => streams_len,
            Self::Json => {
                // No comma follows the last stream.
                let streams_len = streams_len.saturating_sub(json::COMMA.len());
                json::REQUEST_START.len() + streams_len + json::REQUEST_END.len()
            }
        }
    }

    /// Returns the separator between two entries.
    pub(crate) fn entry_separator(self) -> &'static [u8] {
        match self {
            Self::Protobuf => b"",
            Self::Json => json::COMMA,
        }
    }

    /// Returns the number of bytes of a stream before its first entry, where its entries take `entries_len` bytes.
    pub(crate) fn before_entries(self, labels: &LabelSet, entries_len: usize) -> usize {
        let mut head = Vec::new();
        self.write_stream_head(labels, &mut head);
        match self {
            Self::Protobuf => {
                let content_len = head.len() + entries_len;
                protobuf::field_len(content_len) - content_len + head.len()
            }
            Self::Json => head.len(),
        }
    }

    /// Returns the number of bytes between a stream's last entry and the next stream.
    pub(crate) fn after_entries(self) -> usize {
        match self {
            Self::Protobuf => 0,
            Self::Json => json::STREAM_END.len() + json::COMMA.len(),
        }
    }
}
