//! CloudFront's standard logs, legacy and v2: W3C with a header, delimited without one, or JSON lines.

use loki_push::Timestamp;
use memchr::memchr_iter;

use super::format::Read;
use super::json::{Members, string};
use super::time;
use crate::near::nth_field;

/// Legacy logs use the first; v2 lets the user choose.
const DELIMITERS: [u8; 5] = *b"\t ,;|";
/// `yyyy-mm-dd`.
const DATE_LEN: usize = 10;
/// `hh:mm:ss`.
const TIME_LEN: usize = 8;

/// Knows where the time is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CloudFront {
    /// There was no header: where a date and a time first follow each other, as upstream finds them.
    Anywhere,
    DateAndTime {
        date: usize,
        time: usize,
    },
    /// The field `timestamp(ms)` or `timestamp`, which v2 offers.
    Epoch {
        column: usize,
    },
    /// The header names none.
    Nowhere,
}

impl CloudFront {
    /// Lines starting with `#` are header: `#Version`, `#Fields`. No log line is, the character is
    /// encoded in all fields. JSON has no header, and loses no line to one.
    pub(crate) fn read(&mut self, line: &[u8]) -> Read {
        match line {
            [b'#', header @ ..] => {
                if let Some(names) = header.strip_prefix(b"Fields:") {
                    *self = Self::from_names(names);
                }
                Read::Header
            }
            [b'{', ..] => Read::Line(json_time(line)),
            _ => Read::Line(self.time(line)),
        }
    }

    fn from_names(names: &[u8]) -> Self {
        let column = |wanted: &[u8]| {
            names
                .split(|byte| DELIMITERS.contains(byte))
                .filter(|name| !name.is_empty())
                .position(|name| name == wanted)
        };
        if let (Some(date), Some(time)) = (column(b"date"), column(b"time")) {
            return Self::DateAndTime { date, time };
        }
        match column(b"timestamp(ms)").or_else(|| column(b"timestamp")) {
            Some(column) => Self::Epoch { column },
            None => Self::Nowhere,
        }
    }

    fn time(self, line: &[u8]) -> Option<Timestamp> {
        // The header does not say by what the fields are delimited: the first that gives a time.
        let mut delimiters = DELIMITERS.into_iter();
        match self {
            Self::Anywhere => first_date_and_time(line),
            Self::DateAndTime { date, time } => delimiters.find_map(|delimiter| {
                let date = nth_field(line, delimiter, date)?;
                let time_of_day = nth_field(line, delimiter, time)?;
                time::date_and_time(date, time_of_day)
            }),
            Self::Epoch { column } => {
                delimiters.find_map(|delimiter| time::epoch(nth_field(line, delimiter, column)?))
            }
            Self::Nowhere => None,
        }
    }
}

/// `date<delimiter>time` at the first place that looks like it.
fn first_date_and_time(line: &[u8]) -> Option<Timestamp> {
    memchr_iter(b':', line).find_map(|colon| {
        // Two digits of the hour stand before the first colon.
        let time_from = colon.checked_sub(2)?;
        let date_from = time_from.checked_sub(DATE_LEN + 1)?;
        DELIMITERS.contains(&line[time_from - 1]).then_some(())?;
        time::date_and_time(
            &line[date_from..time_from - 1],
            line.get(time_from..time_from + TIME_LEN)?,
        )
    })
}

fn json_time(line: &[u8]) -> Option<Timestamp> {
    let (mut date, mut time_of_day, mut millis) = (None, None, None);
    for (name, value) in Members::of(line) {
        // Values are strings, numbers too.
        let value = string(value).unwrap_or(value);
        match name {
            b"date" => date = Some(value),
            b"time" => time_of_day = Some(value),
            b"timestamp(ms)" | b"timestamp" => millis = Some(value),
            _ => {}
        }
        if let (Some(date), Some(time_of_day)) = (date, time_of_day) {
            return time::date_and_time(date, time_of_day);
        }
    }
    time::epoch(millis?)
}
