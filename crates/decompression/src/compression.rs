//! Detection of the compression from the first bytes.

use std::fmt;

/// A compressed format. It is detected from the first bytes, never from a file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// gzip (RFC 1952), with any number of members.
    Gzip,
    /// zstd (RFC 8878), with any number of frames, including skippable ones.
    Zstd,
    /// bzip2, with any number of streams.
    Bzip2,
    /// zlib (RFC 1950), a single stream. Text can begin with the same bytes (`x^`), so
    /// [`detect`](Self::detect) never returns it.
    Zlib,
}

impl Compression {
    /// The number of bytes that [`detect`](Self::detect) needs.
    pub const PROBE: usize = 10;

    /// Returns the format of data that begin with `first`, which must be at least [`PROBE`](Self::PROBE)
    /// bytes or all of the data. Returns `None` for plain text, and for zlib, which can only be recognised by
    /// decoding it.
    pub fn detect(first: &[u8]) -> Option<Self> {
        [Self::Gzip, Self::Zstd, Self::Bzip2]
            .into_iter()
            .find(|compression| compression.starts(first))
    }

    /// Returns whether these can be the first bytes of compressed data, or of a further part of them.
    pub fn starts(self, first: &[u8]) -> bool {
        match self {
            // Text cannot begin with these bytes in any encoding used for logs: 0x1f is a control character,
            // and 0x8b after it is not valid UTF-8.
            Self::Gzip => first.starts_with(&[0x1f, 0x8b]),
            // A frame, or a skippable frame (pzstd begins with one).
            Self::Zstd => match first {
                [0x28, 0xb5, 0x2f, 0xfd, ..] => true,
                [kind, 0x2a, 0x4d, 0x18, ..] => (0x50..0x60).contains(kind),
                _ => false,
            },
            // A line of text can begin with "BZh1", but not continue with the digits of pi (a block) or of
            // its square root (the end of an empty stream).
            Self::Bzip2 => match first {
                [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] => {
                    rest.starts_with(&[0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
                        || rest.starts_with(&[0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
                }
                _ => false,
            },
            // Deflate, a window of at most 32 KiB, no dictionary, and a header checksum of five bits (RFC
            // 1950, 2.2).
            Self::Zlib => match first {
                [method, flags, ..] => {
                    method & 0x0f == 8
                        && method >> 4 <= 7
                        && flags & 0x20 == 0
                        && u16::from_be_bytes([*method, *flags]).is_multiple_of(31)
                }
                _ => false,
            },
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Zlib => "zlib",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_magic_number_counts() {
        for (first, expected) in [
            (&b"\x1f\x8b\x08"[..], Some(Compression::Gzip)),
            (b"\x1f", None),
            (b"\x28\xb5\x2f\xfd", Some(Compression::Zstd)),
            (b"\x5f\x2a\x4d\x18", Some(Compression::Zstd)),
            (b"\x60\x2a\x4d\x18", None),
            (b"BZh91AY&SY", Some(Compression::Bzip2)),
            (b"BZh9\x17\x72\x45\x38\x50\x90", Some(Compression::Bzip2)),
            (b"BZh91AY&S ", None),
            (b"BZh01AY&SY", None),
            (b"", None),
            (b"2026-03-04", None),
        ] {
            assert_eq!(Compression::detect(first), expected, "{}", first.escape_ascii());
        }
    }

    #[test]
    fn zlib_is_told_by_a_header_that_checks_out() {
        for header in [b"x\x01", b"x\x5e", b"x\x9c", b"x\xda", b"\x08\x1d", b"HK"] {
            assert!(Compression::Zlib.starts(header), "{}", header.escape_ascii());
            assert_eq!(Compression::detect(header), None);
        }
        // A wrong header checksum, a dictionary, a window of 64 KiB, another method.
        for header in [b"x\x9d", b"x\xbb", b"\x88\x1c", b"y\x01"] {
            assert!(!Compression::Zlib.starts(header), "{}", header.escape_ascii());
        }
        assert!(!Compression::Zlib.starts(b"x"));
    }
}
