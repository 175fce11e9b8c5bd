//! CloudFront's standard logs, legacy and v2, connection logs and real-time logs: W3C with a header, delimited
//! without a header, or JSON lines.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::fields::{first_delimiter, is_delimiter, split};
use crate::s3::format::{Framing, Layout, Read, Time};
use crate::s3::json::{Members, string};
use crate::s3::key::partition::before_dates;
use crate::s3::key::scan::{after_number, is_number};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::time;
use crate::s3::w3c::{Columns, Names, TimeColumns, instant};
use crate::word_search::nth_field;

pub(crate) static CLOUDFRONT: LogType = LogType {
    token: "s3_cloudfront",
    matcher: standard,
    framing: Framing::Lines,
    time: Time::Layout(|| Box::new(CloudFront::WithoutHeader)),
    docs: Docs {
        title: "CloudFront standard logs, legacy and v2 (text, JSON, Parquet), and connection logs",
        src: Some("distribution id"),
        owner: Some("folder up to a date, if there is one"),
        keys: &["[folder/]<distribution>.yyyy-mm-dd-hh.<unique>..."],
        example: "cdn/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz",
        time: "the line's date and time, `timestamp(ms)`, `timestamp` or `eventTimestamp`",
        page: Some(
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html",
        ),
    },
};

/// The length of `yyyy-mm-dd`.
const DATE_LEN: usize = 10;
/// The length of `hh:mm:ss`.
const TIME_LEN: usize = 8;
/// The number of digits of milliseconds since 1970, from 2001 to 2286.
const MILLIS_LEN: usize = 13;
/// The length of seconds since 1970 with milliseconds, from 2001 to 2286: `1772600767.123`.
const SECONDS_LEN: usize = 14;
const STATUS: &str = "sc-status";
/// The name of the status in Parquet, where names of columns have underscores in place of hyphens.
const PARQUET_STATUS: &str = "sc_status";
/// The index of the status in legacy logs.
const LEGACY_STATUS: usize = 8;

/// Matches `[folder/]<distribution>.YYYY-MM-DD-HH.<unique>.gz` (CloudFront developer guide, "Standard
/// logging"), as loosely as upstream does, but also without a folder.
///
/// The owner is the folder, as in upstream, but without what v2 puts into it to partition the objects by date:
/// each hour would be another stream. Connection logs have the same keys; they are not confirmed by AWS's
/// documentation.
fn standard<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    let (src, rest) = key.file().split_once('.')?;
    let rest = after_number(after_number(rest, '-')?, '-')?;
    let (day, rest) = rest.split_once('-')?;
    let is_distribution = !src.is_empty()
        && src
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    (is_distribution && is_number(day) && !rest.is_empty()).then_some(Found::Log {
        src,
        owner: before_dates(key.folder()),
    })
}

/// The format of an object's lines, as far as it is known.
#[derive(Clone, Copy, Debug)]
enum CloudFront {
    WithoutHeader,
    /// A header named the columns.
    W3c {
        columns: Columns,
        time: TimeColumns,
        status: Option<usize>,
    },
}

impl Layout for CloudFront {
    /// Headers begin with `#`: `#Version`, `#Fields`. Lines of the log do not, because the character is
    /// encoded in all fields. JSON lines do not begin with it either.
    fn read(&mut self, line: &[u8]) -> Read {
        match line {
            [b'#', ..] => {
                if let Some(names) = Names::of(line) {
                    *self = Self::W3c {
                        columns: names.columns(),
                        time: TimeColumns::named(names),
                        status: names.position(STATUS),
                    };
                }
                Read::Header
            }
            [b'{', ..] => Read::Line(json_time(line)),
            _ => Read::Line(self.time(line)),
        }
    }

