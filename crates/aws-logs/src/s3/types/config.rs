//! AWS Config, which upstream does not support.

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, iso_member};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static CONFIG: LogType = LogType {
    token: "s3_config",
    matcher: items,
    framing: Framing::Array("configurationItems"),
    time: Time::Fixed(|record| iso_member(record, "configurationItemCaptureTime")),
    docs: Docs {
        title: "AWS Config history and snapshots",
        src: Some("`ConfigHistory` or `ConfigSnapshot`"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/Config/<region>/..."],
        example: "AWSLogs/111122223333/Config/eu-west-1/2026/3/4/ConfigHistory/111122223333_Config_eu-west-1_ConfigHistory_AWS::EC2::Instance_20260304T050607Z_20260304T060607Z_1.json.gz",
        time: "`configurationItemCaptureTime`",
        page: Some("https://docs.aws.amazon.com/config/latest/developerguide/deliver-snapshot-cli.html"),
    },
};

const KINDS: [&str; 2] = ["ConfigHistory", "ConfigSnapshot"];

/// Matches
/// `[prefix/]AWSLogs/<account>/Config/<region>/<year>/<month>/<day>/<kind>/<account>_Config_<region>_<kind>_...`,
/// with month and day without leading zeros (Config developer guide, "Delivering configuration snapshots").
///
/// The source is the kind: history or snapshot.
fn items<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let kind = *vended.folders.last()?;
        let in_file = vended.file_after(vended.file, "Config")?;
        (vended.service == "Config"
            && KINDS.contains(&kind)
            && in_file.starts_with(kind)
            && in_file.contains(".json"))
        .then_some(Found::Log {
            src: kind,
            owner: vended.account,
        })
    })
}
