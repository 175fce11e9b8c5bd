//! The header and trailer of a gzip member (RFC 1952).

use flate2::Crc;

const MAGIC: [u8; 2] = [0x1f, 0x8b];
const DEFLATE: u8 = 8;
/// The length of the fixed header fields: magic number, method, flags, time, extra flags, system.
const FIXED: usize = 10;

const HAS_CRC: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// A fault of a member's header or trailer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MemberError {
    /// The bytes do not begin with a gzip header.
    #[error("incorrect header check")]
    NoHeader,
    /// The compression method is not deflate.
    #[error("unknown compression method")]
    Method,
    /// Reserved flags are set.
    #[error("unknown header flags set")]
    Flags,
    /// The header's checksum is wrong.
    #[error("header crc mismatch")]
    HeaderChecksum,
    /// The checksum of the data is wrong.
    #[error("incorrect data check")]
    Checksum,
    /// The stated length of the data is wrong.
    #[error("incorrect length check")]
    Length,
    /// The member ends too early.
    #[error("cut short")]
    CutShort,
}

/// Returns the bytes after the header, where the compressed data begin.
pub(crate) fn after_header(member: &[u8]) -> Result<&[u8], MemberError> {
    if !member.starts_with(&MAGIC[..member.len().min(MAGIC.len())]) {
        return Err(MemberError::NoHeader);
    }
    let (fixed, mut rest) = member.split_at_checked(FIXED).ok_or(MemberError::CutShort)?;
    let flags = fixed[3];
    if fixed[2] != DEFLATE {
        return Err(MemberError::Method);
    }
    if flags & RESERVED != 0 {
        return Err(MemberError::Flags);
    }
    if flags & HAS_EXTRA != 0 {
        let (len, after) = rest.split_first_chunk::<2>().ok_or(MemberError::CutShort)?;
        rest = skip(after, usize::from(u16::from_le_bytes(*len)))?;
    }
    for text in [HAS_NAME, HAS_COMMENT] {
        if flags & text != 0 {
            let end = rest
                .iter()
                .position(|byte| *byte == 0)
                .ok_or(MemberError::CutShort)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & HAS_CRC != 0 {
        let mut crc = Crc::new();
        crc.update(&member[..member.len() - rest.len()]);
        let (said, after) = rest.split_first_chunk::<2>().ok_or(MemberError::CutShort)?;
        // The header's checksum is the lower half of the CRC32.
        if u32::from(u16::from_le_bytes(*said)) != crc.sum() & 0xffff {
            return Err(MemberError::HeaderChecksum);
        }
        rest = after;
    }
    Ok(rest)
}

/// Returns the bytes after the trailer, which must contain this checksum of the data and this length modulo
/// 2^32.
pub(crate) fn after_trailer(rest: &[u8], checksum: u32, len: u32) -> Result<&[u8], MemberError> {
    let number = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
    let (said, rest) = rest.split_first_chunk::<4>().ok_or(MemberError::CutShort)?;
    if number(said) != checksum {
        return Err(MemberError::Checksum);
    }
    let (said, rest) = rest.split_first_chunk::<4>().ok_or(MemberError::CutShort)?;
    if number(said) != len {
        return Err(MemberError::Length);
    }
    Ok(rest)
}

fn skip(bytes: &[u8], len: usize) -> Result<&[u8], MemberError> {
    bytes.get(len..).ok_or(MemberError::CutShort)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

    fn with(flags: u8, rest: &[u8]) -> Vec<u8> {
        let mut header = HEADER.to_vec();
        header[3] = flags;
        header.extend_from_slice(rest);
        header
    }

    #[test]
    fn all_fields_of_a_header_are_skipped() {
        let rows: [(u8, &[u8]); 5] = [
            (0, b"data"),
            (HAS_EXTRA, b"\x03\x00abcdata"),
            (HAS_NAME, b"name\0data"),
            (HAS_NAME | HAS_COMMENT, b"name\0comment\0data"),
            // FTEXT is only a hint.
            (1, b"data"),
        ];
        for (flags, rest) in rows {
            assert_eq!(after_header(&with(flags, rest)), Ok(&b"data"[..]), "{flags}");
        }
        let mut checked = with(HAS_CRC | HAS_NAME, b"name\0");
        let mut crc = Crc::new();
        crc.update(&checked);
        checked.extend_from_slice(&(crc.sum() as u16).to_le_bytes());
        checked.extend_from_slice(b"data");
        assert_eq!(after_header(&checked), Ok(&b"data"[..]));
        checked[4] ^= 1;
        assert_eq!(after_header(&checked), Err(MemberError::HeaderChecksum));
    }

    #[test]
    fn a_header_may_end_nowhere() {
        let whole = with(HAS_EXTRA | HAS_NAME | HAS_COMMENT, b"\x02\x00abname\0comment\0");
        for len in 0..whole.len() {
            assert_eq!(after_header(&whole[..len]), Err(MemberError::CutShort), "{len}");
        }
        assert_eq!(after_header(&whole), Ok(&b""[..]));
        assert_eq!(after_header(b"{}"), Err(MemberError::NoHeader));
        assert_eq!(after_header(&with(RESERVED, b"")), Err(MemberError::Flags));
    }

    #[test]
    fn a_trailer_is_compared() {
        let trailer = [1, 0, 0, 0, 2, 0, 0, 0, b'x'];
        assert_eq!(after_trailer(&trailer, 1, 2), Ok(&b"x"[..]));
        assert_eq!(after_trailer(&trailer, 2, 2), Err(MemberError::Checksum));
        assert_eq!(after_trailer(&trailer, 1, 1), Err(MemberError::Length));
        assert_eq!(after_trailer(&trailer[..7], 1, 2), Err(MemberError::CutShort));
    }
}
