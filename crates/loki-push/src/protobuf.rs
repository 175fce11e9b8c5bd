//! A protobuf encoder written by hand. Entries are written straight into their stream's buffer, and every length is
//! computed before a byte is written. The tests compare it with prost's types (`crate::proto`).
//!
//! Proto3 leaves out empty strings and zero numbers. The timestamp of an entry is an exception: it is a message, and
//! Loki's generated code writes it even when it is empty.

use crate::{Entry, LabelSet, Timestamp};

// The tags of length-delimited fields: field number and wire type 2.
const FIELD_1: u8 = 1 << 3 | 2;
const FIELD_2: u8 = 2 << 3 | 2;
const FIELD_3: u8 = 3 << 3 | 2;
// The tags of the two numbers in a timestamp: field number and wire type 0.
const SECONDS: u8 = 1 << 3;
const NANOS: u8 = 2 << 3;

/// Returns the length of a field with `len` bytes of content: its tag (one byte, since all field numbers here are below
/// 16), its length and its content.
pub(crate) fn field_len(len: usize) -> usize {
    1 + varint_len(len as u64) + len
}

/// Returns the length of a string's field, which is left out when the string is empty.
fn string_len(len: usize) -> usize {
    if len == 0 { 0 } else { field_len(len) }
}

/// Returns the length of a varint.
fn varint_len(value: u64) -> usize {
    // A byte holds seven bits; 0 takes one byte too.
    (value | 1).ilog2() as usize / 7 + 1
}

fn write_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes the tag and the length of a length-delimited field, whose `len` bytes are to follow.
fn write_field(tag: u8, len: usize, out: &mut Vec<u8>) {
    out.push(tag);
    write_varint(len as u64, out);
}

/// The maximum length of an [`EntryHead`]: five tags, each with the longest varint.
const MAX_ENTRY_HEAD: usize = 5 * 11;

/// The bytes that precede the line in an entry. They are collected here and appended at once, since pushing them one by
/// one would check the capacity of the buffer for each.
struct EntryHead {
    bytes: [u8; MAX_ENTRY_HEAD],
    len: usize,
}

impl Default for EntryHead {
    fn default() -> Self {
        Self {
            bytes: [0; MAX_ENTRY_HEAD],
            len: 0,
        }
    }
}

impl EntryHead {
    fn push(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.push(value as u8);
    }

    fn field(&mut self, tag: u8, len: usize) {
        self.push(tag);
        self.varint(len as u64);
    }

