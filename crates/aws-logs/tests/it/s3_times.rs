//! The times of lines that have none of their own.

use aws_logs::s3::{AccessLog, GuessedTimes, ObjectError, ObjectReader, ObjectType, WINDOW};
use loki_push::Timestamp;
use proptest::prelude::*;

use crate::s3_support::{
    CLOUDFRONT, CLOUDTRAIL, FLOW_LOG, LOAD_BALANCER, MSK, Read, all, drain, fallback, object, read, read_all,
    read_to, reader,
};

/// The time 2026-03-04T05:06:07Z in nanoseconds.
const AT: i128 = 1_772_600_767_000_000_000;
const SECOND: i128 = 1_000_000_000;

/// Returns a line of a Kafka broker, this many seconds after 05:06:07.
fn msk(second: i128) -> String {
    format!("[2026-03-04 05:06:{:02},000] INFO x (kafka)", 7 + second)
}

fn guessed(object: &ObjectType, bytes: &[u8]) -> GuessedTimes {
    let mut reader = reader(object);
    reader.feed(bytes);
    reader.finish();
    drain(&mut reader, &mut Vec::new()).unwrap();
    reader.guessed_times()
}

fn of_lines(before: u64, after: u64, last_modified: u64) -> GuessedTimes {
    GuessedTimes {
        before,
        after,
        last_modified,
    }
}

/// Expects these lines with their times, and this number of lines that were given the time of another.
fn expect(object: &ObjectType, bytes: &str, expected: &[(&str, i128)], counts: GuessedTimes) {
    let expected: Vec<Read> = expected
        .iter()
        .map(|(line, time)| Read::line(line, *time))
        .collect();
    assert_eq!(read_all(object, bytes.as_bytes()), expected);
    assert_eq!(guessed(object, bytes.as_bytes()), counts);
}

#[test]
fn a_line_takes_the_time_of_the_nearest_line_before_it() {
    let (first, second) = (msk(0), msk(2));
    // The index is never reset, and does not count empty lines.
    let bytes = format!("{first}\n\tat a\n\n\tat a\n{second}\r\n\tat a\n");
    let expected = [
        (&*first, AT),
        ("\tat a", AT + 1),
        ("", AT + 1),
        ("\tat a", AT + 2),
        (&*second, AT + 2 * SECOND),
        ("\tat a", AT + 2 * SECOND + 3),
    ];
    expect(&object(MSK), &bytes, &expected, of_lines(3, 0, 0));
}

/// The nearest previous line is used whether it is older or newer than those before it.
#[test]
fn the_nearest_line_counts_whatever_its_time_is() {
    let (first, second) = (msk(2), msk(0));
    let bytes = format!("{first}\na\n{second}\na\n");
    let expected = [
        (&*first, AT + 2 * SECOND),
        ("a", AT + 2 * SECOND + 1),
        (&*second, AT),
        ("a", AT + 2),
    ];
    expect(&object(MSK), &bytes, &expected, of_lines(2, 0, 0));
}

#[test]
fn lines_before_the_first_time_take_that_one() {
    let first = msk(0);
    let bytes = format!("\tat a\n\n\tat a\n{first}\n\tat a\n");
    let expected = [
        ("\tat a", AT + 1),
        ("", AT + 1),
        ("\tat a", AT + 2),
        (&*first, AT),
        ("\tat a", AT + 3),
    ];
    expect(&object(MSK), &bytes, &expected, of_lines(1, 2, 0));
}

#[test]
fn lines_of_an_object_without_times_take_the_time_it_was_written() {
    let expected = [("a", fallback(1)), ("", fallback(1)), ("a", fallback(2))];
    expect(&object(MSK), "a\n\na", &expected, of_lines(0, 0, 2));
    expect(&object(MSK), "\n\r\n", &[("", fallback(0)); 2], of_lines(0, 0, 0));
    expect(&object(MSK), "", &[], of_lines(0, 0, 0));
}

