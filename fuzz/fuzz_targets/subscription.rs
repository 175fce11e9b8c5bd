//! The reader of usual subscription data finds what serde_json finds, and refuses what it refuses.
#![no_main]

use std::sync::Arc;

use aws_logs::cloudwatch::SubscriptionData;
use libfuzzer_sys::fuzz_target;

fn content(data: &SubscriptionData) -> (bool, String, Vec<(i128, String)>, Vec<String>) {
    let labels = Arc::new(data.labels(true));
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    for entry in data.entries(&labels) {
        match entry {
            Ok(entry) => entries.push((entry.timestamp.unix_nanos(), entry.line.into_owned())),
            Err(error) => errors.push(error.to_string()),
        }
    }
    (data.is_control_message(), labels.to_string(), entries, errors)
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
