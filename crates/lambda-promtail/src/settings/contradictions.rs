//! The warnings about values that are usable but make no sense together, or by themselves.

use super::duration_text::duration_text;
use super::raw::Raw;
use super::read::Findings;

/// Adds a warning for each value that probably does not do what was intended.
pub(super) fn warn(raw: &Raw, findings: &mut Findings) {
    let path = raw.write_address.as_ref().map(|address| address.url().path());
    if matches!(path, Some("" | "/")) {
        findings.warning(
            "WRITE_ADDRESS",
            "has no path, and is used exactly as given; Loki's push API is at /loki/api/v1/push",
        );
    }
    if raw.batch_size == 0 {
        findings.warning(
            "BATCH_SIZE",
            "0 makes each entry a push of its own; expected a number of bytes such as 1048576",
        );
    }
    if raw.min_backoff > raw.max_backoff {
        let [min, max] = [raw.min_backoff, raw.max_backoff].map(duration_text);
        findings.warning(
            "MIN_BACKOFF",
            format!("{min} is above MAX_BACKOFF, which is {max}; each wait is then {min}"),
        );
    }
}
