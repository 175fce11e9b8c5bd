//! Keys of CloudFront's standard logs, legacy and v2.

use super::scan::{after_number, is_number};
use super::{Key, Source};

/// Matches `[folder/]<distribution>.YYYY-MM-DD-HH.<unique>.gz` (CloudFront developer guide, "Standard
/// logging"), as loosely as upstream does, but also without a folder.
///
/// The owner is the folder, as in upstream, including any dates that the user chose to have in it.
pub(crate) fn standard<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    let (src, rest) = key.file().split_once('.')?;
    let rest = after_number(after_number(rest, '-')?, '-')?;
    let (day, rest) = rest.split_once('-')?;
    let is_distribution = !src.is_empty()
        && src
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    (is_distribution && is_number(day) && !rest.is_empty()).then_some(Source {
        src,
        owner: key.folder(),
    })
}
