//! As much of the crate `crc-fast` as `aws-smithy-checksums` uses, and the AWS SDK uses that for S3.
//!
//! The crate itself carries tables for fifty kinds of CRC and chooses among them when it runs, so no linker can
//! drop those that S3 does not know: 650 kB of the binary, which hardly compress. The root `Cargo.toml` puts
//! this in its place, and what computes are `crc32fast` and `crc`.

use std::fmt;

use crc::{CRC_32_ISCSI, CRC_64_NVME, Crc, Table};

/// Bytes are taken sixteen at a time, which is ten times as fast as one at a time.
static ISCSI: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);
static NVME: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// Which checksum. The names are those of the catalogue of parametrised CRC algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrcAlgorithm {
    /// CRC32 in S3's words.
    Crc32IsoHdlc,
    /// CRC32C in S3's words.
    Crc32Iscsi,
    /// CRC64NVME in S3's words.
    Crc64Nvme,
}

/// A checksum of bytes as they come.
#[derive(Clone)]
pub struct Digest(State);

#[derive(Clone)]
enum State {
    IsoHdlc(crc32fast::Hasher),
    Iscsi(crc::Digest<'static, u32, Table<16>>),
    Nvme(crc::Digest<'static, u64, Table<16>>),
}

impl Digest {
    /// The checksum of no bytes.
    pub fn new(algorithm: CrcAlgorithm) -> Self {
        Self(match algorithm {
            CrcAlgorithm::Crc32IsoHdlc => State::IsoHdlc(crc32fast::Hasher::new()),
            CrcAlgorithm::Crc32Iscsi => State::Iscsi(ISCSI.digest()),
            CrcAlgorithm::Crc64Nvme => State::Nvme(NVME.digest()),
        })
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::IsoHdlc(state) => state.update(bytes),
            State::Iscsi(state) => state.update(bytes),
            State::Nvme(state) => state.update(bytes),
        }
    }

    /// The checksum of the bytes so far; one of 32 bits is in the lower half.
    pub fn finalize(&self) -> u64 {
        match self.0.clone() {
            State::IsoHdlc(state) => state.finalize().into(),
            State::Iscsi(state) => state.finalize().into(),
            State::Nvme(state) => state.finalize(),
        }
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithm = match self.0 {
            State::IsoHdlc(_) => CrcAlgorithm::Crc32IsoHdlc,
            State::Iscsi(_) => CrcAlgorithm::Crc32Iscsi,
            State::Nvme(_) => CrcAlgorithm::Crc64Nvme,
        };
        f.debug_tuple("Digest").field(&algorithm).finish()
    }
}

/// The checksum of bytes that are all there.
pub fn checksum(algorithm: CrcAlgorithm, bytes: &[u8]) -> u64 {
    let mut digest = Digest::new(algorithm);
    digest.update(bytes);
    digest.finalize()
}
