//! CloudTrail, of accounts and organizations.

use crate::s3::format::{Framing, Time, iso_member};
use crate::s3::key::scan::leading_name;
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::{LogType, Skipped};

pub(crate) static CLOUDTRAIL: LogType = LogType {
    token: "s3_cloudtrail",
    matcher: object,
    framing: Framing::Array("Records"),
    time: Time::Fixed(|record| iso_member(record, "eventTime")),
    docs: Docs {
        title: "CloudTrail of accounts and organizations, Insights",
        src: Some("random part of the object's name"),
        owner: Some("account"),
        keys: &["AWSLogs/[o-.../]<account>/CloudTrail/<region>/yyyy/mm/dd/..."],
        example: "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz",
        time: "`eventTime`",
        page: Some(
            "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html",
        ),
    },
};

/// Matches logs of events and of insights, which have the same format ("CloudTrail log file examples"), and
/// the digests of "CloudTrail log file integrity validation".
///
/// Upstream does not support insights, but a trail with insights writes them next to its events.
fn object<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    if log(key, "CloudTrail-Digest").is_some() {
        return Some(Found::Skipped(Skipped::Digest));
    }
    log(key, "CloudTrail").or_else(|| log(key, "CloudTrail-Insight"))
}

/// Matches
/// `[prefix/]AWSLogs/[<organization>/]<account>/<service>/<region>/yyyy/mm/dd/<account>_<service>_<region>_
/// <time>_<random>.json.gz`.
///
/// The source is the random part, as in upstream: a different one for each object. The organization is not a
/// label.
fn log<'k>(key: &Key<'k>, service: &str) -> Option<Found<'k>> {
    key.vended(|vended| {
        vended
            .dated()
            .filter(|(_, between)| vended.service == service && between.is_empty())?;
        let (_, random) = vended.file_after(vended.file, service)?.rsplit_once('_')?;
        let src = leading_name(random);
        (!src.is_empty()).then_some(Found::Log {
            src,
            owner: vended.account,
        })
    })
}
