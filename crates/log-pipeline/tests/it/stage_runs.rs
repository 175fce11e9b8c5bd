//! Runs of stages over several entries: what they remember, and for which entries.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use log_pipeline::{Clock, DropReason, Effect, Pipeline, Relabel, Run, Stages};
use loki_push::{Entry, ItemId, LabelSet, Timestamp};

fn pipeline(config: &str) -> Pipeline {
    pipeline_at(config, Clock::new(|| Timestamp::EPOCH))
}

fn pipeline_at(config: &str, clock: Clock) -> Pipeline {
    Pipeline::default().with_stages(Stages::parse(config, &clock).unwrap())
}

fn entry<'a>(app: &str, second: i64, line: &'a str) -> Entry<'a> {
    Entry {
        labels: Arc::new(LabelSet::from_iter([("app", app)])),
        timestamp: Timestamp::new(second, 0).unwrap(),
        line: line.into(),
        metadata: Vec::new(),
    }
}

/// Returns the resulting lines as `tag app@second line` in their order, with `|` after those that result from one
/// entry.
fn run(pipeline: &Pipeline, entries: &[(u32, &str, &str)]) -> Vec<String> {
    let mut run = pipeline.run();
    let mut all = Vec::new();
    let told = |(entry, ItemId(tag)): (Entry<'_>, ItemId)| {
        let app = entry.labels.get("app").unwrap_or("-").to_owned();
        format!("{tag} {app}@{} {}", entry.timestamp.seconds(), entry.line)
    };
    for (second, (tag, app, line)) in entries.iter().enumerate() {
        all.extend(
            run.process(entry(app, second as i64, line), ItemId(*tag))
                .into_iter()
                .map(told),
        );
        all.push("|".to_owned());
    }
    all.extend(run.finish().into_iter().map(told));
    all
}

