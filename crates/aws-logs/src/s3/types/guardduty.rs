//! GuardDuty.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, iso_member};
use crate::s3::json::Members;
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static GUARDDUTY: LogType = LogType {
    token: "s3_guardduty",
    matcher: findings,
    framing: Framing::Lines,
    time: Time::Fixed(last_change),
    docs: Docs {
        title: "GuardDuty findings",
        src: None,
        owner: Some("account"),
        keys: &["AWSLogs/<account>/GuardDuty/<region>/yyyy/mm/dd/..."],
        example: "AWSLogs/111122223333/GuardDuty/eu-west-1/2026/03/04/07a3f2ce-1485-3031-b842-e1f324c4a48d.jsonl.gz",
        time: "`updatedAt`, then `createdAt`, then `service.eventLastSeen`",
        page: Some("https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html"),
    },
};

/// Matches `[prefix/]AWSLogs/<account>/GuardDuty/<region>/yyyy/mm/dd/<uuid>.jsonl.gz` (GuardDuty user guide,
/// "Exporting findings"). The key does not contain a source.
fn findings<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let (_, between) = vended.dated()?;
        (vended.service == "GuardDuty" && between.is_empty()).then_some(Found::Log {
            src: "",
            owner: vended.account,
        })
    })
}

/// Returns the time of the last change of a finding, which has no other time.
fn last_change(finding: &[u8]) -> Option<Timestamp> {
    iso_member(finding, "updatedAt")
        .or_else(|| iso_member(finding, "createdAt"))
        .or_else(|| iso_member(Members::of(finding).find("service")?, "eventLastSeen"))
}
