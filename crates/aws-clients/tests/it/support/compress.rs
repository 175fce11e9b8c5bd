//! Compressed data, made with the libraries' own encoders.

use std::io::Write;

use aws_clients::Compression;
use testkit::compress::{small_bzip2, zstd};

pub(crate) const ALL: [Compression; 3] = [Compression::Gzip, Compression::Zstd, Compression::Bzip2];

/// Returns one member, frame or stream that contains `bytes`.
pub(crate) fn compressed(compression: Compression, bytes: &[u8]) -> Vec<u8> {
    match compression {
        Compression::Gzip => gzip(bytes),
        Compression::Zstd => zstd(bytes),
        Compression::Bzip2 => small_bzip2(bytes),
        Compression::Zlib => unreachable!("objects are never read as zlib"),
    }
}

/// Returns a gzip member whose header names a file, as gzip(1) writes it.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::GzBuilder::new()
        .filename("name.log")
        .write(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
