//! Keys of AWS Config, which upstream does not support.

use super::{Key, Source};

const KINDS: [&str; 2] = ["ConfigHistory", "ConfigSnapshot"];

/// Matches
/// `[prefix/]AWSLogs/<account>/Config/<region>/<year>/<month>/<day>/<kind>/<account>_Config_<region>_<kind>_...`,
/// with month and day without leading zeros (Config developer guide, "Delivering configuration snapshots").
///
/// The source is the kind: history or snapshot.
pub(crate) fn items<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    key.vended(|vended| {
        let kind = *vended.folders.last()?;
        let in_file = vended.file_after(vended.file, "Config")?;
        (vended.service == "Config"
            && KINDS.contains(&kind)
            && in_file.starts_with(kind)
            && in_file.contains(".json"))
        .then_some(Source {
            src: kind,
            owner: vended.account,
        })
    })
}
