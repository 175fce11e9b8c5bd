//! Logs of load balancers: access logs of all three kinds, connection logs and health check logs, as plain
//! lines, JSON lines, or in the W3C format.

use loki_push::Timestamp;

use super::fields::{first_delimiter, split};
use super::format::Read;
use super::json::{Members, string};
use super::time;
use super::w3c::{Columns, Names};

/// The number of fields before the request in an application load balancer's line. The request is the first
/// field that a client controls. In a network load balancer's line, the name that a client requested comes
/// later.
const BEFORE_REQUEST: usize = 12;
/// The name of the status in the access logs of application and classic load balancers.
const STATUS: &str = "elb_status_code";
/// The name of the time in all logs.
const TIME: &str = "time";

/// The format of an object's lines, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LoadBalancer {
    /// Only empty lines were read so far. A header can only begin here.
    Start,
    /// The lines are plain or JSON.
    WithoutHeader,
    /// A header named the columns.
    W3c {
        columns: Columns,
        time: Option<usize>,
        status: Option<usize>,
    },
}

impl LoadBalancer {
    /// Returns whether the line is a header, and its time otherwise: from the column that `#Fields` names,
    /// from the JSON member, or from the fields before those that a client sent.
    pub(crate) fn read(&mut self, line: &[u8]) -> Read {
        if line.first() == Some(&b'#') && !matches!(self, Self::WithoutHeader) && is_directive(line) {
            if let Some(names) = Names::of(line) {
                *self = Self::W3c {
                    columns: names.columns(),
                    time: names.position(TIME),
                    status: names.position(STATUS),
                };
            }
            return Read::Header;
        }
        if let Self::W3c { columns, time, .. } = self {
            let field = time.and_then(|column| columns.field(line, column));
            return Read::Line(field.and_then(time::iso));
        }
        let Some(first) = line.first() else {
            return Read::Line(None);
        };
        *self = Self::WithoutHeader;
        Read::Line(match first {
            b'{' => Members::of(line).find(TIME).and_then(string).and_then(time::iso),
            _ => plain_time(line),
        })
    }

    /// Returns the field at the position of the status, if the log has one.
    pub(crate) fn status<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::W3c { columns, status, .. } => columns.field(line, (*status)?),
            _ if line.first() == Some(&b'{') => {
                let value = Members::of(line).find(STATUS)?;
                Some(string(value).unwrap_or(value))
            }
            _ => plain_status(line),
        }
    }
}

/// Returns whether the line is one of the directives of the W3C extended log file format. A number sign alone
/// does not make a header, or lines could be lost.
fn is_directive(line: &[u8]) -> bool {
    const DIRECTIVES: [&[u8]; 7] = [
        b"#Version",
        b"#Fields",
        b"#Software",
        b"#Start-Date",
        b"#End-Date",
        b"#Date",
        b"#Remark",
    ];
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.len() < line.len() && DIRECTIVES.contains(&name)
}

/// Returns the time from the first field that begins like a date: the first, second or third field, depending
/// on the log, or a later one if the user chose the order.
///
/// Only fields before the request and before the first quote are considered, because data from clients are in
/// quotes.
fn plain_time(line: &[u8]) -> Option<Timestamp> {
    let at = first_delimiter(line).unwrap_or(line.len());
    let (first, rest) = line.split_at(at);
    if is_date(first) {
        return time::iso(first);
    }
    if first.contains(&b'"') {
        return None;
    }
    let (delimiter, rest) = rest.split_first()?;
    let field = split(rest, *delimiter)
        .take(BEFORE_REQUEST - 1)
        .find(|field| is_date(field) || field.contains(&b'"'))?;
    time::iso(field)
}

/// Returns the status if the line is from an access log of an application load balancer, `type time elb
/// client:port target:port request_processing_time target_processing_time response_processing_time
/// elb_status_code`, or of a classic load balancer, which has no type.
///
/// Other logs differ in these fields: connection logs have an address in the second field, health check logs
/// a number in the third, and lines of network load balancers begin with `tls`.
fn plain_status(line: &[u8]) -> Option<&[u8]> {
    let delimiter = line[first_delimiter(line)?];
    let mut fields = split(line, delimiter);
    let first = fields.next()?;
    if !is_date(first) {
        let is_type = first != b"tls" && first.iter().all(u8::is_ascii_alphanumeric);
        (is_type && is_date(fields.next()?)).then_some(())?;
    }
    let name = fields.next()?;
    let is_name = name.first().is_some_and(u8::is_ascii_alphanumeric)
        && !name.iter().any(|byte| matches!(byte, b'.' | b':'));
    is_name.then_some(())?;
    let (_client, _target) = (fields.next()?, fields.next()?);
    for _ in 0..3 {
        is_duration(fields.next()?).then_some(())?;
    }
    fields.next()
}

/// Returns whether the field begins like `yyyy-mm-dd`.
fn is_date(field: &[u8]) -> bool {
    matches!(field, [b'0'..=b'9', _, _, _, b'-', _, _, b'-', ..])
}

/// Returns whether the field is seconds with a fraction, or -1 or a hyphen for a missing duration.
fn is_duration(field: &[u8]) -> bool {
    field.first() == Some(&b'-') || field.contains(&b'.')
}
