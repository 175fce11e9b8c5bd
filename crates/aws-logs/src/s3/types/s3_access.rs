//! S3's server access logs ("Logging requests with server access logging"), as text or JSON.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, iso_member};
use crate::s3::key::scan::{after_pattern, is_number, is_region};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::time;

pub(crate) static S3_ACCESS: LogType = LogType {
    token: "s3_access",
    matcher: |key| {
        partitioned(key)
            .or_else(|| simple(key))
            .or_else(|| delivered(key))
    },
    framing: Framing::Lines,
    time: Time::Fixed(request_time),
    docs: Docs {
        title: "S3 server access logs, as text or JSON",
        src: Some("bucket, if the key names it"),
        owner: Some("account, if the key names it"),
        keys: &[
            "<prefix><account>/<region>/<bucket>/yyyy/mm/dd/yyyy-mm-dd-hh-mm-ss-<unique>",
            "<prefix>yyyy-mm-dd-hh-mm-ss-<unique>",
            "AWSLogs/<account>/S3AccessLogs/<region>/... (not documented by AWS)",
        ],
        example: "111122223333/eu-west-1/my-bucket/2026/03/04/2026-03-04-05-06-07-E568B2907131C0C0",
        time: "the line's, in JSON `request_time`",
        page: Some("https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html"),
    },
};

const TIME: &str = "0000-00-00-00-00-00-";

/// Matches `[prefix]<account>/<region>/<bucket>/YYYY/MM/DD/YYYY-MM-DD-hh-mm-ss-<unique>`. The source is the
/// bucket that was accessed. If the prefix does not end in a slash, nothing separates it from the account.
fn partitioned<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    let &[.., account, region, bucket, year, month, day, file] = key.segments() else {
        return None;
    };
    let prefix = account.trim_end_matches(|last: char| last.is_ascii_digit());
    let owner = &account[prefix.len()..];
    let unique = after_pattern(file, TIME)?;
    (!owner.is_empty()
        && is_region(region)
        && is_bucket(bucket)
        && [year, month, day].into_iter().all(is_number)
        && !unique.is_empty()
        && unique
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    .then_some(Found::Log { src: bucket, owner })
}

/// Matches `[prefix]YYYY-MM-DD-hh-mm-ss-<16 hexadecimal digits>`, which upstream does not support. The key
/// contains neither the bucket nor the account; each line does.
fn simple<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    const UNIQUE_LEN: usize = 16;
    let file = key.file();
    let name = file.get(file.len().checked_sub(TIME.len() + UNIQUE_LEN)?..)?;
    let unique = after_pattern(name, TIME)?;
    unique
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'))
        .then_some(Found::Log { src: "", owner: "" })
}

/// The names of the service that are accepted in deliveries by CloudWatch Logs. AWS's documentation does not
/// say which is written.
const SERVICES: [&str; 3] = ["S3AccessLogs", "s3accesslogs", "S3ServerAccessLogs"];

/// Matches `[prefix/]AWSLogs/<account>/S3AccessLogs/<region>/.../<account>_S3AccessLogs_<region>_[<bucket>_]...`,
/// the layout of other logs that CloudWatch Logs delivers. It was not confirmed.
fn delivered<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let region = *vended.folders.first()?;
        if !SERVICES.contains(&vended.service) || !is_region(region) {
            return None;
        }
        let rest = vended.file_after(vended.file, vended.service)?;
        let (first, _) = rest.split_once('_')?;
        // Without a bucket, a time follows the region.
        let is_time = after_pattern(first, "00000000T").is_some();
        let src = if is_bucket(first) && !is_time { first } else { "" };
        Some(Found::Log {
            src,
            owner: vended.account,
        })
    })
}

/// Returns the time of a record, which is JSON if CloudWatch Logs delivers it ("Log format in CloudWatch
/// Logs").
fn request_time(line: &[u8]) -> Option<Timestamp> {
    match line.first() {
        Some(b'{') => iso_member(line, "request_time"),
        _ => time::bracketed_access_log(line),
    }
}

fn is_bucket(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}
