//! Security Lake, which upstream does not support.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, instant_member};
use crate::s3::key::scan::{is_number, leading_name};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static SECURITY_LAKE: LogType = LogType {
    token: "s3_security_lake",
    matcher: events,
    framing: Framing::Lines,
    time: Time::Fixed(event_time),
    docs: Docs {
        title: "Security Lake events of AWS and custom sources (Parquet)",
        src: Some("source"),
        owner: Some("account"),
        keys: &[
            "aws/<source>/<version>/region=<region>/accountId=<account>/eventDay=yyyymmdd/<file>.parquet",
            "ext/<source>/region=<region>/accountId=<account>/eventDay=yyyymmdd/<file>.parquet",
        ],
        example: "aws/VPC_FLOW/2.0/region=eu-west-1/accountId=111122223333/eventDay=20260304/0a1b2c3d4e5f60718293a4b5c6d7e8f9.gz.parquet",
        time: "`time`, then `time_dt`",
        page: Some("https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html"),
    },
};

/// Matches `[prefix/]aws/<source>/[<version>/]region=<region>/accountId=<account>/eventDay=<yyyymmdd>/<file>`,
/// and the same below `ext/` for custom sources (Security Lake user guide, "Collecting data from custom sources in
/// Security Lake"). The account of a custom source can be an external id.
fn events<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    let &[ref folders @ .., region, account, day, _file] = key.segments() else {
        return None;
    };
    let owner = account.strip_prefix("accountId=")?;
    let day = day.strip_prefix("eventDay=")?;
    let src = match *folders {
        [.., "aws" | "ext", src, version] if is_version(version) => src,
        [.., "aws" | "ext", src] => src,
        _ => return None,
    };
    let is_name =
        |text: &str| !text.is_empty() && text.split(['_', '.']).all(|part| leading_name(part) == part);
    (region.starts_with("region=") && is_name(owner) && day.len() == 8 && is_number(day) && is_name(src))
        .then_some(Found::Log { src, owner })
}

/// Returns whether the folder is a version such as `2.0`.
fn is_version(folder: &str) -> bool {
    folder
        .split_once('.')
        .is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

/// Returns the time of an event in the Open Cybersecurity Schema Framework: milliseconds, or a timestamp.
fn event_time(event: &[u8]) -> Option<Timestamp> {
    instant_member(event, "time").or_else(|| instant_member(event, "time_dt"))
}
