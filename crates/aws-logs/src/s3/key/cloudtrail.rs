//! Keys of CloudTrail, for accounts and organizations.

use super::scan::leading_name;
use super::{Key, Source};

/// Matches logs of events and of insights, which have the same format ("CloudTrail log file examples").
///
/// Upstream does not support insights, but a trail with insights writes them next to its events.
pub(crate) fn events<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    log(key, "CloudTrail").or_else(|| log(key, "CloudTrail-Insight"))
}

/// Matches the digest files of "CloudTrail log file integrity validation".
pub(crate) fn digest<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    log(key, "CloudTrail-Digest")
}

/// Matches
/// `[prefix/]AWSLogs/[<organization>/]<account>/<service>/<region>/yyyy/mm/dd/<account>_<service>_<region>_
/// <time>_<random>.json.gz`.
///
/// The source is the random part, as in upstream: a different one for each object. The organization is not a
/// label.
fn log<'k>(key: &Key<'k>, service: &str) -> Option<Source<'k>> {
    key.vended(|vended| {
        vended
            .dated()
            .filter(|(_, between)| vended.service == service && between.is_empty())?;
        let (_, random) = vended.file_after(vended.file, service)?.rsplit_once('_')?;
        let src = leading_name(random);
        (!src.is_empty()).then_some(Source {
            src,
            owner: vended.account,
        })
    })
}
