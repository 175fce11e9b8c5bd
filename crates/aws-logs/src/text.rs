//! The lines of a text from a single record of Kinesis, Kafka, SQS or SNS.

use std::borrow::Cow;

use loki_push::Timestamp;
use memchr::memchr;

use crate::{RecordIdentity, lossy};

/// The times of a record's lines.
///
/// The time of a line is the record's own time, plus the offset of its [`RecordIdentity`], plus one
/// nanosecond for each earlier line of the record. It does not depend on the other records of a batch,
/// because AWS regroups, splits and repeats batches.
#[derive(Clone, Copy, Debug)]
pub struct LineTimes {
    first: Timestamp,
    lines: u64,
}

impl LineTimes {
    /// Returns the times from a record's first line on.
    pub fn new(record: Timestamp, identity: RecordIdentity) -> Self {
        Self {
            first: record.plus_nanos(identity.offset_nanos()),
            lines: 0,
        }
    }

    /// Returns the time of the record's next line.
    pub fn next_time(&mut self) -> Timestamp {
        let time = self.first.plus_nanos(self.lines);
        self.lines += 1;
        time
    }
}

/// Returns the lines of a text, which end with a line feed, or a carriage return and a line feed. Invalid
/// UTF-8 is replaced with U+FFFD.
pub fn lines(text: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = match memchr(b'\n', rest) {
            Some(end) => (&rest[..end], &rest[end + 1..]),
            None => (rest, &[][..]),
        };
        rest = after;
        Some(lossy(line.strip_suffix(b"\r").unwrap_or(line)))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8], identity: RecordIdentity) -> Vec<(i128, String)> {
        let mut times = LineTimes::new(Timestamp::from_unix_millis(7).unwrap(), identity);
        lines(text)
            .map(|line| (times.next_time().unix_nanos(), line.into_owned()))
            .collect()
    }

    #[test]
    fn lines_are_a_nanosecond_apart_from_their_records_offset_on() {
        let expected = [
            (7_000_943, "a"),
            (7_000_944, ""),
            (7_000_945, "a"),
            (7_000_946, "last\u{fffd}"),
        ];
        assert_eq!(
            read(b"a\r\n\na\nlast\xff", RecordIdentity::of_sequence_number("1")),
            expected.map(|(time, line)| (time, line.to_owned()))
        );
        assert_eq!(
            read(b"a\n", RecordIdentity::default()),
            [(7_000_000, "a".to_owned())]
        );
        assert_eq!(read(b"", RecordIdentity::default()), []);
    }

    #[test]
    fn the_times_of_a_record_go_on_over_several_texts() {
        let mut times = LineTimes::new(Timestamp::EPOCH, RecordIdentity::default());
        let nanos: Vec<i128> = [&b"a\nb"[..], b"c"]
            .into_iter()
            .flat_map(lines)
            .map(|_| times.next_time().unix_nanos())
            .collect();
        assert_eq!(nanos, [0, 1, 2]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let newlines = bytes.iter().filter(|byte| **byte == b'\n').count();
            let lines = lines(&bytes).count();
            prop_assert!(lines == newlines || lines == newlines + 1);
        }
    }
}
