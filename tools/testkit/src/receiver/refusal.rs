//! Loki's error text about entries that are too far behind the newest of their stream.

use std::fmt::Write;

use jiff::Timestamp;

use super::Stream;

/// An entry that is too far behind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Behind {
    pub(super) position: usize,
    /// The oldest time that would have been accepted, in nanoseconds since the epoch.
    pub(super) oldest: i128,
}

/// The maximum number of entries in the text, Loki's default for `ingester.max-returned-stream-errors`.
const MOST_LISTED: usize = 10;

/// The labels from which Loki takes `service_name`, by priority.
const SERVICE_NAMES: [&str; 13] = [
    "service",
    "app",
    "application",
    "app_name",
    "name",
    "app_kubernetes_io_name",
    "container",
    "container_name",
    "k8s_container_name",
    "component",
    "workload",
    "job",
    "k8s_job_name",
];

/// Returns the text about the entries of a stream that are too far behind, if there are any.
pub(super) fn stream_error(tenant: Option<&str>, stream: &Stream, behind: &[Behind]) -> Option<String> {
    if behind.is_empty() {
        return None;
    }
    let mut text = String::new();
    for entry in behind.iter().take(MOST_LISTED) {
        let time = stream.entries[entry.position].timestamp_ns;
        let _ = writeln!(
            text,
            "entry with timestamp {} ignored, reason: 'entry too far behind, entry timestamp is: {}, oldest acceptable timestamp is: {}',",
            go_time(time),
            rfc3339(time),
            rfc3339(entry.oldest)
        );
    }
    let _ = write!(
        text,
        "user '{}', total ignored: {} out of {} for stream: {}",
        tenant.unwrap_or("fake"),
        behind.len(),
        stream.entries.len(),
        with_service_name(&stream.labels)
    );
    Some(text)
}

/// Formats a time as Go's `Time.String` does.
fn go_time(nanos: i128) -> String {
    let time = at(nanos).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let fraction = format!(".{:09}", nanos.rem_euclid(1_000_000_000));
    format!(
        "{time}{} +0000 UTC",
        fraction.trim_end_matches('0').trim_end_matches('.')
    )
}

/// Formats a time in RFC 3339, in whole seconds.
fn rfc3339(nanos: i128) -> String {
    at(nanos).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn at(nanos: i128) -> Timestamp {
    Timestamp::from_nanosecond(nanos).unwrap_or_default()
}

/// Returns the labels of a stream with `service_name`, which Loki adds.
fn with_service_name(labels: &str) -> String {
    let mut pairs = pairs(labels);
    let named = |name: &str| {
        let pair = pairs.iter().find(|pair| pair.starts_with(&format!("{name}=")))?;
        pair.split_once('=').map(|(_, value)| value)
    };
    if named("service_name").is_none() {
        let value = SERVICE_NAMES.iter().find_map(|name| named(name));
        pairs.push(format!("service_name={}", value.unwrap_or("\"unknown_service\"")));
    }
    pairs.sort_by(|one, other| one.split('=').next().cmp(&other.split('=').next()));
    format!("{{{}}}", pairs.join(", "))
}

/// Splits the text of a label set into its pairs, each `name="value"`.
fn pairs(labels: &str) -> Vec<String> {
    let mut pairs = Vec::new();
    let (mut pair, mut quoted, mut escaped) = (String::new(), false, false);
    for character in labels.trim_start_matches('{').chars() {
        match character {
            ',' | '}' if !quoted => pairs.extend(Some(std::mem::take(&mut pair)).filter(|it| !it.is_empty())),
            ' ' if !quoted => {}
            _ => pair.push(character),
        }
        quoted ^= character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_go_writes_them() {
        assert_eq!(go_time(0), "1970-01-01 00:00:00 +0000 UTC");
        assert_eq!(
            go_time(1_772_600_767_120_000_000),
            "2026-03-04 05:06:07.12 +0000 UTC"
        );
        assert_eq!(rfc3339(1_772_600_767_999_999_999), "2026-03-04T05:06:07Z");
    }

    #[test]
    fn a_stream_is_named_with_its_service() {
        for (labels, expected) in [
            (r"{}", r#"{service_name="unknown_service"}"#),
            (
                r#"{a="x, \"y\"}", z="\\"}"#,
                r#"{a="x, \"y\"}", service_name="unknown_service", z="\\"}"#,
            ),
            (r#"{job="j", app="a"}"#, r#"{app="a", job="j", service_name="a"}"#),
        ] {
            assert_eq!(with_service_name(labels), expected, "{labels}");
        }
    }
}