    /// Returns the field at the position that the header names, or at that of legacy logs if the line begins
    /// as theirs do.
    fn status<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        if line.first() == Some(&b'{') {
            let value = Members::of(line)
                .find(STATUS)
                .or_else(|| Members::of(line).find(PARQUET_STATUS))?;
            return Some(string(value).unwrap_or(value));
        }
        match self {
            Self::W3c { columns, status, .. } => columns.field(line, (*status)?),
            Self::WithoutHeader => {
                leading_date_and_time(line)?;
                // Unlike a tab, a comma or semicolon can be part of the path before the status.
                let delimiter = line[DATE_LEN];
                (!matches!(delimiter, b',' | b';')).then_some(())?;
                nth_field(line, delimiter, LEGACY_STATUS)
            }
        }
    }
}

impl CloudFront {
    fn time(&self, line: &[u8]) -> Option<Timestamp> {
        let Self::W3c { columns, time, .. } = self else {
            return time_without_header(line);
        };
        match time {
            TimeColumns::DateAndTime { date: 0, time: 1 } => leading_date_and_time(line),
            time => time.of(*columns, line),
        }
    }
}

/// Returns the time of a line that begins with `date<delimiter>time`.
fn leading_date_and_time(line: &[u8]) -> Option<Timestamp> {
    let (date, rest) = line.split_at_checked(DATE_LEN)?;
    let (delimiter, rest) = rest.split_first()?;
    let (time_of_day, rest) = rest.split_at_checked(TIME_LEN)?;
    let delimited = is_delimiter(*delimiter) && rest.first().is_none_or(|next| next == delimiter);
    delimited
        .then(|| time::date_and_time(date, time_of_day))
        .flatten()
}

/// Returns the time of a line whose columns are not known.
///
/// Date and time are the first fields in CloudFront's documentation, and milliseconds can replace them. If
/// the user chose another order, they are still found after numbers, addresses and edge locations, which AWS
/// writes. After any other field there may be data from clients, in which no time is searched.
fn time_without_header(line: &[u8]) -> Option<Timestamp> {
    if let Some(time) = leading_date_and_time(line) {
        return Some(time);
    }
    let delimiter = line[first_delimiter(line)?];
    let mut fields = split(line, delimiter);
    let first = fields.next()?;
    if is_time_number(first) {
        return instant(first);
    }
    let mut before = first;
    for field in fields {
        if let Some(time) = time::date_and_time(before, field) {
            return Some(time);
        }
        let is_date = before.len() == DATE_LEN && before.get(4) == Some(&b'-');
        (is_date || is_number_or_address(before) || is_edge_location(before)).then_some(())?;
        before = field;
    }
    None
}

/// Returns whether the field is as long as a present time in milliseconds, or in seconds with milliseconds.
fn is_time_number(field: &[u8]) -> bool {
    match field.len() {
        MILLIS_LEN => field.iter().all(u8::is_ascii_digit),
        SECONDS_LEN => field[SECONDS_LEN - 4] == b'.',
        _ => false,
    }
}

/// Returns whether the field can be a number or an IP address.
fn is_number_or_address(field: &[u8]) -> bool {
    !field.is_empty()
        && field
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
}

/// Returns whether the field looks like `CDG50-C1`.
fn is_edge_location(field: &[u8]) -> bool {
    let Some((airport, rest)) = field.split_at_checked(3) else {
        return false;
    };
    airport.iter().all(u8::is_ascii_uppercase)
        && rest.first().is_some_and(u8::is_ascii_digit)
        && rest
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-')
}

/// Returns the time of a JSON object: from its date and time, or otherwise from a field
/// that is a time by itself.
fn json_time(line: &[u8]) -> Option<Timestamp> {
    let (mut date, mut time_of_day, mut instant_field) = (None, None, None);
    for (name, value) in Members::of(line) {
        // All values are strings, including numbers.
        let value = string(value).unwrap_or(value);
        let member = match name {
            b"date" => &mut date,
            b"time" => &mut time_of_day,
            b"timestamp(ms)" | b"timestamp_ms" | b"timestamp" | b"eventTimestamp" => &mut instant_field,
            _ => continue,
        };
        // The first member of a name is used.
        member.get_or_insert(value);
        if let (Some(date), Some(time_of_day)) = (date, time_of_day) {
            return time::date_and_time(date, time_of_day);
        }
    }
    instant(instant_field?)
}
