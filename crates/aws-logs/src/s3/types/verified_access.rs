//! Access logs of Verified Access.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, epoch_value, iso_member};
use crate::s3::json::Members;
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static VERIFIED_ACCESS: LogType = LogType {
    token: "s3_verified_access",
    matcher: log,
    framing: Framing::Lines,
    time: Time::Fixed(event_time),
    docs: Docs {
        title: "Verified Access logs",
        src: Some("instance, if the key names it"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/verified-access/<region>/yyyy/mm/dd/... (not documented by AWS)"],
        example: "AWSLogs/111122223333/verified-access/eu-west-1/2026/03/04/111122223333_verified-access_eu-west-1_vai-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz",
        time: "`time`, then `ref_time`",
        page: Some("https://docs.aws.amazon.com/verified-access/latest/ug/access-logs.html"),
    },
};

/// The names of the service that are accepted. AWS's documentation does not say which is written.
const SERVICES: [&str; 3] = ["verified-access", "verifiedaccess", "VerifiedAccess"];

/// Matches `[prefix/]AWSLogs/<account>/verified-access/<region>/yyyy/mm/dd/<account>_verified-access_<region>_
/// [<instance>_]...`, the layout of other logs that CloudWatch Logs delivers. It was not confirmed.
fn log<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| vended.log_of_service(&SERVICES, "vai-"))
}

/// Returns the time in milliseconds, which is a string or a number depending on the version of the log.
fn event_time(record: &[u8]) -> Option<Timestamp> {
    Members::of(record)
        .find("time")
        .and_then(epoch_value)
        .or_else(|| iso_member(record, "ref_time"))
}
