//! The check that a response continues a broken download.

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
            0 => range.is_none_or(|range| covers(range, 0, length)),
            _ => range.is_some_and(|range| covers(range, offset, length)),
        };
        let rest = answer.content_length().and_then(|rest| u64::try_from(rest).ok());
        if !is_rest || rest.is_some_and(|rest| Some(rest) != length.checked_sub(offset)) {
            return Self::NotTheRest(format!("the server does not give bytes from {offset} on"));
        }
        Self::Rest
    }
}

/// Returns whether `Content-Range` covers the bytes from `offset` to the end of `length` bytes (RFC 9110,
/// 14.4).
fn covers(range: &str, offset: u64, length: u64) -> bool {
    let parse = || {
        let (bytes, total) = range.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = bytes.split_once('-')?;
        Some([first.parse().ok()?, last.parse().ok()?, total.parse().ok()?])
    };
    length > 0 && parse() == Some([offset, length - 1, length])
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
