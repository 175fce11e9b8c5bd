//! Logs of load balancers: access logs of all three kinds, connection logs and health check logs, as plain
//! lines, JSON lines, or in the W3C format.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::fields::{first_delimiter, split};
use crate::s3::format::{Framing, Layout, Read, Time, iso_member};
use crate::s3::json::{Members, string};
use crate::s3::key::scan::{after_pattern, leading_name};
use crate::s3::key::{Found, Key, account_and_rest};
use crate::s3::log_type::Docs;
use crate::s3::time;
use crate::s3::w3c::{Columns, Names, is_directive};

pub(crate) static LOAD_BALANCER: LogType = LogType {
    token: "s3_lb",
    matcher: |key| log(key).or_else(|| log_in_chosen_folder(key)),
    framing: Framing::Lines,
    time: Time::Layout(|| Box::new(LoadBalancer::Start)),
    docs: Docs {
        title: "ALB access, connection and health check logs, NLB, classic load balancers (text, JSON, Parquet)",
        src: Some("name of the load balancer"),
        owner: Some("account"),
        keys: &[
            "AWSLogs/<account>/elasticloadbalancing/<region>/yyyy/mm/dd/...",
            "<any folder>/<account>_elasticloadbalancing_<region>_<app or net>.<name>.<id>_... (not documented by AWS)",
        ],
        example: "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz",
        time: "the line's",
        page: Some(
            "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
        ),
    },
};

/// The service in keys.
const SERVICE: &str = "elasticloadbalancing";
/// The prefixes of the file names of other logs than access logs. Real objects have an underscore where one
/// page of AWS's documentation has a dot.
const PREFIXES: [&str; 4] = ["conn_log_", "conn_log.", "health_check_log_", "health_check_log."];
/// The number of hexadecimal digits in the id of a load balancer.
const ID_LEN: usize = 16;
/// The number of fields before the request in an application load balancer's line. The request is the first
/// field that a client controls. In a network load balancer's line, the name that a client requested comes
/// later.
const BEFORE_REQUEST: usize = 12;
/// The name of the status in the access logs of application and classic load balancers.
const STATUS: &str = "elb_status_code";
/// The name of the time in all logs.
const TIME: &str = "time";

/// Matches `[prefix/]AWSLogs/<account>/elasticloadbalancing/<region>/yyyy/mm/dd/<file>`, where the file is
/// `[conn_log_|health_check_log_]<account>_elasticloadbalancing_<region>_[app.|net.]<name>[.<id>]_...`
/// ("Access logs for your Application Load Balancer", "... Network ...", "... Classic ...").
fn log<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        vended
            .dated()
            .filter(|(_, between)| vended.service == SERVICE && between.is_empty())?;
        let load_balancer = vended.file_after(without_prefix(vended.file), SERVICE)?;
        // The dot is required: a classic load balancer can be named `appserver`, which upstream takes for the
        // application load balancer `server`.
        let src = leading_name(without_kind(load_balancer).unwrap_or(load_balancer));
        (!src.is_empty()).then_some(Found::Log {
            src,
            owner: vended.account,
        })
    })
}

/// Matches a file with such a name in any folder, as CloudWatch's log delivery of application and network load
/// balancers writes it, in which the user chooses the folders. AWS's documentation does not confirm the name.
fn log_in_chosen_folder<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    let (owner, load_balancer) = account_and_rest(without_prefix(key.file()), SERVICE)?;
    let (name, rest) = without_kind(load_balancer)?.split_once('.')?;
    let (id, time) = rest.split_once('_')?;
    (!name.is_empty()
        && leading_name(name) == name
        && id.len() == ID_LEN
        && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        && after_pattern(time, "00000000").is_some())
    .then_some(Found::Log { src: name, owner })
}

fn without_prefix(file: &str) -> &str {
    PREFIXES
        .iter()
        .find_map(|prefix| file.strip_prefix(prefix))
        .unwrap_or(file)
}

/// Returns the name of a load balancer that is not a classic one, with its id and what follows.
fn without_kind(load_balancer: &str) -> Option<&str> {
    load_balancer
        .strip_prefix("app.")
        .or_else(|| load_balancer.strip_prefix("net."))
}

/// The format of an object's lines, as far as it is known.
#[derive(Clone, Copy, Debug)]
enum LoadBalancer {
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

impl Layout for LoadBalancer {
    /// Reads the time from the column that `#Fields` names, from the JSON member, or from the fields before
    /// those that a client sent.
    fn read(&mut self, line: &[u8]) -> Read {
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
            b'{' => iso_member(line, TIME),
            _ => plain_time(line),
        })
    }

    fn status<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
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
