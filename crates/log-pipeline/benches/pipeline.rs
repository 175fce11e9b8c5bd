//! The cost of rules and stages: the time for a line, and its multiple of the time with an empty pipeline.
//!
//! `cargo bench -p log-pipeline`

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use log_pipeline::{Clock, Pipeline, Relabel, RelabelCounts, Stages};
use loki_push::{Batches, Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp};

const LINES: u32 = 20_000;
const ROUNDS: usize = 5;

const RULES: &str = r#"[
    {"source_labels": ["__aws_cloudwatch_log_group"], "regex": "/aws/lambda/(.*)", "target_label": "function"},
    {"action": "labeldrop", "regex": "__aws_cloudwatch_owner"},
    {"action": "keep", "source_labels": ["__aws_log_type"], "regex": "cloudwatch"}
]"#;

/// The pipelines: a name, relabelling rules and stages.
const PIPELINES: [(&str, &str, &str); 8] = [
    ("nothing", "", ""),
    ("three rules", RULES, ""),
    (
        "json, labels",
        "",
        r#"[{"json":{"expressions":{"level":null}}},{"labels":{"level":null}}]"#,
    ),
    (
        "json with paths, labels",
        "",
        r#"[{"json":{"expressions":{"level":null,"status":"http.status"}}},{"labels":{"level":null}}]"#,
    ),
    (
        "json, labels, timestamp, structured_metadata, output",
        "",
        r#"[{"json":{"expressions":{"level":null,"time":null,"trace":null,"msg":null}}},{"labels":{"level":null}},
            {"timestamp":{"source":"time","format":"RFC3339Nano"}},{"structured_metadata":{"trace":null}},
            {"output":{"source":"msg"}}]"#,
    ),
    (
        "regex, labels",
        "",
        r#"[{"regex":{"expression":"\"level\":\"(?P<level>\\w+)\""}},{"labels":{"level":null}}]"#,
    ),
    (
        "template",
        "",
        r#"[{"template":{"source":"x","template":"{{ .function }}-{{ .Entry }}"}}]"#,
    ),
    (
        "multiline",
        "",
        r#"[{"multiline":{"firstline":"\"level\":\"info\""}}]"#,
    ),
];

fn main() {
    let lines: Vec<String> = (0..LINES).map(line).collect();
    let mut out = io::stdout().lock();
    // The first run would otherwise include the allocation of memory for all.
    for _ in 0..ROUNDS {
        time(&Pipeline::default(), &lines);
    }
    let mut base = None;
    for (name, rules, stages) in PIPELINES {
        let clock = Clock::new(|| Timestamp::EPOCH);
        let pipeline = Pipeline::default()
            .with_rules(Relabel::parse(rules).unwrap())
            .with_stages(Stages::parse(stages, &clock).unwrap());
        let best = (0..ROUNDS).map(|_| time(&pipeline, &lines)).min().unwrap();
        let base = *base.get_or_insert(best);
        let nanos = best.as_nanos() / u128::from(LINES);
        let ratio = best.as_secs_f64() / base.as_secs_f64();
        writeln!(out, "{name:<55} {nanos:>6} ns a line  {ratio:>5.2} times").unwrap();
    }
}

/// Returns a JSON line with that number in it.
fn line(number: u32) -> String {
    let level = ["info", "info", "warn", "error"][number as usize % 4];
    format!(
        r#"{{"time":"2024-01-02T03:04:05.{number:06}Z","level":"{level}","logger":"com.example.shop.Checkout","msg":"order {number} was placed in 15 ms","trace":"4bf92f3577b34da6a3ce929d0e0e{number:04}","http":{{"method":"POST","path":"/orders","status":201}},"tags":["a","b"]}}"#
    )
}

/// Returns the time from the lines of an event to encoded batches, which is what the function does before it
/// compresses them.
fn time(pipeline: &Pipeline, lines: &[String]) -> Duration {
    let start = Instant::now();
    let source = LabelSet::from_iter([
        ("__aws_log_type", "cloudwatch"),
        ("__aws_cloudwatch_log_group", "/aws/lambda/checkout"),
        ("__aws_cloudwatch_owner", "123456789012"),
    ]);
    let labels = pipeline
        .stream_labels(source, &mut RelabelCounts::default())
        .unwrap();
    let mut batches = Batches::new(Encoding::Protobuf, 131_072, &Buffers::new(131_072));
    let mut run = pipeline.run();
    for (index, line) in lines.iter().enumerate() {
        let entry = Entry {
            labels: Arc::clone(&labels),
            timestamp: Timestamp::from_unix_millis(1_700_000_000_000 + index as i64).unwrap(),
            line: line.as_str().into(),
            metadata: Vec::new(),
        };
        for (entry, item) in run.process(entry, ItemId(0)) {
            black_box(batches.add(&entry, item));
        }
    }
    for (entry, item) in run.finish() {
        black_box(batches.add(&entry, item));
    }
    start.elapsed()
}
