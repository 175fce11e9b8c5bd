//! Decompression of complete data, in every format.

use decompression::{Compression, InflateError, Inflater, inflate};
use proptest::prelude::*;

use crate::support::{ALL, compressed};

const LIMIT: usize = 1 << 20;

fn inflated(compression: Compression, bytes: &[u8]) -> Result<Vec<u8>, InflateError> {
    // The previous contents of the buffer must not matter.
    let mut to = b"of another payload".to_vec();
    inflate(compression, bytes, LIMIT, &mut to).map(|()| to)
}

#[test]
fn every_format_is_inflated() {
    for compression in ALL {
        for text in [&b""[..], b"a line\n", &b"0123456789".repeat(50_000)] {
            let bytes = compressed(compression, text);
            assert!(compression.starts(&bytes));
            assert_eq!(inflated(compression, &bytes).unwrap(), text, "{compression}");
        }
    }
}

#[test]
fn parts_follow_each_other_and_zeros_are_padding() {
    for compression in ALL {
        let parts = [compressed(compression, b"one "), compressed(compression, b"two")].concat();
        let padded = [&compressed(compression, b"one")[..], &[0; 20]].concat();
        let trailing = [&compressed(compression, b"one")[..], b"\0 more"].concat();
        if compression == Compression::Zlib {
            for bytes in [&parts, &padded] {
                let error = inflated(compression, bytes).unwrap_err();
                assert!(matches!(error, InflateError::Trailing { .. }), "{error}");
            }
        } else {
            assert_eq!(
                inflated(compression, &parts).unwrap(),
                b"one two",
                "{compression}"
            );
            assert_eq!(inflated(compression, &padded).unwrap(), b"one", "{compression}");
        }
        let error = inflated(compression, &trailing).unwrap_err();
        assert!(matches!(error, InflateError::Trailing { .. }), "{error}");
    }
}

#[test]
fn a_limit_is_kept() {
    for compression in ALL {
        let exact = compressed(compression, &vec![b' '; LIMIT]);
        assert_eq!(
            inflated(compression, &exact).unwrap().len(),
            LIMIT,
            "{compression}"
        );
        for len in [LIMIT + 1, 40 * LIMIT] {
            let more = compressed(compression, &vec![b' '; len]);
            let mut to = Vec::new();
            assert_eq!(
                inflate(compression, &more, LIMIT, &mut to),
                Err(InflateError::TooLarge { limit: LIMIT }),
                "{compression}"
            );
            assert!(to.capacity() <= 2 * LIMIT, "{compression}: {}", to.capacity());
        }
        let none = inflate(compression, &compressed(compression, b"a"), 0, &mut Vec::new());
        assert_eq!(none, Err(InflateError::TooLarge { limit: 0 }));
    }
}

/// Each member alone is within the limit; together they are above it.
#[test]
fn parts_are_bounded_together() {
    for compression in [Compression::Gzip, Compression::Zstd, Compression::Bzip2] {
        let bytes = compressed(compression, &vec![b'a'; LIMIT / 2]).repeat(3);
        let error = inflated(compression, &bytes).unwrap_err();
        assert_eq!(error, InflateError::TooLarge { limit: LIMIT }, "{compression}");
    }
}

#[test]
fn every_beginning_is_cut_short() {
    for compression in ALL {
        let bytes = compressed(compression, b"some text, and some more of the text");
        for len in 0..bytes.len() {
            let error = inflated(compression, &bytes[..len]).unwrap_err();
            assert!(
                matches!(error, InflateError::CutShort { .. }),
                "{compression}, {len} bytes: {error}"
            );
        }
    }
}

/// The checksum of each format detects the change. The test leaves out bzip2's header, in which any block
/// size above the real one is valid, and gzip's header, which contains a time.
#[test]
fn a_changed_byte_of_the_data_is_seen() {
    for compression in ALL {
        let bytes = compressed(compression, b"some text, and some more of the text");
        for at in bytes.len() / 2..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x41;
            if let Ok(text) = inflated(compression, &changed) {
                // The bits that pad bzip2's last byte.
                assert_eq!(
                    text, b"some text, and some more of the text",
                    "{compression}, byte {at}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn compressed_data_are_read_back(text in proptest::collection::vec(any::<u8>(), 0..3_000)) {
        for compression in ALL {
            prop_assert_eq!(inflated(compression, &compressed(compression, &text)).unwrap(), &text[..]);
        }
    }

    #[test]
    fn no_bytes_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        text in "[a-c]{0,200}",
        at in any::<prop::sample::Index>(),
    ) {
        for compression in ALL {
            let _ = inflated(compression, &bytes);
            let whole = compressed(compression, text.as_bytes());
            let _ = inflated(compression, &[&whole[..at.index(whole.len())], &bytes].concat());
        }
        let _ = Compression::detect(&bytes);
    }
}

/// Errors and payloads of other formats in between must not matter for the next payload.
#[test]
fn one_decoder_inflates_one_payload_after_the_other() {
    let mut inflater = Inflater::default();
    let mut to = Vec::new();
    let long = b"0123456789".repeat(50_000);
    for text in [&long[..], b"", b"short", &long] {
        for compression in ALL {
            let bytes = compressed(compression, text);
            inflater.inflate(compression, &bytes, LIMIT, &mut to).unwrap();
            assert_eq!(to, text, "{compression}");
            for wrong in [&bytes[..bytes.len() / 2], &bytes[..bytes.len() - 1], b"no"] {
                assert!(inflater.inflate(compression, wrong, LIMIT, &mut to).is_err());
            }
            assert!(
                inflater
                    .inflate(compression, &bytes, text.len() / 2, &mut to)
                    .is_err()
                    || text.is_empty()
            );
        }
    }
}

#[test]
fn padding_can_be_an_error() {
    let mut inflater = Inflater::without_padding();
    let bytes = compressed(Compression::Gzip, b"one");
    let padded = [&bytes[..], &[0; 4]].concat();
    let mut to = Vec::new();
    let error = inflater
        .inflate(Compression::Gzip, &padded, LIMIT, &mut to)
        .unwrap_err();
    assert!(matches!(error, InflateError::Trailing { .. }), "{error}");
    inflater
        .inflate(Compression::Gzip, &bytes, LIMIT, &mut to)
        .unwrap();
    assert_eq!(to, b"one");
}
