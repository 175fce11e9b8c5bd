//! Audit logs of Redshift: connections, users and statements.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::fields::split;
use crate::s3::format::{Framing, Time, Variant};
use crate::s3::key::scan::{after_pattern, leading_name};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::time;

pub(crate) static REDSHIFT: LogType = LogType {
    token: "s3_redshift",
    matcher: log,
    framing: Framing::Lines,
    time: Time::Fixed(activity_time),
    docs: Docs {
        title: "Redshift connection, user and user activity logs",
        src: Some("cluster"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/redshift/<region>/yyyy/mm/dd/..."],
        example: "AWSLogs/111122223333/redshift/eu-west-1/2026/03/04/111122223333_redshift_eu-west-1_dwh_useractivitylog_2026-03-04T05:06.gz",
        time: "the line's",
        page: Some("https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html"),
    },
};

/// The kinds of logs that have another format than the user activity log.
static CONNECTIONS: Variant = Variant {
    framing: Framing::Lines,
    time: Time::Fixed(connection_time),
};
static USERS: Variant = Variant {
    framing: Framing::Lines,
    time: Time::Fixed(user_time),
};

/// Matches `[prefix/]AWSLogs/<account>/redshift/<region>/yyyy/mm/dd/<account>_redshift_<region>_<cluster>_
/// <kind>_yyyy-mm-ddThh:mm.gz` (Redshift management guide, "Database audit logging").
fn log<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        vended
            .dated()
            .filter(|(_, between)| vended.service == "redshift" && between.is_empty())?;
        let rest = vended.file_after(vended.file, "redshift")?;
        let (rest, time) = rest.rsplit_once('_')?;
        let (cluster, kind) = rest.rsplit_once('_')?;
        (!cluster.is_empty()
            && leading_name(cluster) == cluster
            && after_pattern(time, "0000-00-00T00:00").is_some())
        .then_some(())?;
        let found = Found::Log {
            src: cluster,
            owner: vended.account,
        };
        match kind {
            "useractivitylog" => Some(found),
            "connectionlog" => Some(found.with_format(&CONNECTIONS)),
            "userlog" => Some(found.with_format(&USERS)),
            _ => None,
        }
    })
}

/// Returns the time of `'yyyy-mm-ddThh:mm:ssZ UTC [ db=... user=... pid=... userid=... xid=... ]' LOG: ...`.
///
/// Statements span lines, and nothing tells a line of a statement that imitates this from a real one.
fn activity_time(line: &[u8]) -> Option<Timestamp> {
    let line = line.strip_prefix(b"'")?;
    let end = line.iter().position(|byte| *byte == b' ')?;
    line[end..].starts_with(b" UTC [ db=").then_some(())?;
    time::iso(&line[..end])
}

/// Returns the time of `event |recordtime|remotehost|...`. Redshift itself writes the event.
fn connection_time(line: &[u8]) -> Option<Timestamp> {
    let mut fields = split(line, b'|');
    fields
        .next()?
        .iter()
        .all(|byte| byte.is_ascii_alphabetic() || *byte == b' ')
        .then_some(())?;
    time::weekday_and_date(fields.next()?.trim_ascii())
}

/// Returns the time of `userid|username|oldusername|action|...|pid|xid|recordtime`. It comes last, after the
/// names, which can contain any character.
fn user_time(line: &[u8]) -> Option<Timestamp> {
    let last = line.iter().rposition(|byte| *byte == b'|')?;
    time::weekday_and_date(line[last + 1..].trim_ascii())
}
