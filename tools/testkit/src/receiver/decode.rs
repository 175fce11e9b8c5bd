//! Decoding of bodies into streams, by the same headers that Loki uses.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};
use loki_push::{Encoding, proto};
use prost::Message;

use super::{Entry, Stream, json};

/// A decoded body.
pub(super) struct Decoded {
    pub(super) encoding: Encoding,
    pub(super) streams: Vec<Stream>,
    /// The length before compression, in bytes.
    pub(super) bytes: usize,
}

/// Decodes a body, or returns Loki's error text.
pub(super) fn decode(headers: &HeaderMap, body: &[u8]) -> Result<Decoded, String> {
    let body = decompress(headers, body)?;
    let encoding = encoding(headers)?;
    let (streams, bytes) = match encoding {
        Encoding::Json => (json::streams(&body)?, body.len()),
        Encoding::Protobuf => {
            let plain = snap::raw::Decoder::new()
                .decompress_vec(&body)
                .map_err(|error| format!("snappy: corrupt input ({error})"))?;
            let push = proto::PushRequest::decode(plain.as_slice())
                .map_err(|error| format!("unexpected EOF ({error})"))?;
            (push.streams.into_iter().map(stream).collect(), plain.len())
        }
    };
    Ok(Decoded {
        encoding,
        streams,
        bytes,
    })
}

fn decompress<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<Cow<'a, [u8]>, String> {
    match text(headers, header::CONTENT_ENCODING).unwrap_or_default() {
        // Every protobuf body is decompressed as snappy, regardless of the header.
        "" | "snappy" => Ok(Cow::Borrowed(body)),
        "gzip" => {
            let mut plain = Vec::new();
            MultiGzDecoder::new(body)
                .read_to_end(&mut plain)
                .map_err(|error| format!("gzip: invalid header ({error})"))?;
            Ok(Cow::Owned(plain))
        }
        other => Err(format!("Content-Encoding {other:?} not supported")),
    }
}

fn encoding(headers: &HeaderMap) -> Result<Encoding, String> {
    let media_type = text(headers, header::CONTENT_TYPE).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "" => Err("mime: no media type".to_owned()),
        "application/json" => Ok(Encoding::Json),
        "application/x-protobuf" => Ok(Encoding::Protobuf),
        // Loki would read the body as protobuf, but a client must not rely on that.
        other => Err(format!(
            "mime: {other} is neither of the two media types of a push"
        )),
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn stream(stream: proto::StreamAdapter) -> Stream {
    Stream {
        labels: stream.labels,
        entries: stream.entries.into_iter().map(entry).collect(),
    }
}

fn entry(entry: proto::EntryAdapter) -> Entry {
    let timestamp = entry.timestamp.unwrap_or_default();
    Entry {
        timestamp_ns: i128::from(timestamp.seconds) * 1_000_000_000 + i128::from(timestamp.nanos),
        line: entry.line,
        metadata: entry
            .structured_metadata
            .into_iter()
            .map(|pair| (pair.name, pair.value))
            .collect(),
    }
}
