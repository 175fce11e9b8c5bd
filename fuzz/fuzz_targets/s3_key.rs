//! Any key is classified, and its labels can be parsed by Loki.
#![no_main]

use aws_logs::s3::{Classified, KeyOrigin, classify};
use libfuzzer_sys::fuzz_target;
use loki_push::is_label_name;

fuzz_target!(|key: &str| {
    if let Some(account) = KeyOrigin::of(key).account {
        assert_eq!(account.len(), 12);
    }
    if let Classified::Log(object) = classify(key) {
        for label in object.labels().iter() {
            assert!(is_label_name(&label.name), "{label:?}");
        }
    }
});
