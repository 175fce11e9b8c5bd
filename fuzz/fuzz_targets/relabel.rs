//! Relabelling rules are parsed or refused. They produce labels that Loki can parse, the same each time.
//!
//! Input: the rules, then names and values of labels, with NULs between them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use log_pipeline::{Relabel, RelabelCounts};
use loki_push::{LabelSet, is_label_name};
use support::texts;

fuzz_target!(|data: &[u8]| {
    let Some(mut parts) = texts(data) else { return };
    let rules = match Relabel::parse(parts.next().unwrap_or_default()) {
        Ok(rules) => rules,
        Err(errors) => {
            assert!(!errors.to_string().is_empty());
            return;
        }
    };
    let mut labels = LabelSet::from_iter([("__aws_log_type", "cloudwatch"), ("app", "web")]);
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        labels.set(name, value);
    }
    let mut counts = RelabelCounts::default();
    let left = rules.apply(labels.clone(), &mut counts);
    for label in left.iter().flat_map(LabelSet::iter) {
        assert!(is_label_name(&label.name), "{label:?}");
        assert!(!label.value.is_empty(), "{label:?}");
    }
    assert_eq!(rules.apply(labels, &mut counts), left);
});
