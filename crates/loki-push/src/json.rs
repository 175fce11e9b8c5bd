//! The JSON v1 body: `{"streams":[{"stream":{…},"values":[["<ns>","<line>",{…}]]}]}`.

use crate::{Entry, LabelSet};

/// The bytes before the first stream. Streams are joined by commas.
pub(crate) const REQUEST_START: &[u8] = br#"{"streams":["#;
/// The bytes after the last stream.
pub(crate) const REQUEST_END: &[u8] = b"]}";
/// The bytes after the last entry of a stream. Entries are joined by commas.
pub(crate) const STREAM_END: &[u8] = b"]}";
/// The separator of streams and of entries.
pub(crate) const COMMA: &[u8] = b",";

/// Writes the part of a stream that precedes its first entry.
pub(crate) fn write_stream_head(labels: &LabelSet, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"stream":"#);
    let sent = labels.sent();
    write_object(
        sent.iter()
            .map(|label| (label.name.as_str(), label.value.as_str())),
        out,
    );
    out.extend_from_slice(br#","values":["#);
}

/// Writes an entry: its time, its line and, if it has any, its structured metadata.
pub(crate) fn write_entry(entry: &Entry<'_>, out: &mut Vec<u8>) {
    put(out, b"[\"");
    put(
        out,
        itoa::Buffer::new()
            .format(entry.timestamp.unix_nanos())
            .as_bytes(),
    );
    put(out, b"\",");
    write_string(&entry.line, out);
    if !entry.metadata.is_empty() {
        put(out, b",");
        write_object(
            entry
                .metadata
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
            out,
        );
    }
    put(out, b"]");
}

fn write_object<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, out: &mut Vec<u8>) {
    put(out, b"{");
    for (index, (name, value)) in pairs.enumerate() {
        if index > 0 {
            put(out, b",");
        }
        write_string(name, out);
        put(out, b":");
        write_string(value, out);
    }
    put(out, b"}");
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    let written = serde_json::to_writer(out, text);
    debug_assert!(written.is_ok(), "memory takes every write");
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
}
