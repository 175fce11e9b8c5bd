//! The check that a response continues a broken download.

use std::ops::Range;

use aws_sdk_s3::operation::get_object::GetObjectOutput;

/// A classification of the response to a request for the rest of an object.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Resumed {
    /// The rest of the same state of the object.
    Rest,
    /// Bytes of another state of the object.
    OtherState,
    /// Any other response, with the reason.
    NotTheRest(String),
}

impl Resumed {
    /// Compares the response with the first one, which had this ETag and length. S3 itself rejects a request
    /// whose `If-Match` does not hold, and answers a range with 206. Without this check, the bytes of a
    /// server or proxy that ignores one of the two would be appended to those of another object.
    pub(crate) fn of(answer: &GetObjectOutput, etag: &str, offset: u64, length: u64) -> Self {
        match answer.e_tag() {
            Some(now) if now == etag => {}
            Some(_) => return Self::OtherState,
            None => {
                return Self::NotTheRest("the answer to the request for the rest has no ETag".to_owned());
            }
        }
        let range = answer.content_range();
        let is_rest = match offset {
            // No range was requested.
            0 => range.is_none_or(|range| covers(range, 0..length, length)),
            _ => range.is_some_and(|range| covers(range, offset..length, length)),
        };
        let rest = answer.content_length().and_then(|rest| u64::try_from(rest).ok());
        if !is_rest || rest.is_some_and(|rest| Some(rest) != length.checked_sub(offset)) {
            return Self::NotTheRest(format!("the server does not give bytes from {offset} on"));
        }
        Self::Rest
    }

    /// Compares the response to a request for a part of the object, as [`of`](Self::of) does.
    pub(crate) fn part(answer: &GetObjectOutput, etag: &str, part: Range<u64>, length: u64) -> Self {
        match answer.e_tag() {
            Some(now) if now == etag => {}
            Some(_) => return Self::OtherState,
            None => {
                return Self::NotTheRest("the answer to the request for a part has no ETag".to_owned());
            }
        }
        let is_part = answer
            .content_range()
            .is_some_and(|range| covers(range, part.clone(), length));
        let bytes = answer
            .content_length()
            .and_then(|bytes| u64::try_from(bytes).ok());
        if !is_part || bytes.is_some_and(|bytes| bytes != part.end - part.start) {
            let (from, to) = (part.start, part.end);
            return Self::NotTheRest(format!("the server does not give bytes {from} to {to}"));
        }
        Self::Rest
    }
}

/// Returns whether `Content-Range` covers this part of `length` bytes (RFC 9110, 14.4).
fn covers(range: &str, part: Range<u64>, length: u64) -> bool {
    let parse = || {
        let (bytes, total) = range.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = bytes.split_once('-')?;
        Some([first.parse().ok()?, last.parse().ok()?, total.parse().ok()?])
    };
    part.end > part.start && parse() == Some([part.start, part.end - 1, length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bytes_from_there_to_the_end_are_the_rest() {
        for (etag, range, bytes, expected) in [
            (Some("\"a\""), Some("bytes 4-9/10"), Some(6), Ok(())),
            (Some("\"a\""), Some("bytes 4-9/10"), None, Ok(())),
            (Some("\"b\""), Some("bytes 4-9/10"), Some(6), Err("")),
            (Some("W/\"a\""), Some("bytes 4-9/10"), Some(6), Err("")),
            (None, Some("bytes 4-9/10"), Some(6), Err("no ETag")),
            (Some("\"a\""), None, Some(10), Err("from 4 on")),
            (Some("\"a\""), Some("bytes 3-9/10"), Some(7), Err("from 4 on")),
            (Some("\"a\""), Some("bytes 40-49/50"), Some(10), Err("from 4 on")),
            (Some("\"a\""), Some("bytes 4-8/10"), Some(5), Err("from 4 on")),
            (Some("\"a\""), Some("bytes 4-9/11"), Some(6), Err("from 4 on")),
            (Some("\"a\""), Some("bytes 4-9/*"), Some(6), Err("from 4 on")),
            (Some("\"a\""), Some("bytes 4-9/10"), Some(7), Err("from 4 on")),
            (Some("\"a\""), Some("4-9/10"), Some(6), Err("from 4 on")),
        ] {
            let answer = GetObjectOutput::builder()
                .set_e_tag(etag.map(str::to_owned))
                .set_content_range(range.map(str::to_owned))
                .set_content_length(bytes)
                .build();
            let resumed = Resumed::of(&answer, "\"a\"", 4, 10);
            match expected {
                Ok(()) => assert_eq!(resumed, Resumed::Rest, "{answer:?}"),
                Err("") => assert_eq!(resumed, Resumed::OtherState, "{answer:?}"),
                Err(text) => assert!(
                    matches!(&resumed, Resumed::NotTheRest(last) if last.contains(text)),
                    "{resumed:?} of {answer:?}"
                ),
            }
        }
    }

    #[test]
    fn only_the_bytes_that_were_asked_for_are_a_part() {
        for (etag, range, bytes, is_part) in [
            (Some("a"), Some("bytes 4-6/10"), Some(3), true),
            (Some("a"), Some("bytes 4-6/10"), None, true),
            (Some("b"), Some("bytes 4-6/10"), Some(3), false),
            (None, Some("bytes 4-6/10"), Some(3), false),
            (Some("a"), None, Some(10), false),
            (Some("a"), Some("bytes 4-9/10"), Some(6), false),
            (Some("a"), Some("bytes 3-6/10"), Some(4), false),
            (Some("a"), Some("bytes 4-6/11"), Some(3), false),
            (Some("a"), Some("bytes 4-6/10"), Some(4), false),
        ] {
            let answer = GetObjectOutput::builder()
                .set_e_tag(etag.map(str::to_owned))
                .set_content_range(range.map(str::to_owned))
                .set_content_length(bytes)
                .build();
            assert_eq!(
                Resumed::part(&answer, "a", 4..7, 10) == Resumed::Rest,
                is_part,
                "{answer:?}"
            );
        }
    }

    #[test]
    fn all_of_it_is_the_rest_of_nothing() {
        for (bytes, expected) in [(10, true), (9, false), (11, false)] {
            let answer = GetObjectOutput::builder()
                .e_tag("a")
                .content_length(bytes)
                .build();
            assert_eq!(
                Resumed::of(&answer, "a", 0, 10) == Resumed::Rest,
                expected,
                "{bytes}"
            );
        }
    }
}
