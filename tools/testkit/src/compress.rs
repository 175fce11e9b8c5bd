//! Compressed data from the libraries' own encoders, which give the same bytes every time.

use std::io::Write;

use bzip2::write::BzEncoder;
pub use flate2::Compression as Level;
use flate2::write::{GzEncoder, ZlibEncoder};

/// A way to compress bytes.
pub type Compress = fn(&[u8]) -> Vec<u8>;

/// The formats that the function reads, with their names.
pub const ALL: [(&str, Compress); 4] = [("gzip", gzip), ("zlib", zlib), ("zstd", zstd), ("bzip2", bzip2)];

/// Compresses to one gzip member, at the fastest level.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    gzip_at(Level::fast(), bytes)
}

/// Compresses to one gzip member at a level.
pub fn gzip_at(level: Level, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Compresses to one zlib stream.
pub fn zlib(bytes: &[u8]) -> Vec<u8> {
    zlib_at(Level::default(), bytes)
}

/// Compresses to one zlib stream at a level, which also decides the second byte of its header.
pub fn zlib_at(level: Level, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Compresses to one bzip2 stream with blocks of 900 kB, which take the most memory.
pub fn bzip2(bytes: &[u8]) -> Vec<u8> {
    bzip2_at(bzip2::Compression::best(), bytes)
}

/// Compresses to one bzip2 stream with blocks of 100 kB, which are made much faster.
pub fn small_bzip2(bytes: &[u8]) -> Vec<u8> {
    bzip2_at(bzip2::Compression::fast(), bytes)
}

fn bzip2_at(level: bzip2::Compression, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Compresses to one zstd frame with a checksum, as zstd(1) does.
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut context = zstd_safe::CCtx::create();
    context
        .set_parameter(zstd_safe::CParameter::ChecksumFlag(true))
        .unwrap();
    let mut frame = Vec::with_capacity(zstd_safe::compress_bound(bytes.len()));
    context.compress2(&mut frame, bytes).unwrap();
    frame
}
