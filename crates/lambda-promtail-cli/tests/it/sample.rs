//! Samples, read by the same code as the function's.

use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::support::{cli, text};

/// Every sample, the value of `__aws_log_type` of its lines, and their number.
const SAMPLES: [(&str, &str, usize); 16] = [
    ("cloudwatch", "cloudwatch", 8),
    ("alb", "s3_lb", 12),
    ("nlb", "s3_lb", 6),
    ("cloudfront", "s3_cloudfront", 12),
    ("vpc", "s3_vpc_flow", 10),
    ("waf", "s3_waf", 12),
    ("cloudtrail", "s3_cloudtrail", 10),
    ("s3-access", "s3_access", 8),
    ("dns", "s3_r53_resolver", 4),
    ("guardduty", "s3_guardduty", 1),
    ("network-firewall", "s3_network_firewall", 3),
    ("kinesis", "kinesis", 3),
    ("kafka", "kafka", 1),
    ("sqs", "sqs", 1),
    ("sns", "sns", 1),
    ("eventbridge", "eventbridge", 1),
];

/// Runs `sample` with these arguments, and returns what it prints.
fn sample(arguments: &[&str]) -> String {
    let output = cli(&[&["sample"], arguments].concat(), &[]);
    assert!(output.status.success(), "{output:?}");
    text(&output.stdout)
}

/// Returns the entries of a file, which is read as an object if it has a key, with no line whose time is guessed.
fn entries(file: &Path, key: Option<&str>) -> Vec<Value> {
    let mut arguments = vec!["ship", file.to_str().unwrap(), "--output", "json"];
    arguments.extend(key.iter().flat_map(|key| ["--key", key]));
    let output = cli(&arguments, &[]);
    let said = text(&output.stderr);
    assert!(output.status.success() && !said.contains("guessed"), "{said}");
    let printed = text(&output.stdout);
    printed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Returns the time of each entry.
fn times(entries: &[Value]) -> impl Iterator<Item = Timestamp> {
    entries
        .iter()
        .map(|entry| entry["timestamp"].as_str().unwrap().parse().unwrap())
}

#[test]
fn each_sample_is_read_as_its_source_with_the_times_of_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let end: Timestamp = "2026-03-04T05:10:00Z".parse().unwrap();
    for (name, log_type, count) in SAMPLES {
        let path = folder.path().join(name);
        fs::write(&path, sample(&[name])).unwrap();
        let key = cli(&["sample", name, "--key"], &[]);
        let key = key.status.success().then(|| text(&key.stdout));
        let entries = entries(&path, key.as_deref().map(str::trim_end));
        assert_eq!(entries.len(), count, "{name}");
        for entry in &entries {
            assert_eq!(entry["labels"]["__aws_log_type"], log_type, "{name}");
        }
        for time in times(&entries) {
            let first = end - SignedDuration::from_mins(5);
            assert!(first <= time && time < end, "{name}: {time}");
        }
        assert_eq!(
            sample(&[name]),
            fs::read_to_string(&path).unwrap(),
            "the same each time"
        );
    }
}

#[test]
fn now_moves_the_lines_to_the_last_minutes_and_into_writes_what_s3_has() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    for (name, log_type, count) in SAMPLES {
        let path = sample(&[name, "--now", "--into", folder]);
        let path = path.trim_end();
        let key = path.strip_prefix(folder).unwrap().trim_start_matches('/');
        let is_object = log_type.starts_with("s3_");
        let key = is_object.then_some(key);
        if key.is_some_and(|key| key.ends_with(".gz")) {
            assert_eq!(fs::read(path).unwrap()[..2], [0x1f, 0x8b], "{name}");
        }
        let entries = entries(Path::new(path), key);
        assert_eq!(entries.len(), count, "{name}");
        let now = Timestamp::now();
        for time in times(&entries) {
            assert!(
                time < now && now - SignedDuration::from_mins(10) < time,
                "{name}: {time} at {now}"
            );
        }
    }
}

#[test]
fn an_event_has_no_key_and_an_unknown_name_is_refused() {
    let output = cli(&["sample", "sqs", "--key"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "error: the sample sqs is an event, which has no key: leave out --key\n"
    );
    let output = cli(&["sample", "flow"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("[possible values: cloudwatch, alb,"));
}
