//! Keys of S3's server access logs ("Logging requests with server access logging").

use super::scan::{after_pattern, is_number, is_region};
use super::{Key, Source};

const TIME: &str = "0000-00-00-00-00-00-";

/// Matches `[prefix]<account>/<region>/<bucket>/YYYY/MM/DD/YYYY-MM-DD-hh-mm-ss-<unique>`. The source is the
/// bucket that was accessed. If the prefix does not end in a slash, nothing separates it from the account.
pub(crate) fn partitioned<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    let &[.., account, region, bucket, year, month, day, file] = &*key.segments else {
        return None;
    };
    let prefix = account.trim_end_matches(|last: char| last.is_ascii_digit());
    let owner = &account[prefix.len()..];
    let unique = after_pattern(file, TIME)?;
    (!owner.is_empty()
        && is_region(region)
        && is_bucket(bucket)
        && [year, month, day].into_iter().all(is_number)
        && !unique.is_empty()
        && unique
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    .then_some(Source { src: bucket, owner })
}

/// Matches `[prefix]YYYY-MM-DD-hh-mm-ss-<16 hexadecimal digits>`, which upstream does not support. The key
/// contains neither the bucket nor the account; each line does.
pub(crate) fn simple<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    const UNIQUE_LEN: usize = 16;
    let file = key.file();
    let name = file.get(file.len().checked_sub(TIME.len() + UNIQUE_LEN)?..)?;
    let unique = after_pattern(name, TIME)?;
    unique
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'))
        .then_some(Source::default())
}

fn is_bucket(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}
