//! What goes over the wire.

use std::borrow::Cow;

use bytes::Bytes;

use crate::Encoding;

/// The body of one push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// As sent; every attempt shares them.
    pub bytes: Bytes,
    /// The `Content-Type` header.
    pub content_type: &'static str,
    encoding: Encoding,
}

/// A body that its format cannot hold.
#[derive(Debug, thiserror::Error)]
#[error("a push of {len} bytes cannot be compressed: {source}")]
pub struct BodyError {
    /// Bytes before compression.
    pub len: usize,
    source: snap::Error,
}

impl BodyError {
    pub(crate) fn new(len: usize, source: snap::Error) -> Self {
        Self { len, source }
    }
}

impl Body {
    pub(crate) fn json(plain: Vec<u8>) -> Self {
        Self::new(Encoding::Json, plain.into())
    }

    /// Protobuf in one snappy block, without the framing of snappy streams.
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

    /// As it was before compression.
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
