//! Which compression the first bytes tell.

use std::fmt;

/// How an object is compressed. Its first bytes say so; its name is never asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952, any number of members.
    Gzip,
    /// RFC 8878, any number of frames, skippable ones too.
    Zstd,
    /// bzip2, any number of streams.
    Bzip2,
}

impl Compression {
    /// So many first bytes tell it for sure.
    pub(crate) const PROBE: usize = 10;

    /// What starts like that; none for plain text. Needs [`PROBE`](Self::PROBE) bytes or the whole object.
    pub(crate) fn of(first: &[u8]) -> Option<Self> {
        [Self::Gzip, Self::Zstd, Self::Bzip2]
            .into_iter()
            .find(|compression| compression.starts(first))
    }

    /// Whether these can be the first bytes of compressed data, or of a further part of them.
    pub(crate) fn starts(self, first: &[u8]) -> bool {
        match self {
            // No text starts so, in any encoding that logs have: 0x1f is a control character, and 0x8b
            // after it is not UTF-8.
            Self::Gzip => first.starts_with(&[0x1f, 0x8b]),
            // A frame, or one to skip (pzstd writes such a frame first).
            Self::Zstd => match first {
                [0x28, 0xb5, 0x2f, 0xfd, ..] => true,
                [kind, 0x2a, 0x4d, 0x18, ..] => (0x50..0x60).contains(kind),
                _ => false,
            },
            // A line of text may well start with "BZh1"; it does not go on with the digits of pi (a
            // block) or of its root (the end of an empty stream).
            Self::Bzip2 => match first {
                [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] => {
                    rest.starts_with(&[0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
                        || rest.starts_with(&[0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
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
            assert_eq!(Compression::of(first), expected, "{}", first.escape_ascii());
        }
    }
}
