//! A check of whether data are text, by their first bytes. Other data fail with an error that names the
//! format, and are not shipped as garbage.
//!
//! Data that are not UTF-8 can still be text: logs in Latin-1 are. Single control characters are accepted
//! too, because a client that can write into a log must not be able to stop its delivery.

use decompression::Compression;
use memchr::memchr;

use crate::kpl;

/// The number of decompressed bytes of an object or record that are examined.
pub const PROBED: usize = 1 << 10;

/// A reason why data are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// The data begin like a known format that is not supported.
    #[error("not text: begins as {name}; {advice}")]
    Format {
        /// The name of the format.
        name: &'static str,
        /// The advice on what to send instead.
        advice: &'static str,
    },
    /// The data contain a NUL, which binary formats have early on and text never has.
    #[error("not text: binary data with a NUL at byte {at}; only text and JSON are read")]
    Nul {
        /// The position of the NUL, counted from 0.
        at: usize,
    },
    /// The data contain more control characters than text does.
    #[error(
        "not text: binary data, of whose first {probed} bytes {controls} are control characters; only text and JSON \
         are read"
    )]
    Controls {
        /// The number of control characters other than tab, line breaks, form feed, backspace and escape.
        controls: usize,
        /// The number of bytes that were examined.
        probed: usize,
    },
}

/// Checks whether data that begin with `first` are text. `first` must be the first [`PROBED`] bytes or all of
/// the data; further bytes are ignored.
///
/// # Errors
/// Returns an error if the data begin like a binary format, contain a NUL, or more than a tenth of the bytes
/// are control characters.
pub fn check(first: &[u8]) -> Result<(), NotText> {
    let first = &first[..first.len().min(PROBED)];
    if let Some(format) = format_of(first) {
        return Err(format);
    }
    if let Some(at) = memchr(0, first) {
        return Err(NotText::Nul { at });
    }
    let controls = count_controls(first);
    if controls > 1 && controls * 10 > first.len() {
        return Err(NotText::Controls {
            controls,
            probed: first.len(),
        });
    }
    Ok(())
}

/// Returns the number of control characters.
fn count_controls(first: &[u8]) -> usize {
    // The chunks are so small that a count of eight bits is sufficient, which lets the compiler process
    // sixteen bytes at once: 1,300 instructions and 0.07 microseconds for 1 KiB, where a single count takes
    // 17,000.
    let (chunks, rest) = first.as_chunks::<128>();
    let mut controls = 0;
    for chunk in chunks {
        let mut count = 0_u8;
        for byte in chunk {
            count = count.wrapping_add(u8::from(is_control(*byte)));
        }
        controls += usize::from(count);
    }
    controls + rest.iter().filter(|byte| is_control(**byte)).count()
}

/// Returns whether the byte is a control character that text does not usually contain: any except tab, line
/// feed, carriage return, form feed, backspace, and escape, which begins a colour.
const fn is_control(byte: u8) -> bool {
    // The range from backspace to carriage return, without vertical tab. There are no branches, so that it
    // can be vectorised.
    let is_space = (byte.wrapping_sub(0x08) <= 0x05) & (byte != 0x0b);
    ((byte < b' ') & !is_space & (byte != 0x1b)) | (byte == 0x7f)
}

const AS_TEXT: &str = "let its writer deliver text or JSON";
const COMPRESS_OTHERWISE: &str = "compress with gzip, zstd or bzip2, or not at all";
const AS_UTF8: &str = "write it as UTF-8";
const COMPRESS_ONCE: &str = "data are decompressed once, so compress them once";

/// The error for zlib data inside compressed data, recognised because they inflate completely.
pub(crate) const ZLIB_AGAIN: NotText = NotText::Format {
    name: "zlib",
    advice: COMPRESS_ONCE,
};

/// The first bytes of files that are not text, with the name of the format and the advice. Each contains a
/// byte that text in UTF-8 or Latin-1 cannot have there.
const MAGIC: &[(&[u8], &str, &str)] = &[
    // From the specifications of the formats; "zip" is APPNOTE.TXT, 4.3.
    (b"PK\x03\x04", "a zip archive", COMPRESS_OTHERWISE),
    (b"PK\x05\x06", "a zip archive", COMPRESS_OTHERWISE),
    (b"PK\x07\x08", "a zip archive", COMPRESS_OTHERWISE),
    (b"\xfd7zXZ\0", "xz", COMPRESS_OTHERWISE),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", COMPRESS_OTHERWISE),
    (b"\x04\x22\x4d\x18", "an LZ4 frame", COMPRESS_OTHERWISE),
    (b"\x02\x21\x4c\x18", "an LZ4 frame", COMPRESS_OTHERWISE),
    (b"\xff\x06\0\0sNaPpY", "framed Snappy", COMPRESS_OTHERWISE),
    (b"Obj\x01", "Avro", AS_TEXT),
    // Before UTF-16, because the byte order mark of UTF-32 begins with that of UTF-16.
    (b"\xff\xfe\0\0", "UTF-32", AS_UTF8),
    (b"\0\0\xfe\xff", "UTF-32", AS_UTF8),
    (b"\xff\xfe", "UTF-16", AS_UTF8),
    (b"\xfe\xff", "UTF-16", AS_UTF8),
    (
        &kpl::MAGIC,
        "a KPL aggregate",
        "one is taken apart where it is a Kinesis record as it is",
    ),
];

