//! CloudTrail, of accounts and organizations.

use loki_push::Timestamp;

use crate::s3::format::{Framing, Time, Variant, iso_member};
use crate::s3::json::Members;
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
        title: "CloudTrail of accounts and organizations, Insights, network activity and aggregated events",
        src: Some("random part of the object's name"),
        owner: Some("account"),
        keys: &[
            "AWSLogs/[o-.../]<account>/<CloudTrail, or with -Insight, -NetworkActivity, -Aggregated>/<region>/yyyy/mm/dd/...",
        ],
        example: "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz",
        time: "`eventTime`, of aggregated events `timeWindow.windowStart`",
        page: Some(
            "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html",
        ),
    },
};

/// The format of network activity and aggregated events. Their records can be a list without a name.
pub(crate) static CLOUDTRAIL_LIST: Variant = Variant {
    framing: Framing::ArrayOrList("Records"),
    time: Time::Fixed(event_or_window),
};

/// Returns the time of an event, or the start of the time window of an aggregated one ("CloudTrail record
/// contents for aggregated events").
pub(crate) fn event_or_window(record: &[u8]) -> Option<Timestamp> {
    iso_member(record, "eventTime")
        .or_else(|| iso_member(Members::of(record).find("timeWindow")?, "windowStart"))
}

/// Matches logs of events and of insights, which have the same format ("CloudTrail log file examples"),
/// network activity, aggregated events, and the digests of "CloudTrail log file integrity validation".
///
/// Upstream supports events only, but a trail writes the others next to them. The folders of network
/// activity and aggregated events are not confirmed by AWS's documentation.
fn object<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    if log(key, "CloudTrail-Digest").is_some() {
        return Some(Found::Skipped(Skipped::Digest));
    }
    if let Some(found) = log(key, "CloudTrail").or_else(|| log(key, "CloudTrail-Insight")) {
        return Some(found);
    }
    let found = log(key, "CloudTrail-NetworkActivity").or_else(|| log(key, "CloudTrail-Aggregated"))?;
    Some(found.with_format(&CLOUDTRAIL_LIST))
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
