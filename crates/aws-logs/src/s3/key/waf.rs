//! Keys of WAF.

use super::scan::{is_number, leading_name};
use super::{Key, Source};

/// Matches `[prefix/]AWSLogs/<account>/WAFLogs/<region or "cloudfront">/<web
/// ACL>/yyyy/mm/dd/HH/MM/<account>_waflogs_ <region>_<web ACL>_<time>_<hash>.log.gz` (WAF developer guide,
/// "Logging to S3"). The source is the web ACL.
pub(crate) fn log<'k>(key: &Key<'k>) -> Option<Source<'k>> {
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
        .then_some(Source {
            src,
            owner: vended.account,
        })
    })
}