    fn timestamp(&mut self, time: Timestamp) {
        // Protobuf writes a negative int64 as its two's complement in an unsigned varint of ten bytes.
        for (tag, value) in [
            (SECONDS, time.seconds() as u64),
            (NANOS, u64::from(time.subsec_nanos())),
        ] {
            if value != 0 {
                self.push(tag);
                self.varint(value);
            }
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

fn write_string(tag: u8, value: &str, out: &mut Vec<u8>) {
    if !value.is_empty() {
        write_field(tag, value.len(), out);
        out.extend_from_slice(value.as_bytes());
    }
}

fn timestamp_len(time: Timestamp) -> usize {
    let number = |value: u64| if value == 0 { 0 } else { 1 + varint_len(value) };
    number(time.seconds() as u64) + number(u64::from(time.subsec_nanos()))
}

fn pair_len((name, value): &(String, String)) -> usize {
    string_len(name.len()) + string_len(value.len())
}

/// Returns the length of an entry's message, without its tag and length.
fn entry_message_len(entry: &Entry<'_>, time_len: usize) -> usize {
    let metadata: usize = entry.metadata.iter().map(|pair| field_len(pair_len(pair))).sum();
    field_len(time_len) + string_len(entry.line.len()) + metadata
}

/// Writes an entry as field 2 of its stream.
#[inline]
pub(crate) fn write_entry(entry: &Entry<'_>, out: &mut Vec<u8>) {
    let time_len = timestamp_len(entry.timestamp);
    let len = entry_message_len(entry, time_len);
    out.reserve(field_len(len));
    let mut head = EntryHead::default();
    head.field(FIELD_2, len);
    head.field(FIELD_1, time_len);
    head.timestamp(entry.timestamp);
    if !entry.line.is_empty() {
        head.field(FIELD_2, entry.line.len());
    }
    out.extend_from_slice(head.bytes());
    out.extend_from_slice(entry.line.as_bytes());
    for pair in &entry.metadata {
        write_field(FIELD_3, pair_len(pair), out);
        write_string(FIELD_1, &pair.0, out);
        write_string(FIELD_2, &pair.1, out);
    }
}

/// Writes field 1 of a stream, which is the text of its label set.
pub(crate) fn write_stream_head(labels: &LabelSet, out: &mut Vec<u8>) {
    let from = out.len();
    labels.write_text(out);
    // The length is only known after the text. Moving it costs less than a text of its own for each stream.
    let len = out.len() - from;
    write_field(FIELD_1, len, out);
    let start = out.len() - from - len;
    out[from..].rotate_right(start);
}

/// Writes the tag and the length of a stream, whose `len` bytes (head and entries) are to follow.
pub(crate) fn write_stream_start(len: usize, out: &mut Vec<u8>) {
    write_field(FIELD_1, len, out);
}

/// The maximum number of bytes that [`write_stream_start`] writes: a tag, and 64 bits at seven bits a byte.
pub(crate) const MAX_STREAM_START: usize = 11;

/// Writes the same as [`write_stream_start`] into the end of `room`, and returns the index where it begins.
pub(crate) fn write_stream_start_before(len: usize, room: &mut [u8]) -> usize {
    let mut start = Vec::with_capacity(MAX_STREAM_START);
    write_stream_start(len, &mut start);
    let from = room.len() - start.len();
    room[from..].copy_from_slice(&start);
    from
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::sync::Arc;

    use prost::Message;

    use super::*;
    use crate::proto;

    fn entry(seconds: i64, nanos: u32, line: &str, metadata: &[(&str, &str)]) -> Entry<'static> {
        Entry {
            labels: Arc::default(),
            timestamp: Timestamp::new(seconds, nanos).unwrap(),
            line: Cow::Owned(line.to_owned()),
            metadata: metadata
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    fn request(labels: &LabelSet, entries: &[Entry<'_>]) -> Vec<u8> {
        let mut stream = Vec::new();
        write_stream_head(labels, &mut stream);
        for entry in entries {
            write_entry(entry, &mut stream);
        }
        let mut out = Vec::new();
        write_stream_start(stream.len(), &mut out);
        out.extend_from_slice(&stream);
        out
    }

    /// The expected bytes are the output of Loki's own Go code, for metadata with an empty value, the epoch, and a time
    /// before it.
    #[test]
    fn bytes_are_those_of_lokis_own_code() {
        let entries = [
            entry(1_700_000_000, 123_456_789, "hello", &[]),
            entry(1_700_000_001, 0, "world", &[("trace", "abc"), ("empty", "")]),
            entry(0, 0, "", &[]),
            entry(-2, 500_000_000, "neg", &[]),
        ];
        let labels = LabelSet::from_iter([("env", "prod"), ("app", "web")]);
        let hex: String = request(&labels, &entries)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            hex,
            "0a750a177b6170703d22776562222c20656e763d2270726f64227d12140a0b0880e2cfaa0610959aef3a120568656c6c6f\
             12260a060881e2cfaa061205776f726c641a0c0a05747261636512036162631a070a05656d70747912020a00\
             12180a1108feffffffffffffffff011080cab5ee0112036e6567"
        );
    }

    #[test]
    fn gos_zero_time_is_minus_62135596800_seconds() {
        let bytes = request(&LabelSet::new(), &[entry(-62_135_596_800, 0, "x", &[])]);
        let request = proto::PushRequest::decode(bytes.as_slice()).unwrap();
        let time = request.streams[0].entries[0].timestamp.unwrap();
        assert_eq!(time.seconds, -62_135_596_800);
    }

    #[test]
    fn varint_lengths_change_at_powers_of_128() {
        for value in [
            0,
            1,
            127,
            128,
            16_383,
            16_384,
            u64::from(u32::MAX),
            u64::MAX >> 1,
            u64::MAX,
        ] {
            let mut out = Vec::new();
            write_varint(value, &mut out);
            assert_eq!(out.len(), varint_len(value), "{value}");
            assert_eq!(out.len(), prost::encoding::encoded_len_varint(value), "{value}");
        }
    }
}
