//! EventBridge events as log lines.

use loki_push::{LabelSet, Timestamp};

use crate::s3::time;

/// Returns the labels of an event's line. Upstream does not support these events and has no labels for them.
pub fn labels(source: &str, detail_type: &str) -> LabelSet {
    LabelSet::from_iter([
        ("__aws_log_type", "eventbridge"),
        ("__aws_eventbridge_source", source),
        ("__aws_eventbridge_detail_type", detail_type),
    ])
}

/// Parses an event's `time`: RFC 3339.
pub fn time(text: &str) -> Option<Timestamp> {
    time::iso(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_eventbridge_writes_them() {
        let time = time("2026-03-04T05:06:07Z").map(|time| time.unix_nanos());
        assert_eq!(time, Some(1_772_600_767_000_000_000));
        assert_eq!(super::time("yesterday"), None);
    }
}