/// Magic numbers that consist of letters, with which text can begin too (`PARENT`).
const PRINTABLE_MAGIC: [(&[u8; 4], &str); 2] = [
    (b"PAR1", "Parquet"),
    (b"PARE", "Parquet with an encrypted footer"),
];

fn format_of(first: &[u8]) -> Option<NotText> {
    let format = |name, advice| Some(NotText::Format { name, advice });
    for (magic, name, advice) in MAGIC {
        if first.starts_with(magic) {
            return format(name, advice);
        }
    }
    for (magic, name) in PRINTABLE_MAGIC {
        if let Some(rest) = first.strip_prefix(magic)
            && is_table(magic, rest)
        {
            return format(name, AS_TEXT);
        }
    }
    match Compression::detect(first) {
        Some(Compression::Gzip) => return format("gzip", COMPRESS_ONCE),
        Some(Compression::Zstd) => return format("zstd", COMPRESS_ONCE),
        Some(Compression::Bzip2) => return format("bzip2", COMPRESS_ONCE),
        Some(Compression::Zlib) | None => {}
    }
    if is_zlib(first) {
        return format(
            "zlib that is cut short, changed, or not expected here",
            COMPRESS_OTHERWISE,
        );
    }
    None
}

/// Returns whether data that begin with these bytes, at least 12 or all of them, are Parquet, encrypted or not.
pub fn begins_as_parquet(first: &[u8]) -> bool {
    PRINTABLE_MAGIC.iter().any(|(magic, _)| {
        first
            .strip_prefix(magic.as_slice())
            .is_some_and(|rest| is_table(magic.as_slice(), rest))
    })
}

/// Returns whether a file that begins with Parquet's magic number continues like one: the page header or the
/// footer, in Thrift's compact protocol, begins with 0x15, and the length of an encrypted footer contains a
/// NUL. A small file ends with the magic number.
fn is_table(magic: &[u8], rest: &[u8]) -> bool {
    const NEAR: usize = 8;
    let near = &rest[..rest.len().min(NEAR)];
    near.iter().any(|byte| is_control(*byte)) || (rest.len() >= NEAR && rest.ends_with(magic))
}

