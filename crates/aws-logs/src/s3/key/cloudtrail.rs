//! CloudTrail, of accounts and of organizations.

use super::scan::leading_name;
use super::{Key, Source};

/// Logs of events and of insights: the same format ("CloudTrail log file examples").
///
/// Upstream does not know insights, but a trail that has them writes them next to its events.
pub(crate) fn events<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    log(key, "CloudTrail").or_else(|| log(key, "CloudTrail-Insight"))
}

/// Checksums for "CloudTrail log file integrity validation".
pub(crate) fn digest<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    log(key, "CloudTrail-Digest")
}

/// `[prefix/]AWSLogs/[<organization>/]<account>/<service>/<region>/yyyy/mm/dd/<account>_<service>_<region>_
/// <time>_<random>.json.gz`.
///
/// The source is the random part, as upstream's: one for each object. The organization is no label.
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