#[test]
fn a_stack_trace_becomes_one_entry_with_the_time_and_tag_of_its_first_line() {
    let pipeline = pipeline(r#"[{"multiline":{"firstline":"^\\S"}}]"#);
    let lines = [
        (1, "a", " before"),
        (1, "a", "one"),
        (1, "a", " two"),
        (1, "b", "other"),
        (1, "a", " three"),
        (1, "a", "next"),
    ];
    assert_eq!(
        run(&pipeline, &lines),
        [
            "1 a@0  before",
            "|",
            "|",
            "|",
            "|",
            "|",
            "1 a@1 one\n two\n three",
            "|",
            "1 b@3 other",
            "1 a@5 next"
        ]
    );
}

/// Checks messages that end in a newline, as CloudWatch's do if the program wrote one.
#[test]
fn messages_that_end_in_a_newline_are_joined_without_blank_lines() {
    let pipeline = pipeline(r#"[{"multiline":{"firstline":"^\\S"}}]"#);
    let lines = [
        (1, "a", "Traceback\n"),
        (1, "a", "  File \"x\"\r\n"),
        (1, "a", "\n"),
        (1, "a", "  raise\n"),
        (1, "a", "alone\n"),
        (1, "a", "  blank below\n\n"),
    ];
    let blocks = run(&pipeline, &lines);
    let blocks: Vec<_> = blocks.iter().filter(|block| *block != "|").collect();
    assert_eq!(
        blocks,
        [
            "1 a@0 Traceback\n  File \"x\"\n\n  raise",
            "1 a@4 alone\n  blank below\n"
        ]
    );
}

/// Checks two alternating streams: the bound is for all of them together, and no line is lost.
#[test]
fn blocks_end_before_the_bound_on_held_bytes_is_exceeded() {
    let pipeline = pipeline(r#"[{"multiline":{"firstline":"^\\S","max_lines":0}}]"#);
    let labels = ["a", "b"].map(|value| Arc::new(LabelSet::from_iter([("app", value)])));
    let mut run = pipeline.run().holding_at_most(1_100);
    let mut blocks: Vec<String> = Vec::new();
    for (number, line) in ["x", "y", " 1", " 2", " 3", " 4"].into_iter().enumerate() {
        let entry = Entry {
            labels: Arc::clone(&labels[number % 2]),
            timestamp: Timestamp::EPOCH,
            line: line.into(),
            metadata: Vec::new(),
        };
        let out = run.process(entry, ItemId(1)).into_iter();
        blocks.extend(out.map(|(entry, _)| entry.line.into_owned()));
    }
    assert_eq!(blocks, ["x\n 1", "y\n 2"]);
    blocks.extend(run.finish().into_iter().map(|(entry, _)| entry.line.into_owned()));
    assert_eq!(blocks, ["x\n 1", "y\n 2", " 3", " 4"]);
}

#[test]
fn lines_of_different_items_are_not_merged() {
    let pipeline = pipeline(r#"[{"multiline":{"firstline":"^\\S"}}]"#);
    let lines = [
        (1, "a", "one"),
        (2, "a", " two"),
        (2, "a", "three"),
        (1, "a", " four"),
    ];
    assert_eq!(
        run(&pipeline, &lines),
        [
            "|",
            "2 a@1  two",
            "|",
            "|",
            "|",
            "1 a@0 one\n four",
            "2 a@2 three"
        ]
    );
}

#[test]
fn a_block_ends_at_its_longest_and_what_follows_is_the_next() {
    let pipeline = pipeline(r#"[{"multiline":{"firstline":"^\\S","max_lines":2}}]"#);
    let lines = ["one", " two", " three", " four", " five", "six"].map(|line| (1, "a", line));
    assert_eq!(
        run(&pipeline, &lines),
        [
            "|",
            "1 a@0 one\n two",
            "|",
            "|",
            "1 a@2  three\n four",
            "|",
            "|",
            "1 a@4  five",
            "|",
            "1 a@5 six"
        ]
    );
}

#[test]
fn released_entries_go_through_the_stages_after_theirs() {
    let pipeline = pipeline(
        r#"[{"multiline":{"firstline":"^\\S"}},{"multiline":{"firstline":"^A"}},
            {"regex":{"expression":"^(?P<app>\\w)"}},{"labels":{"app":null}}]"#,
    );
    let lines = [(1, "x", "A"), (1, "x", " a"), (1, "x", "b"), (1, "x", "A2")];
    assert_eq!(
        run(&pipeline, &lines),
        ["|", "|", "|", "|", "1 A@0 A\n a\nb", "1 A@3 A2"]
    );
}

#[test]
fn structured_metadata_is_kept_when_lines_are_joined() {
    let pipeline = pipeline(
        r#"[{"regex":{"expression":"(?P<k>\\w+)=(?P<v>\\w+)"}},{"structured_metadata":{"k":null,"v":null}},
            {"multiline":{"firstline":"^\\S"}}]"#,
    );
    let mut run = pipeline.run();
    for line in ["a=1", " plain", " b=2"] {
        assert_eq!(run.process(entry("x", 0, line), ItemId(0)).into_iter().count(), 0);
    }
    let (entry, _) = run.finish().into_iter().next().unwrap();
    let metadata: Vec<_> = entry
        .metadata
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(metadata, ["k=a", "v=1"]);
}

/// Checks partial lines at the end of a run, which promtail loses.
#[test]
fn partial_lines_that_never_end_are_delivered() {
    let pipeline = pipeline(r#"[{"cri":{}}]"#);
    let line = |flag: &str, text: &str| format!("2024-01-02T03:04:05Z stdout {flag} {text}");
    let (one, two, full) = (line("P", "one"), line("P", "two"), line("F", "full"));
    let lines = [
        (1, "a", &*one),
        (2, "a", &*two),
        (1, "b", &*one),
        (1, "b", &*two),
        (1, "a", &*full),
    ];
    let at = 1_704_164_645;
    assert_eq!(
        run(&pipeline, &lines),
        [
            "|".to_owned(),
            "|".to_owned(),
            "|".to_owned(),
            "|".to_owned(),
            format!("1 a@{at} onefull"),
            "|".to_owned(),
            format!("2 a@{at} two"),
            format!("1 b@{at} onetwo"),
        ]
    );
}

#[test]
fn too_many_partial_lines_are_all_delivered() {
    let pipeline = pipeline(r#"[{"cri":{"max_partial_lines":2}}]"#);
    let line = "2024-01-02T03:04:05Z stdout P x";
    let out = run(&pipeline, &[(1, "a", line), (1, "b", line), (1, "c", line)]);
    let delivered: Vec<&str> = out.iter().filter_map(|out| out.split('@').next()).collect();
    assert_eq!(delivered, ["|", "|", "1 a", "1 b", "|", "1 c"]);
}

#[test]
fn each_run_starts_anew() {
    let pipeline = pipeline(
        r#"[{"limit":{"rate":0.001,"burst":1,"drop":true}},{"timestamp":{"source":"t","format":"Unix"}}]"#,
    );
    for _ in 0..2 {
        let mut run = pipeline.run();
        assert_eq!(run.process(entry("a", 0, "1"), ItemId(0)).into_iter().count(), 1);
        assert_eq!(run.process(entry("a", 0, "2"), ItemId(0)).into_iter().count(), 0);
        assert_eq!(
            run.into_counts().dropped[&DropReason::Stage("ratelimit_drop_stage".into())],
            1
        );
    }
}

/// Returns a clock and its time in milliseconds, which the test sets.
fn clock() -> (Arc<AtomicI64>, Clock) {
    let millis = Arc::new(AtomicI64::new(1_000_000));
    let shared = Arc::clone(&millis);
    let clock = Clock::new(move || Timestamp::from_unix_millis(shared.load(Ordering::Relaxed)).unwrap());
    (millis, clock)
}

fn kept(run: &mut Run<'_>, count: usize) -> usize {
    let mut one = || run.process(entry("a", 0, "x"), ItemId(0)).into_iter().count();
    (0..count).map(|_| one()).sum()
}

#[test]
fn tokens_come_back_with_time() {
    let (millis, clock) = clock();
    let pipeline = pipeline_at(r#"[{"limit":{"rate":2,"burst":3,"drop":true}}]"#, clock);
    let mut run = pipeline.run();
    assert_eq!(kept(&mut run, 5), 3);
    millis.fetch_add(499, Ordering::Relaxed);
    assert_eq!(kept(&mut run, 1), 0);
    millis.fetch_add(1, Ordering::Relaxed);
    assert_eq!(kept(&mut run, 2), 1);
    millis.fetch_add(3_600_000, Ordering::Relaxed);
    assert_eq!(kept(&mut run, 5), 3, "no more than the burst");
    millis.fetch_sub(3_600_000, Ordering::Relaxed);
    assert_eq!(kept(&mut run, 1), 0, "a clock set back gives nothing");
    assert_eq!(run.take_pause(), None);
}

#[test]
fn a_limit_that_does_not_drop_asks_for_a_pause() {
    let (millis, clock) = clock();
    let pipeline = pipeline_at(r#"[{"limit":{"rate":2,"burst":1}}]"#, clock);
    let mut run = pipeline.run();
    assert_eq!(kept(&mut run, 1), 1);
    assert_eq!(run.take_pause(), None);
    assert_eq!(kept(&mut run, 1), 1);
    assert_eq!(run.take_pause(), Some(Duration::from_millis(500)));
    millis.fetch_add(500, Ordering::Relaxed);
    assert_eq!(kept(&mut run, 1), 1);
    assert_eq!(run.take_pause(), Some(Duration::from_millis(500)));
}

#[test]
fn the_age_of_entries_is_measured_by_the_clock() {
    let pipeline = pipeline_at(
        r#"[{"drop":{"older_than":"10s"}}]"#,
        Clock::new(|| Timestamp::new(100, 0).unwrap()),
    );
    let mut run = pipeline.run();
    for (second, count) in [(89, 0), (90, 1), (100, 1), (200, 1)] {
        assert_eq!(
            run.process(entry("a", second, "x"), ItemId(0))
                .into_iter()
                .count(),
            count,
            "{second}"
        );
    }
}

#[test]
fn a_sample_is_the_same_whenever_it_is_taken() {
    let sample = |config: &str| {
        let pipeline = pipeline(config);
        let lines: Vec<String> = (0..10_000).map(|line| format!("line {line}")).collect();
        let mut run = pipeline.run();
        lines
            .iter()
            .filter(|line| run.process(entry("a", 0, line), ItemId(0)).into_iter().count() == 1)
            .count()
    };
    let once = sample(r#"[{"sampling":{"rate":0.25}}]"#);
    assert_eq!(sample(r#"[{"sampling":{"rate":"0.25"}}]"#), once);
    assert!((2300..2700).contains(&once), "{once}");
    let twice = sample(r#"[{"sampling":{"rate":0.5}},{"sampling":{"rate":0.5}}]"#);
    assert!(
        (2300..2700).contains(&twice),
        "{twice}: the second choice is another one"
    );
}

#[test]
fn entries_that_match_go_through_the_nested_stages_and_others_past_them() {
    let pipeline = pipeline(
        r#"[{"match":{"selector":"{app=\"a\"} |= \"x\"","stages":[
                {"drop":{"expression":"xx"}},
                {"match":{"selector":"{app=\"a\"} |= \"y\"","stages":[{"static_labels":{"app":"y"}}]}},
                {"multiline":{"firstline":"^x"}}]}},
            {"labeldrop":["nope"]}]"#,
    );
    let lines = [
        (1, "a", "xx"),
        (1, "b", "xx"),
        (1, "a", "xy"),
        (1, "a", "x"),
        (1, "a", "-"),
        (1, "a", "-x"),
    ];
    assert_eq!(
        run(&pipeline, &lines),
        [
            "|",
            "1 b@1 xx",
            "|",
            "|",
            "|",
            "1 a@4 -",
            "|",
            "|",
            "1 y@2 xy",
            "1 a@3 x\n-x"
        ]
    );
}

#[test]
fn stages_of_one_object_run_in_the_order_written() {
    for (config, line) in [
        (
            r#"[{"regex":{"expression":"(?P<m>b)"},"output":{"source":"m"}}]"#,
            "b",
        ),
        (
            r#"[{"output":{"source":"m"},"regex":{"expression":"(?P<m>b)"}}]"#,
            "abc",
        ),
    ] {
        assert_eq!(
            run(&pipeline(config), &[(1, "a", "abc")]),
            [format!("1 a@0 {line}"), "|".to_owned()]
        );
    }
}

#[test]
fn entries_of_one_stream_share_their_labels() {
    let pipeline = pipeline(r#"[{"static_labels":{"x":"1"}}]"#);
    let mut run = pipeline.run();
    let mut labels = || {
        let (entry, _) = run
            .process(entry("a", 0, "x"), ItemId(0))
            .into_iter()
            .next()
            .unwrap();
        entry.labels
    };
    assert!(Arc::ptr_eq(&labels(), &labels()));
}

#[test]
fn an_explanation_shows_every_rule_and_stage() {
    let rules = r#"[{"target_label":"r","source_labels":["app"]}]"#;
    let pipeline = pipeline(
        r#"[{"regex":{"expression":"(?P<n>\\d+)"}},
            {"match":{"selector":"{r=\"web\"}","stages":[{"labels":{"n":null}}]}},
            {"multiline":{"firstline":"x"}},{"drop":{"source":"n","value":"7"}}]"#,
    )
    .with_rules(Relabel::parse(rules).unwrap());
    let explanation = pipeline.explain(&entry("web", 0, "x7"));
    let steps: Vec<_> = explanation
        .steps
        .iter()
        .map(|step| (&*step.place, &step.effect))
        .collect();
    let dropped = Effect::Dropped("drop_stage".into());
    assert_eq!(
        steps,
        [
            ("labels", &Effect::Kept),
            ("rule [0].replace", &Effect::Kept),
            ("[0].regex", &Effect::Kept),
            ("[1].match", &Effect::Kept),
            ("[1].match.stages[0].labels", &Effect::Kept),
            ("[2].multiline", &Effect::Held),
            ("[2].multiline", &Effect::Released),
            ("[3].drop", &dropped),
        ]
    );
    assert_eq!(explanation.steps[0].labels.to_string(), r#"{app="web"}"#);
    assert_eq!(explanation.steps[1].labels.to_string(), r#"{app="web", r="web"}"#);
    assert_eq!(
        explanation.steps[4].labels.to_string(),
        r#"{app="web", n="7", r="web"}"#
    );
    assert!(explanation.entries.is_empty());
    assert_eq!(
        explanation.counts.dropped[&DropReason::Stage("drop_stage".into())],
        1
    );

    let pipeline = pipeline
        .with_rules(Relabel::parse(r#"[{"action":"drop","source_labels":["app"],"regex":"w.b"}]"#).unwrap());
    let explanation = pipeline.explain(&entry("web", 0, "x7"));
    assert_eq!(
        explanation.steps.last().unwrap().effect,
        Effect::Dropped("relabelled".into())
    );
    assert_eq!(explanation.counts.dropped[&DropReason::Relabelled], 1);
}
