//! Keys of GuardDuty.

use super::{Key, Source};

/// Matches `[prefix/]AWSLogs/<account>/GuardDuty/<region>/yyyy/mm/dd/<uuid>.jsonl.gz` (GuardDuty user guide,
/// "Exporting findings"). The key does not contain a source.
pub(crate) fn findings<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    key.vended(|vended| {
        let (_, between) = vended.dated()?;
        (vended.service == "GuardDuty" && between.is_empty()).then_some(Source {
            src: "",
            owner: vended.account,
        })
    })
}
