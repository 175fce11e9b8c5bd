//! Stages are parsed or refused. With lines they only return known items, and give the same result each time.
//!
//! Input: the stages, then lines, with NULs between them.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use log_pipeline::{Clock, Pipeline, Stages};
use loki_push::{Entry, ItemId, LabelSet, Timestamp};
use support::texts;

const LINES: [&str; 6] = [
    r#"{"level":"info","msg":"hi","n":5,"x":{"y":[1,null,"2"]},"log":"l\n","stream":"s","time":"2024-01-02T03:04:05Z"}"#,
    "level=warn n=7x msg=\"a b\" time=1704164645",
    "2024-01-02T03:04:05.123456789Z stdout P half",
    "2024-01-02T03:04:06Z stderr F whole",
    "  at continued \u{1b}[31mred\u{1b}[0m",
    "10.1.2.3 - - [10/Oct/2000:13:55:36 -0700] \"GET /?q=1 HTTP/1.1\" 200 2326",
];
const MOST_LINES: usize = 30;

fn run(stages: &Pipeline, lines: &[&str]) -> Vec<(Entry<'static>, ItemId)> {
    let labels = Arc::new(LabelSet::from_iter([("app", "web"), ("env", "p")]));
    let mut run = stages.run();
    let mut out = Vec::new();
    for (tag, line) in lines.iter().enumerate() {
        let entry = Entry {
            labels: Arc::clone(&labels),
            timestamp: Timestamp::EPOCH.plus_nanos(tag as u64),
            line: (*line).to_owned().into(),
            metadata: Vec::new(),
        };
        out.extend(run.process(entry, ItemId(tag as u32)));
        let _ = run.take_pause();
    }
    out.extend(run.finish());
    let _ = run.into_counts();
    out
}

fuzz_target!(|data: &[u8]| {
    let Some(mut parts) = texts(data) else { return };
    let config = parts.next().unwrap_or_default();
    // The `geoip` stage opens any file that it is given.
    if config.to_lowercase().contains("geo") || config.contains("\\u") {
        return;
    }
    let clock = Clock::new(|| Timestamp::EPOCH);
    let stages = match Stages::parse(config, &clock) {
        Ok(stages) => Pipeline::default().with_stages(stages),
        Err(errors) => {
            assert!(!errors.to_string().is_empty());
            return;
        }
    };
    let lines: Vec<&str> = parts.chain(LINES).take(MOST_LINES).collect();
    let out = run(&stages, &lines);
    for (entry, item) in &out {
        assert!((item.0 as usize) < lines.len());
        assert!(!entry.line.is_empty() && !entry.labels.is_empty());
    }
    // The token bucket of `limit` and the counter of `sampling` continue from one event to the next.
    if !config.contains("limit") && !config.contains("sampling") {
        support::assert_same(&out, &run(&stages, &lines));
    }
});
