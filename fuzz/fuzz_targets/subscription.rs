//! The fast path for subscription data gives the same result as serde_json, and refuses the same data.
#![no_main]

use std::sync::Arc;

use aws_logs::cloudwatch::SubscriptionData;
use libfuzzer_sys::fuzz_target;

/// The labels, time and line of an entry.
type Content = (String, i128, String);

fn content(data: &SubscriptionData) -> (bool, String, Vec<Content>, Vec<String>) {
    let source = data.labels(true);
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    for part in data.parts() {
        let labels = Arc::new(part.labels(&source));
        for entry in part.entries(&labels) {
            match entry {
                Ok(entry) => entries.push((
                    labels.to_string(),
                    entry.timestamp.unix_nanos(),
                    entry.line.into_owned(),
                )),
                Err(error) => errors.push(error.to_string()),
            }
        }
    }
    assert_eq!(entries.len() + errors.len(), data.len());
    // Loki would keep only one of two equal entries.
    let mut distinct = entries.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), entries.len());
    (data.is_control_message(), source.to_string(), entries, errors)
}

fuzz_target!(|json: &[u8]| {
    let fast = SubscriptionData::parse(json).map(|data| content(&data));
    let reference = SubscriptionData::parse_with_serde(json).map(|data| content(&data));
    match (fast, reference) {
        (Ok(fast), Ok(reference)) => assert_eq!(fast, reference),
        (Err(fast), Err(reference)) => assert_eq!(fast.to_string(), reference.to_string()),
        (fast, reference) => panic!("{fast:?} and {reference:?}"),
    }
});
