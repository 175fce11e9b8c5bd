//! Compressed data, made with the libraries' own encoders.

use std::io::Write;

use decompression::Compression;

pub(crate) const ALL: [Compression; 4] = [
    Compression::Gzip,
    Compression::Zstd,
    Compression::Bzip2,
    Compression::Zlib,
];

/// Returns one member, frame or stream that contains `bytes`.
pub(crate) fn compressed(compression: Compression, bytes: &[u8]) -> Vec<u8> {
    let level = flate2::Compression::default();
    match compression {
        Compression::Gzip => written(flate2::write::GzEncoder::new(Vec::new(), level), bytes)
            .finish()
            .unwrap(),
        Compression::Zlib => written(flate2::write::ZlibEncoder::new(Vec::new(), level), bytes)
            .finish()
            .unwrap(),
        Compression::Bzip2 => written(
            bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast()),
            bytes,
        )
        .finish()
        .unwrap(),
        Compression::Zstd => zstd(bytes),
    }
}

fn written<W: Write>(mut encoder: W, bytes: &[u8]) -> W {
    encoder.write_all(bytes).unwrap();
    encoder
}

/// Returns a zstd frame with a checksum, as zstd(1) writes it.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut context = zstd_safe::CCtx::create();
    context
        .set_parameter(zstd_safe::CParameter::ChecksumFlag(true))
        .unwrap();
    let mut frame = Vec::with_capacity(zstd_safe::compress_bound(bytes.len()));
    context.compress2(&mut frame, bytes).unwrap();
    frame
}
