//! The stage `redact` replaces the texts at the end of a line, whatever stands before them, the same each time.
//!
//! Input: the beginning of a line.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use log_pipeline::{Clock, Pipeline, Stages};
use loki_push::{Entry, ItemId, LabelSet, Timestamp};

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let stages = Stages::parse(r#"[{"redact":{}}]"#, &Clock::new(|| Timestamp::EPOCH));
    Pipeline::default().with_stages(stages.expect("the stages are valid"))
});

fn redact(line: &str) -> String {
    let entry = Entry {
        labels: Arc::new(LabelSet::from_iter([("app", "web")])),
        timestamp: Timestamp::EPOCH,
        line: line.into(),
        metadata: Vec::new(),
    };
    let entries: Vec<_> = PIPELINE.run().process(entry, ItemId(0)).into_iter().collect();
    let [(entry, _)] = entries.as_slice() else {
        panic!("one line became {}", entries.len());
    };
    entry.line.clone().into_owned()
}

fuzz_target!(|data: &[u8]| {
    let Ok(before) = str::from_utf8(data) else { return };
    let line = format!(
        "{before}\"\n\"ada@example.com\" \"10.0.0.1\" \"2001:db8::1\" \"4111 1111 1111 1111\" \"AKIAIOSFODNN7EXAMPLE\""
    );
    let redacted = redact(&line);
    let expected = "\"\n\"[email]\" \"[ip]\" \"[ip]\" \"[credit_card]\" \"[aws_access_key]\"";
    assert!(redacted.ends_with(expected), "{redacted:?}");
    assert_eq!(redact(&line), redacted);
});
