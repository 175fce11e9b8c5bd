//! AWS Config, which upstream does not support.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, Variant, iso_member};
use crate::s3::json::Members;
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static CONFIG: LogType = LogType {
    token: "s3_config",
    matcher: |key| items(key).or_else(|| oversized(key)),
    framing: Framing::Array("configurationItems"),
    time: Time::Fixed(|record| iso_member(record, "configurationItemCaptureTime")),
    docs: Docs {
        title: "AWS Config history, snapshots and oversized notifications",
        src: Some("`ConfigHistory`, `ConfigSnapshot` or `OversizedChangeNotification`"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/Config/<region>/..."],
        example: "AWSLogs/111122223333/Config/eu-west-1/2026/3/4/ConfigHistory/111122223333_Config_eu-west-1_ConfigHistory_AWS::EC2::Instance_20260304T050607Z_20260304T060607Z_1.json.gz",
        time: "`configurationItemCaptureTime`, of notifications `notificationCreationTime`",
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

const OVERSIZED: &str = "OversizedChangeNotification";

/// The format of a notification that was too large for SNS: one document.
pub(crate) static CONFIG_NOTIFICATION: Variant = Variant {
    framing: Framing::Documents,
    time: Time::Fixed(notification_time),
};

/// Matches `[prefix/]AWSLogs/<account>/Config/<region>/<year>/<month>/<day>/OversizedChangeNotification/<type>/
/// <id>/<account>_Config_<region>_ChangeNotification_...` (Config developer guide, "Example Oversized
/// Configuration Item Change Notification"). The id of a resource can contain slashes, so the name of the file
/// is not reliable.
fn oversized<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let &[_, _, _, _, kind, _, _, ..] = &*vended.folders else {
            return None;
        };
        (vended.service == "Config" && kind == OVERSIZED && vended.file.contains(".json")).then_some(
            Found::Variant {
                src: kind,
                owner: vended.account,
                variant: &CONFIG_NOTIFICATION,
            },
        )
    })
}

/// Returns the time of the notification, or of the configuration item in it.
fn notification_time(notification: &[u8]) -> Option<Timestamp> {
    iso_member(notification, "notificationCreationTime").or_else(|| {
        let item = Members::of(notification).find("configurationItem")?;
        iso_member(item, "configurationItemCaptureTime")
    })
}
