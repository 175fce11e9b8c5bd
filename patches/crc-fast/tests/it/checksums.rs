//! Compares the checksums with published values.

use crc_fast::{CrcAlgorithm, Digest, checksum};

#[test]
fn the_check_values_of_the_catalogue() {
    // The `check` value of each algorithm in <https://reveng.sourceforge.io/crc-catalogue/all.htm>.
    for (algorithm, expected) in [
        (CrcAlgorithm::Crc32IsoHdlc, 0xcbf4_3926),
        (CrcAlgorithm::Crc32Iscsi, 0xe306_9283),
        (CrcAlgorithm::Crc64Nvme, 0xae8b_1486_0a79_9888),
    ] {
        assert_eq!(checksum(algorithm, b"123456789"), expected, "{algorithm:?}");
    }
}

#[test]
fn rfc_3720_knows_the_checksum_of_32_zeros() {
    // Appendix B.4 of RFC 3720: aa 36 91 8a, in the order in which the bytes are sent.
    assert_eq!(checksum(CrcAlgorithm::Crc32Iscsi, &[0; 32]), 0x8a91_36aa);
}

#[test]
fn bytes_come_in_any_pieces() {
    let bytes: Vec<u8> = (0..10_000_u32).map(|i| (i * 7 % 251) as u8).collect();
    for algorithm in [
        CrcAlgorithm::Crc32IsoHdlc,
        CrcAlgorithm::Crc32Iscsi,
        CrcAlgorithm::Crc64Nvme,
    ] {
        let expected = checksum(algorithm, &bytes);
        for size in [1, 7, 16, 17, 4096, 10_000] {
            let mut digest = Digest::new(algorithm);
            for piece in bytes.chunks(size) {
                digest.update(piece);
                // Reading the checksum does not change it.
                digest.finalize();
            }
            assert_eq!(digest.finalize(), expected, "{algorithm:?} by {size}");
        }
    }
}
