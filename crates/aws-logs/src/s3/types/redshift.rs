//! Audit logs of Redshift: connections, users and statements.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::fields::split;
use crate::s3::format::{Framing, Layout, Read, Time};
use crate::s3::key::scan::{after_pattern, leading_name};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::time;

pub(crate) static REDSHIFT: LogType = LogType {
    token: "s3_redshift",
    matcher: log,
    framing: Framing::Lines,
    time: Time::Layout(|| Box::new(Redshift::Start)),
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

const KINDS: [&str; 3] = ["connectionlog", "userlog", "useractivitylog"];

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
        (KINDS.contains(&kind)
            && !cluster.is_empty()
            && leading_name(cluster) == cluster
            && after_pattern(time, "0000-00-00T00:00").is_some())
        .then_some(Found::Log {
            src: cluster,
            owner: vended.account,
        })
    })
}

/// The kind of log, which the first line with a time tells.
///
/// Statements span lines, and contain what clients write. So a time that belongs to another kind is not
/// accepted any more.
#[derive(Clone, Copy, Debug)]
enum Redshift {
    Start,
    Connections,
    Users,
    Activity,
}

impl Layout for Redshift {
    fn read(&mut self, line: &[u8]) -> Read {
        let kind = match line.first() {
            Some(b'\'') => Self::Activity,
            Some(b'0'..=b'9') => Self::Users,
            _ => Self::Connections,
        };
        let time = match (*self, kind) {
            (Self::Start | Self::Activity, Self::Activity) => activity_time(line),
            (Self::Start | Self::Users, Self::Users) => user_time(line),
            (Self::Start | Self::Connections, Self::Connections) => connection_time(line),
            _ => None,
        };
        if time.is_some() {
            *self = kind;
        }
        Read::Line(time)
    }
}

/// Returns the time of `'yyyy-mm-ddThh:mm:ssZ UTC [ db=... user=... pid=... userid=... xid=... ]' LOG: ...`.
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
