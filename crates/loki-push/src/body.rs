//! What goes over the wire.

use std::borrow::Cow;

use bytes::Bytes;

use crate::{Buffers, Encoding};

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

impl Body {
    pub(crate) fn json(plain: Vec<u8>) -> Self {
        Self::new(Encoding::Json, plain.into())
    }

    /// Protobuf in one snappy block, without the framing of snappy streams.
    pub(crate) fn compressed(plain: &[u8], buffers: &Buffers) -> Result<Self, BodyError> {
        let mut room = buffers.take();
        // What incompressible bytes become. Copying what it really is costs less than keeping all that.
        let most = snap::raw::max_compress_len(plain.len());
        if room.len() < most {
            room.resize(most, 0);
        }
        let len = snap::raw::Encoder::new().compress(plain, &mut room);
        let len = len.map_err(|source| BodyError {
            len: plain.len(),
            source,
        })?;
        let bytes = Bytes::copy_from_slice(&room[..len]);
        buffers.give(room);
        Ok(Self::new(Encoding::Protobuf, bytes))
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
