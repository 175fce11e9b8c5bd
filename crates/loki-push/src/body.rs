//! What goes over the wire.

use bytes::Bytes;

use crate::Encoding;

/// The body of one push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// As sent; every attempt shares them.
    pub bytes: Bytes,
    /// The `Content-Type` header.
    pub content_type: &'static str,
}

/// A body that its format cannot hold.
#[derive(Debug, thiserror::Error)]
#[error("a push of {len} bytes cannot be compressed: {source}")]
pub struct BodyError {
    /// Bytes before compression.
    pub len: usize,
    source: snap::Error,
}

impl Body {
    pub(crate) fn new(encoding: Encoding, plain: Vec<u8>) -> Result<Self, BodyError> {
        let bytes = match encoding {
            Encoding::Json => plain,
            // One snappy block, without the framing of snappy streams.
            Encoding::Protobuf => {
                snap::raw::Encoder::new()
                    .compress_vec(&plain)
                    .map_err(|source| BodyError {
                        len: plain.len(),
                        source,
                    })?
            }
        };
        Ok(Self {
            bytes: bytes.into(),
            content_type: encoding.content_type(),
        })
    }
}
