//! Properties of all stages.

use std::sync::Arc;

use log_pipeline::{Clock, Pipeline, Run, Stages};
use loki_push::{Entry, ItemId, LabelSet, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Returns a strategy for stages without state, with keys and values that have an effect on the lines below.
fn stateless_stage() -> impl Strategy<Value = Value> {
    let name = || prop::sample::select(vec!["app", "level", "msg", "n", "x"]);
    let names = move || prop::collection::btree_map(name(), prop::option::of(name()), 0..3);
    prop_oneof![
        prop::collection::btree_map(name(), prop::option::of(name()), 1..3)
            .prop_map(|names| json!({"json": {"expressions": names}})),
        prop::collection::btree_map(name(), prop::option::of(name()), 1..3)
            .prop_map(|names| json!({"logfmt": {"mapping": names}})),
        Just(json!({"regex": {"expression": "level=(?P<level>\\w+)|(?P<n>\\d)"}})),
        names().prop_map(|names| json!({"labels": names})),
        names().prop_map(|names| json!({"structured_metadata": names})),
        prop::collection::vec(name(), 1..3).prop_map(|names| json!({"labeldrop": names})),
        prop::collection::vec(name(), 1..3).prop_map(|names| json!({"labelallow": names})),
        (name(), name()).prop_map(|(name, value)| json!({"static_labels": {name: value}})),
        name().prop_map(|name| json!({"output": {"source": name}})),
        name().prop_map(|name| json!({"tenant": {"source": name}})),
        name().prop_map(|name| json!({"drop": {"source": name}})),
        name().prop_map(
            |name| json!({"timestamp": {"source": name, "format": "Unix", "action_on_failure": "skip"}})
        ),
        (name(), name()).prop_map(|(source, name)| {
            json!({"template": {"source": source, "template": format!("{{{{ .{name} }}}}-{{{{ .Entry }}}}")}})
        }),
        Just(json!({"replace": {"expression": "(\\d)(x?)", "replace": "<{{ .Value }}>"}})),
        name().prop_map(|name| json!({"pack": {"labels": [name]}})),
        Just(json!({"decolorize": {}})),
        Just(json!({"sampling": {"rate": 0.5}})),
        name().prop_map(|name| json!({"eventlogmessage": {"source": name}})),
        name().prop_map(
            |name| json!({"match": {"selector": "{app=\"web\"}", "stages": [{"labeldrop": [name]}]}})
        ),
        Just(json!({"match": {"selector": "{level=~\"d.*\"}", "action": "drop"}})),
    ]
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(r#"{"level":"info","msg":"hi","n":5,"x":{"y":[1,null]}}"#.to_owned()),
        Just(r#"{"level":"debug","msg":"level=warn","n":1704164645}"#.to_owned()),
        Just("level=info n=7x msg=\"a b\"".to_owned()),
        Just("2024-01-02T03:04:05Z stdout P half".to_owned()),
        Just(r#"{"log":"l\n","stream":"s","time":"2024-01-02T03:04:05Z"}"#.to_owned()),
        ".{0,20}",
    ]
}

fn pipeline(config: &Value) -> Option<Pipeline> {
    let clock = Clock::new(|| Timestamp::EPOCH);
    let stages = Stages::parse(&config.to_string(), &clock).ok()?;
    Some(Pipeline::default().with_stages(stages))
}

fn process(
    run: &mut Run<'_>,
    labels: &Arc<LabelSet>,
    line: &str,
    tag: usize,
) -> Vec<(Entry<'static>, usize)> {
    let entry = Entry {
        labels: Arc::clone(labels),
        timestamp: Timestamp::new(1_700_000_000, 0).unwrap(),
        line: line.to_owned().into(),
        metadata: Vec::new(),
    };
    let entries = run.process(entry, ItemId(tag as u32));
    entries.into_iter().map(with_index).collect()
}

fn with_index((entry, ItemId(tag)): (Entry<'_>, ItemId)) -> (Entry<'_>, usize) {
    (entry, tag as usize)
}

fn labels() -> Arc<LabelSet> {
    Arc::new(LabelSet::from_iter([("app", "web"), ("env", "p")]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn entries_never_affect_each_other(
        stages in prop::collection::vec(stateless_stage(), 0..6),
        lines in prop::collection::vec(line(), 1..6),
    ) {
        let pipeline = pipeline(&Value::Array(stages)).unwrap();
        let labels = labels();
        let mut together = pipeline.run();
        for (tag, line) in lines.iter().enumerate() {
            let out = process(&mut together, &labels, line, tag);
            prop_assert_eq!(process(&mut pipeline.run(), &labels, line, tag), out);
        }
        prop_assert_eq!(together.finish().into_iter().count(), 0);
        prop_assert_eq!(labels.to_string(), r#"{app="web", env="p"}"#);
    }

    /// Checks that stages that hold lines back lose no line and do not mix lines of different items.
    #[test]
    fn every_line_is_delivered_once_with_the_tag_of_its_item(
        max in 1..4_u8,
        lines in prop::collection::vec((0..3_usize, "[A ]{1,2}"), 1..30),
    ) {
        let config = json!([{"multiline": {"firstline": "^A", "max_lines": max}}]);
        let pipeline = pipeline(&config).unwrap();
        let mut run = pipeline.run();
        let mut out = Vec::new();
        for (tag, line) in &lines {
            out.extend(process(&mut run, &labels(), &format!("{line}{tag}"), *tag));
        }
        out.extend(run.finish().into_iter().map(with_index));
        let mut lines_out: Vec<(usize, String)> = out
            .iter()
            .flat_map(|(entry, tag)| entry.line.split('\n').map(|line| (*tag, line.to_owned())))
            .collect();
        let mut lines_in: Vec<(usize, String)> =
            lines.iter().map(|(tag, line)| (*tag, format!("{line}{tag}"))).collect();
        lines_out.sort();
        lines_in.sort();
        prop_assert_eq!(lines_out, lines_in);
    }

    #[test]
    fn no_configuration_panics(
        stages in prop::collection::vec(any_stage(), 0..6),
        lines in prop::collection::vec(line(), 0..5),
    ) {
        if let Some(pipeline) = pipeline(&Value::Array(stages)) {
            let mut run = pipeline.run();
            for (tag, line) in lines.iter().enumerate() {
                process(&mut run, &labels(), line, tag);
            }
            run.finish();
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        let _ = Stages::parse(&text, &Clock::new(|| Timestamp::EPOCH));
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec![-1.0, 0.0, 0.5, 1.0, 2.0, 1e300]).prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "app",
            "level",
            "n",
            "a[1::2]",
            "length(@)",
            "(?P<a>\\w+)",
            "(",
            "{{ .app }}",
            "{{",
            "Unix",
            "2006",
            "Jan _2",
            "{app=\"web\"}",
            "{",
            "1s",
            "-1h",
            "5kb",
            "keep",
            "drop",
            "skip",
            "city",
            "Counter",
            "inc",
            "a-b",
        ])
        .prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-c]", inner.clone(), 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
            any_stage_of(inner),
        ]
    })
}

fn any_stage() -> impl Strategy<Value = Value> {
    any_stage_of(any_value())
}

fn any_stage_of(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let keys = vec![
        "expressions",
        "source",
        "drop_malformed",
        "mapping",
        "expression",
        "template",
        "format",
        "location",
        "label",
        "value",
        "separator",
        "older_than",
        "longer_than",
        "selector",
        "action",
        "stages",
        "firstline",
        "max_lines",
        "labels",
        "rate",
        "burst",
        "drop",
        "by_label_name",
        "replace",
        "db_type",
        "type",
        "config",
        "action_on_failure",
        "fallback_formats",
        "max_partial_lines",
        "max_partial_line_size",
        "max_partial_line_size_truncate",
    ];
    let names = vec![
        "cri",
        "decolorize",
        "docker",
        "drop",
        "eventlogmessage",
        "geoip",
        "json",
        "labelallow",
        "labeldrop",
        "labels",
        "limit",
        "logfmt",
        "match",
        "metrics",
        "multiline",
        "output",
        "pack",
        "regex",
        "replace",
        "sampling",
        "static_labels",
        "structured_metadata",
        "template",
        "tenant",
        "timestamp",
        "nope",
    ];
    let config = prop::collection::btree_map(prop::sample::select(keys), value, 0..5);
    (prop::sample::select(names), config).prop_map(|(name, config)| json!({name: config}))
}
