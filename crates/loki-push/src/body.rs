//! The body of a push as it is sent.

use std::borrow::Cow;

use bytes::Bytes;

use crate::Encoding;

/// The body of one push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The bytes as they are sent, shared by all attempts.
    pub bytes: Bytes,
    /// The value of the `Content-Type` header.
    pub content_type: &'static str,
    encoding: Encoding,
}

/// An error about a body that is too large for its format.
#[derive(Debug, thiserror::Error)]
#[error("a push of {len} bytes cannot be compressed: {source}")]
pub struct BodyError {
    /// The length of the body before compression, in bytes.
    pub len: usize,
    source: snap::Error,
}

impl BodyError {
    pub(crate) fn new(len: usize, source: snap::Error) -> Self {
        Self { len, source }
    }
}

impl Body {
    /// Creates a body of plain JSON.
    pub(crate) fn json(plain: Vec<u8>) -> Self {
        Self::new(Encoding::Json, plain.into())
    }

    /// Creates a body of protobuf in one snappy block, without the framing of snappy streams.
    pub(crate) fn protobuf(block: Bytes) -> Self {
        Self::new(Encoding::Protobuf, block)
    }

    fn new(encoding: Encoding, bytes: Bytes) -> Self {
        Self {
            bytes,
            content_type: encoding.content_type(),
            encoding,
        }
    }

    /// Returns the body before compression, or `None` if it cannot be decompressed.
    pub(crate) fn plain(&self) -> Option<Cow<'_, [u8]>> {
        match self.encoding {
            Encoding::Json => Some(Cow::Borrowed(&self.bytes)),
            Encoding::Protobuf => {
                let plain = snap::raw::Decoder::new().decompress_vec(&self.bytes);
                plain.ok().map(Cow::Owned)
            }
        }
    }
}