/// Returns whether the data begin with one of the zlib headers that are not valid UTF-8. The fourth zlib
/// header, `x^`, is also text in Latin-1.
fn is_zlib(first: &[u8]) -> bool {
    matches!(first, [0x78, 0x01 | 0x9c | 0xda, ..])
        && str::from_utf8(first).is_err_and(|error| error.error_len().is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reason(first: &[u8]) -> String {
        check(first).map_or_else(|not_text| not_text.to_string(), |()| "text".to_owned())
    }

    #[test]
    fn formats_are_named() {
        for (first, name) in [
            (&b"PAR1\x15\x04\x15\x10"[..], "Parquet"),
            (b"PAR1 a column PAR1", "Parquet"),
            (b"PARE\x20\x01\0\0\x8a\x91", "Parquet with an encrypted footer"),
            (b"PK\x03\x04\x14\0", "a zip archive"),
            (b"PK\x05\x06\0\0", "a zip archive"),
            (b"\xfd7zXZ\0\0\x04", "xz"),
            (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
            (b"\x04\x22\x4d\x18\x64\x40", "an LZ4 frame"),
            (b"\xff\x06\0\0sNaPpY\x01", "framed Snappy"),
            (b"Obj\x01\x04\x16avro", "Avro"),
            (b"\xff\xfel\0i\0", "UTF-16"),
            (b"\xfe\xff\0l\0i", "UTF-16"),
            (b"\xff\xfe\0\0l\0\0\0", "UTF-32"),
            (b"\0\0\xfe\xff\0\0\0l", "UTF-32"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"\x28\xb5\x2f\xfd\x04", "zstd"),
            (b"BZh91AY&SY\x01", "bzip2"),
            (
                b"x\x9c\xab\xaeV",
                "zlib that is cut short, changed, or not expected here",
            ),
            (b"\xf3\x89\x9a\xc2\x0a\x01p", "a KPL aggregate"),
        ] {
            let reason = reason(first);
            let expected = format!("not text: begins as {name}; ");
            assert!(
                reason.starts_with(&expected),
                "{}: {reason}",
                first.escape_ascii()
            );
        }
    }

    #[test]
    fn other_binary_data_are_told_by_what_text_does_not_have() {
        assert_eq!(
            reason(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            "not text: binary data with a NUL at byte 8; only text and JSON are read"
        );
        assert_eq!(
            reason(b"\n\x05hello\x12\x03\x01\x02\x03"),
            "not text: binary data, of whose first 12 bytes 6 are control characters; only text and JSON are read"
        );
        let tenth = [&[1; 2][..], &[b'a'; 18]].concat();
        assert_eq!(reason(&tenth), "text");
        assert_ne!(reason(&tenth[..19]), "text", "more than a tenth");
        assert_ne!(reason(b"ab\x7f\x7f"), "text", "DEL is one of them");
    }

    #[test]
    fn text_is_text() {
        for text in [
            &b""[..],
            b"\n",
            b"a",
            b"\x01",
            b"beep\x07",
            b"PARENT process started",
            b"PAR1",
            b"PARE-1 restarted\nPAR1",
            b"PK is short for public key",
            b"x^2 + y^2",
            b"x^\xe9",
            b"BZh is how bzip2 begins",
            b"Objects: 3",
            b"\xef\xbb\xbfwith a mark of UTF-8",
            "\u{1f642} Ā \u{80}".as_bytes(),
            b"caf\xe9 cr\xe8me \xa9\xff",
            b"\x1b[1m\x1b[31mERROR\x1b[0m\x1b[0m\x1b[0m",
            b"page\x0cbreak\x08\x08\t\r\n\x1b\x1b\x1b",
            b"{\"a\":1}",
        ] {
            assert_eq!(reason(text), "text", "{}", text.escape_ascii());
        }
    }

    #[test]
    fn control_characters_are_those_of_ascii_but_for_six() {
        let controls: Vec<u8> = (0..=u8::MAX).filter(|byte| is_control(*byte)).collect();
        let expected: Vec<u8> = (0..=u8::MAX)
            .filter(|byte| byte.is_ascii_control() && !b"\t\n\r\x0c\x08\x1b".contains(byte))
            .collect();
        assert_eq!(controls, expected);
        for len in [0, 1, 127, 128, 129, PROBED] {
            assert_eq!(count_controls(&vec![1; len]), len);
        }
    }

    #[test]
    fn a_nul_counts_only_where_it_is_looked_for() {
        for (at, text) in [(PROBED - 1, false), (PROBED, true)] {
            let mut bytes = vec![b'a'; 2 * PROBED];
            bytes[at] = 0;
            assert_eq!(check(&bytes).is_ok(), text, "{at}");
        }
        // A character that is cut at the end of the examined bytes is not an error.
        let cut = ["x\u{1}".repeat(5), "€".repeat(400)].concat();
        assert_eq!(reason(cut.as_bytes()), "text");
    }

    proptest! {
        #[test]
        fn more_bytes_do_not_matter(
            first in proptest::collection::vec(any::<u8>(), PROBED),
            more in proptest::collection::vec(any::<u8>(), 0..50),
        ) {
            prop_assert_eq!(check(&[&first[..], &more].concat()), check(&first));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60), magic in 0..MAGIC.len()) {
            let _ = check(&bytes);
            prop_assert!(check(&[MAGIC[magic].0, &bytes].concat()).is_err());
            for (magic, _) in PRINTABLE_MAGIC {
                let _ = check(&[magic, &bytes[..]].concat());
            }
        }

        #[test]
        fn letters_are_text(text in "[a-zA-Z0-9\u{c0}-\u{ff} \t\r\n\u{1b}.,:=-]{0,300}") {
            prop_assume!(Compression::detect(text.as_bytes()).is_none());
            prop_assert_eq!(check(text.as_bytes()), Ok(()));
            // The same text in Latin-1.
            let latin: Vec<u8> = text.chars().map(|char| char as u8).collect();
            prop_assume!(!latin.starts_with(&[0xff, 0xfe]) && !latin.starts_with(&[0xfe, 0xff]) && !is_zlib(&latin));
            prop_assert_eq!(check(&latin), Ok(()));
        }
    }
}
