//! WAF.

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, epoch_member};
use crate::s3::key::scan::{is_number, leading_name};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static WAF: LogType = LogType {
    token: "s3_waf",
    matcher: log,
    framing: Framing::Lines,
    time: Time::Fixed(|record| epoch_member(record, "timestamp")),
    docs: Docs {
        title: "WAF",
        src: Some("web ACL"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/WAFLogs/<region>/<web ACL>/..."],
        example: "AWSLogs/111122223333/WAFLogs/eu-west-1/edge/2026/03/04/05/05/111122223333_waflogs_eu-west-1_edge_20260304T0505Z_e0ca43b5.log.gz",
        time: "`timestamp`",
        page: Some("https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html"),
    },
};

/// Matches `[prefix/]AWSLogs/<account>/WAFLogs/<region or "cloudfront">/<web
/// ACL>/yyyy/mm/dd/HH/MM/<account>_waflogs_ <region>_<web ACL>_<time>_<hash>.log.gz` (WAF developer guide,
/// "Logging to S3"). The source is the web ACL.
fn log<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let &[_, src, ref date @ ..] = &*vended.folders else {
            return None;
        };
        let (account, rest) = vended.file.split_once('_')?;
        let is_acl = !src.is_empty() && src.split('_').all(|part| leading_name(part) == part);
        (vended.service == "WAFLogs"
            && is_acl
            && (3..=5).contains(&date.len())
            && date.iter().all(|folder| is_number(folder))
            && is_number(account)
            && rest.starts_with("waflogs_"))
        .then_some(Found::Log {
            src,
            owner: vended.account,
        })
    })
}