#[test]
fn an_object_of_unknown_type_has_no_times() {
    let expected = [("a", fallback(0)), ("", fallback(1)), ("a", fallback(2))];
    expect(
        &ObjectType::text("bucket"),
        "a\n\na",
        &expected,
        of_lines(0, 0, 0),
    );
    // Lines of these objects are not held back.
    for object in [
        ObjectType::text("bucket"),
        ObjectType::access_log(AccessLog::Unknown),
    ] {
        let mut reader = reader(&object);
        reader.feed(&b"a\n".repeat(8192));
        let mut lines = Vec::new();
        drain(&mut reader, &mut lines).unwrap();
        assert_eq!(lines.len(), 8192);
    }
}

#[test]
fn records_without_a_time_take_one_over_like_lines() {
    let timed = r#"{"eventTime":"2026-03-04T05:06:07Z"}"#;
    let bytes = format!(r#"{{"Records":[ 7,{timed},{{"a":1}},{{"a":1}}],"x":[0]}} {{"Records":[{{}}]}}"#);
    let expected = [
        ("7", AT + 1),
        (timed, AT),
        (r#"{"a":1}"#, AT + 2),
        (r#"{"a":1}"#, AT + 3),
        ("{}", AT + 4),
    ];
    expect(&object(CLOUDTRAIL), &bytes, &expected, of_lines(3, 1, 0));
}

#[test]
fn headers_are_not_lines_without_a_time() {
    let bytes =
        "#Version: 1.0\n#Fields: date time\ncut off\n#Fields: time date\ncut off\n05:06:07\t2026-03-04\n";
    let expected = [
        ("cut off", AT + 1),
        ("cut off", AT + 2),
        ("05:06:07\t2026-03-04", AT),
    ];
    expect(&object(CLOUDFRONT), bytes, &expected, of_lines(0, 2, 0));
    let bytes = "start srcaddr\n- 10.0.0.1\n1772600767 10.0.0.1\n- 10.0.0.1\n";
    let expected = [
        ("- 10.0.0.1", AT + 1),
        ("1772600767 10.0.0.1", AT),
        ("- 10.0.0.1", AT + 2),
    ];
    expect(&object(FLOW_LOG), bytes, &expected, of_lines(1, 1, 0));
}

#[test]
fn lines_that_were_held_back_keep_their_status() {
    let line =
        |time: &str, status: &str| format!("https {time} app/shop/0a a b 0.001 0.012 0.000 {status} 200");
    // A thirteenth month does not exist.
    let (first, timed) = (
        line("2026-13-04T05:06:07Z", "404"),
        line("2026-03-04T05:06:07Z", "502"),
    );
    let bytes = [&*first, "cut", &*timed, &*first].join("\n");
    let (lines, end) = read(&ObjectType::access_log(AccessLog::Alb), &[bytes.as_bytes()]);
    end.unwrap();
    assert_eq!(
        lines,
        [
            Read::with_status(&first, AT + 1, "404"),
            Read::with_status("cut", AT + 2, "Unknown"),
            Read::with_status(&timed, AT, "502"),
            Read::with_status(&first, AT + 3, "404"),
        ]
    );
}

/// A time applies to the lines before it if its line begins within the window.
#[test]
fn lines_are_held_back_within_the_window() {
    let (first, late) = (msk(0), msk(1));
    for (filler, base) in [(WINDOW - 1, AT), (WINDOW, fallback(0))] {
        let filler = "x".repeat(filler);
        let bytes = format!("{filler}\n{first}\na\n{late}\n");
        let expected = [
            (&*filler, base + 1),
            (&*first, AT),
            ("a", AT + 2),
            (&*late, AT + SECOND),
        ];
        let counts = match base {
            AT => of_lines(1, 1, 0),
            _ => of_lines(1, 0, 1),
        };
        expect(&object(MSK), &bytes, &expected, counts);
    }
    // Empty lines fill the window too.
    let empty = "\n".repeat(WINDOW + 1);
    let lines = read_all(&object(MSK), format!("{empty}a\n{first}\nb\n").as_bytes());
    assert_eq!(
        lines[WINDOW..],
        [
            Read::line("", fallback(0)),
            Read::line("a", fallback(1)),
            Read::line(&first, AT),
            Read::line("b", AT + 2)
        ]
    );
    // Bytes between records fill the window too.
    let other = format!(r#"],"other":"{}","Records":["#, "x".repeat(WINDOW));
    let record = r#"{"eventTime":"2026-03-04T05:06:07Z"}"#;
    let bytes = format!(r#"{{"Records":[1{other}{record},2]}}"#);
    let expected = [("1", fallback(1)), (record, AT), ("2", AT + 2)];
    expect(&object(CLOUDTRAIL), &bytes, &expected, of_lines(1, 0, 1));
}

#[test]
fn memory_stays_bounded_while_lines_are_held_back() {
    let block = "no time\n".repeat(1024);
    let long = [b'x'; 8192];
    for object in all() {
        let mut reader = reader(&object);
        let mut most = 0;
        let mut lines = Vec::new();
        for number in 0..64 {
            // With records, the first has no time, and a member that is not needed follows.
            match number {
                0 => reader.feed(br#"{"Records":[1],"configurationItems":[1],"other":""#),
                _ if object.labels().get("__aws_log_type") == Some("s3_cloudtrail") => reader.feed(&long),
                _ if object.labels().get("__aws_log_type") == Some("s3_config") => reader.feed(&long),
                _ => reader.feed(block.as_bytes()),
            }
            drain(&mut reader, &mut lines).unwrap();
            most = most.max(reader.space().capacity());
        }
        assert!(most <= 4 * WINDOW, "{most} bytes for {:?}", object.labels());
        assert!(!lines.is_empty());
    }
}

/// A broken object is as broken at the next reading: its lines are shipped, with the times that they will
/// have then.
#[test]
fn an_error_comes_after_the_lines_that_were_held_back() {
    let (lines, end) = read(&object(CLOUDTRAIL), &[br#"{"Records":[1,2,!"#]);
    assert_eq!(
        lines,
        [Read::line("1", fallback(1)), Read::line("2", fallback(2))]
    );
    assert!(
        matches!(end, Err(ObjectError::Unexpected { offset: 16, .. })),
        "{end:?}"
    );
    let (lines, end) = read(&object(CLOUDTRAIL), &[br#"{"Records":[1,2"#]);
    assert_eq!(lines, [Read::line("1", fallback(1))]);
    assert!(
        matches!(end, Err(ObjectError::CutShort { records: 1, .. })),
        "{end:?}"
    );

    let mut long = reader(&object(MSK)).with_longest_line(10);
    // The object has enough bytes for the check that it is text.
    long.feed(&[&b"a\n0123456789abc\n"[..], &b"b\n".repeat(512)].concat());
    let mut lines = Vec::new();
    let error = drain(&mut long, &mut lines).unwrap_err();
    assert!(matches!(error, ObjectError::TooLong { .. }), "{error:?}");
    assert_eq!(lines, [Read::line("a", fallback(1))]);
    long.finish();
    drain(&mut long, &mut lines).unwrap();
    assert_eq!(lines.len(), 1, "an error comes once, and nothing after it");

    let (lines, end) = read_to(&object(MSK), &[b"a\nb\nc"], ObjectReader::abort);
    end.unwrap();
    assert_eq!(
        lines,
        [Read::line("a", fallback(1)), Read::line("b", fallback(2))]
    );
}

/// The missing rest may contain the time of lines that are held back: another reading would give them that
/// one.
#[test]
fn lines_that_are_held_back_are_dropped_when_reading_is_interrupted() {
    let bytes = format!("a\nb\n{}\nc\nd", msk(0));
    for cut in 0..=bytes.len() {
        let (lines, end) = read_to(&object(MSK), &[&bytes.as_bytes()[..cut]], ObjectReader::interrupt);
        end.unwrap();
        let whole = read_all(&object(MSK), bytes.as_bytes());
        assert!(whole.starts_with(&lines), "{lines:?}");
        // All lines up to the first time, or none.
        let known = cut > bytes.find("\nc").unwrap();
        assert_eq!(!lines.is_empty(), known, "cut at {cut}");
    }
    // After the window, the rest no longer matters.
    let long = "x".repeat(WINDOW) + "\n";
    let (lines, end) = read_to(&object(MSK), &[long.as_bytes()], ObjectReader::interrupt);
    end.unwrap();
    assert_eq!(lines, [Read::line(long.trim_end(), fallback(1))]);
}

#[test]
fn times_stop_at_the_last_instant_of_year_9999() {
    let last = "http 9999-12-31T23:59:59.999999998Z x";
    let bytes = ["cut", last, "cut", "cut"].join("\n");
    let times: Vec<i128> = read_all(&object(LOAD_BALANCER), bytes.as_bytes())
        .iter()
        .map(|line| line.nanos)
        .collect();
    let end = Timestamp::new(253_402_300_799, 999_999_999).unwrap().unix_nanos();
    assert_eq!(times, [end, end - 1, end, end]);
    let first = "http 0001-01-01T00:00:00Z x";
    let times = read_all(&object(LOAD_BALANCER), format!("cut\n{first}\n").as_bytes());
    assert_eq!(times[0].nanos, times[1].nanos + 1);
}

/// The kind of a line in the properties.
#[derive(Clone, Debug)]
enum Kind {
    Timed(u8),
    Untimed(u8),
    Long(usize),
    Empty,
}

impl Kind {
    fn text(&self) -> String {
        match self {
            Self::Timed(second) => msk((second % 50).into()),
            Self::Untimed(number) => format!("\tat {number}"),
            Self::Long(len) => "x".repeat(*len),
            Self::Empty => String::new(),
        }
    }

    fn time(&self) -> Option<i128> {
        match self {
            Self::Timed(second) => Some(AT + i128::from(second % 50) * SECOND),
            _ => None,
        }
    }
}

fn lines() -> impl Strategy<Value = Vec<Kind>> {
    let untimed = prop_oneof![
        6 => any::<u8>().prop_map(Kind::Untimed),
        1 => Just(Kind::Empty),
        1 => (0..2_usize, WINDOW / 3 - 20..WINDOW / 3 + 20).prop_map(|(thirds, len)| Kind::Long(len * (2 * thirds + 1))),
    ];
    let any = prop_oneof![2 => untimed.clone().boxed(), 1 => any::<u8>().prop_map(Kind::Timed).boxed()];
    let leading = proptest::collection::vec(untimed, 0..6);
    (leading, proptest::collection::vec(any, 0..8)).prop_map(|(leading, rest)| [leading, rest].concat())
}

/// Computes the expected lines and times from the whole object.
fn expected(lines: &[Kind]) -> Vec<Read> {
    let leading = lines.iter().take_while(|line| line.time().is_none());
    let bytes: usize = leading.map(|line| line.text().len() + 1).sum();
    let first = lines.iter().find_map(Kind::time).filter(|_| bytes <= WINDOW);
    let mut nearest = first.unwrap_or_else(|| fallback(0));
    let mut index = 0;
    lines
        .iter()
        .map(|line| {
            let text = line.text();
            if let Some(time) = line.time() {
                nearest = time;
                return Read::line(&text, time);
            }
            index += i128::from(!text.is_empty());
            Read::line(&text, nearest + index)
        })
        .collect()
}

proptest! {
    #[test]
    fn times_follow_the_rule_however_the_bytes_come(
        lines in lines(),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..12),
        crlf in any::<bool>(),
    ) {
        let line_break = if crlf { "\r\n" } else { "\n" };
        let bytes: String = lines.iter().map(|line| line.text() + line_break).collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let blocks: Vec<&[u8]> = cuts.windows(2).map(|cut| &bytes.as_bytes()[cut[0]..cut[1]]).collect();
        let (read, end) = read(&object(MSK), &blocks);
        prop_assert_eq!(end, Ok(()));
        if !crlf {
            prop_assert_eq!(&read, &expected(&lines));
        }
        prop_assert_eq!(&read, &read_all(&object(MSK), bytes.as_bytes()));
        // Equal lines with one time would be a single entry in Loki.
        let mut untimed: Vec<i128> = read.iter().zip(&lines)
            .filter(|(read, line)| line.time().is_none() && !read.text.is_empty())
            .map(|(read, _)| read.nanos)
            .collect();
        untimed.sort_unstable();
        prop_assert!(untimed.windows(2).all(|two| two[0] < two[1]), "{:?}", untimed);
    }
}
