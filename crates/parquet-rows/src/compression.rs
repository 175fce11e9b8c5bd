//! The decompression of pages.

use bytes::Bytes;
use decompression::Inflater;
use parquet::basic::CompressionCodec;

use crate::fault::{Fault, corrupt};

/// The compression of a column's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageCompression {
    None,
    Snappy,
    Gzip,
    Zstd,
    /// One that is not supported.
    Other(&'static str),
}

impl PageCompression {
    pub(crate) fn of(codec: CompressionCodec) -> Self {
        match codec {
            CompressionCodec::UNCOMPRESSED => Self::None,
            CompressionCodec::SNAPPY => Self::Snappy,
            CompressionCodec::GZIP => Self::Gzip,
            CompressionCodec::ZSTD => Self::Zstd,
            CompressionCodec::LZO => Self::Other("LZO"),
            CompressionCodec::BROTLI => Self::Other("Brotli"),
            CompressionCodec::LZ4 => Self::Other("LZ4"),
            CompressionCodec::LZ4_RAW => Self::Other("LZ4_RAW"),
        }
    }

    /// Decompresses a page, which must become `len` bytes.
    pub(crate) fn decompress(self, page: Bytes, len: usize, inflater: &mut Inflater) -> Result<Bytes, Fault> {
        let mut to = Vec::new();
        match self {
            Self::None if page.len() == len => return Ok(page),
            Self::None => return Err(wrong_len(page.len(), len)),
            // Some writers store nothing for a page without bytes.
            _ if page.is_empty() && len == 0 => return Ok(page),
            Self::Snappy => {
                let failed = |error: snap::Error| corrupt(format!("snappy: {error}"));
                let stated = snap::raw::decompress_len(&page).map_err(failed)?;
                if stated != len {
                    return Err(wrong_len(stated, len));
                }
                to.resize(len, 0);
                let decoded = snap::raw::Decoder::new()
                    .decompress(&page, &mut to)
                    .map_err(failed)?;
                to.truncate(decoded);
            }
            Self::Gzip => inflate(decompression::Compression::Gzip, &page, len, inflater, &mut to)?,
            Self::Zstd => inflate(decompression::Compression::Zstd, &page, len, inflater, &mut to)?,
            Self::Other(name) => {
                return Err(Fault::Unsupported {
                    what: format!("the compression {name}"),
                    instead: "Snappy, gzip, zstd and none",
                });
            }
        }
        if to.len() != len {
            return Err(wrong_len(to.len(), len));
        }
        Ok(to.into())
    }
}

fn inflate(
    compression: decompression::Compression,
    page: &[u8],
    len: usize,
    inflater: &mut Inflater,
    to: &mut Vec<u8>,
) -> Result<(), Fault> {
    // One byte more, or the decoder could not tell the end from a full buffer.
    to.reserve_exact(len + 1);
    inflater
        .inflate(compression, page, len, to)
        .map_err(|error| corrupt(error.to_string()))
}

fn wrong_len(found: usize, stated: usize) -> Fault {
    corrupt(format!(
        "a page decompresses to {found} bytes, and its header says {stated}"
    ))
}
