//! Compressed data in the formats of the crate.

use decompression::Compression;
use testkit::compress::{self, Level};

pub(crate) const ALL: [Compression; 4] = [
    Compression::Gzip,
    Compression::Zstd,
    Compression::Bzip2,
    Compression::Zlib,
];

/// Returns one member, frame or stream that contains `bytes`.
pub(crate) fn compressed(compression: Compression, bytes: &[u8]) -> Vec<u8> {
    match compression {
        Compression::Gzip => compress::gzip_at(Level::default(), bytes),
        Compression::Zlib => compress::zlib(bytes),
        Compression::Bzip2 => compress::small_bzip2(bytes),
        Compression::Zstd => compress::zstd(bytes),
    }
}
