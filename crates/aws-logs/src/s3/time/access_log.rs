//! The time in Apache's common log format, which S3's server access logs use.

use loki_push::Timestamp;
use memchr::memchr;

use super::civil::Date;
use super::{month, number, offset};

/// Returns the time in the third field of the line, `[dd/Mon/yyyy:hh:mm:ss +hhmm]`.
///
/// The two fields before it, the bucket's owner and name, cannot contain brackets. The fields after it can
/// contain data from clients.
pub(crate) fn bracketed(line: &[u8]) -> Option<Timestamp> {
    let from = memchr(b'[', line)? + 1;
    if !begins_with_owner_and_bucket(&line[..from - 1]) {
        return None;
    }
    let (time, rest) = line[from..].split_at_checked(26)?;
    rest.strip_prefix(b"]")?;
    let &[
        d1,
        d2,
        b'/',
        n1,
        n2,
        n3,
        b'/',
        y1,
        y2,
        y3,
        y4,
        b':',
        ref rest @ ..,
    ] = time
    else {
        return None;
    };
    let (time_of_day, zone) = rest.split_at_checked(8)?;
    let ahead_of_utc = offset(zone.strip_prefix(b" ")?)?;
    Date::new(
        number(&[y1, y2, y3, y4])?,
        month(&[n1, n2, n3])?,
        number(&[d1, d2])?,
    )?
    .at(time_of_day, 0, ahead_of_utc)
}

/// Returns whether the text is the identifier of an account and a bucket's name, each followed by a space.
fn begins_with_owner_and_bucket(text: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let mut spaces = 0;
    text.iter().all(|byte| {
        spaces += usize::from(*byte == b' ');
        *byte == b' ' || is_name(byte)
    }) && spaces == 2
        && text.ends_with(b" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_stands_in_the_first_brackets() {
        for (line, seconds) in [
            (
                "79a5 b [04/Mar/2026:05:06:07 +0000] x [05/Mar/2026:05:06:07 +0000]",
                1_772_600_767,
            ),
            ("79a5 b [04/Mar/2026:07:06:07 +0200]", 1_772_600_767),
            ("79a5 b [31/Dec/1969:23:59:59 +0000] -", -1),
        ] {
            let expected = Timestamp::new(seconds, 0).unwrap();
            assert_eq!(bracketed(line.as_bytes()), Some(expected), "{line}");
        }
        for line in [
            "",
            "[",
            "a [-] b",
            "a [04/Mar/2026:05:06:07 +0000",
            "a [31/Feb/2026:05:06:07 +0000] b",
            "a [04/mar/2026:05:06:07 +0000] b",
            "a [04/Mar/2026:05:06:07 UTC00] b",
            "a b [04/Mar/2026:05:06:07 UTC00] b",
            // Half a line, which contains brackets from a client.
            r#"b.txt "GET /b.txt?[04/Mar/2026:05:06:07 +0000] HTTP/1.1" 200"#,
            "agent [04/Mar/2026:05:06:07 +0000] x",
            "[04/Mar/2026:05:06:07 +0000] x",
        ] {
            assert_eq!(bracketed(line.as_bytes()), None, "{line}");
        }
    }
}
