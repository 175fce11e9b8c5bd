//! Relabelling and stages through the real binary.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::lambda::Outcome;
use testkit::loki::Loki;
use testkit::receiver::Receiver;
use testkit::s3::{Object, S3};

use crate::support::{BUCKET, event, function, pushing_to, reading_from, s3_event};

const START_NS: i128 = 1_700_000_000_000_000_000;
const HOUR_NS: i128 = 3_600_000_000_000;

/// A log of a Java program with a stack trace in the middle.
const JAVA: &str = "2023-11-14 22:13:20 ERROR checkout failed\n\
                    java.lang.IllegalStateException: no stock\n\
                    \tat shop.Cart.checkout(Cart.java:42)\n\
                    \tat shop.Main.main(Main.java:7)\n\
                    2023-11-14 22:13:21 INFO next customer\n";

fn stages(stages: Value) -> String {
    stages.to_string()
}

#[tokio::test]
async fn rules_and_stages_are_applied_in_their_order() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env("EXTRA_LABELS", "team,shop")
        .env(
            "RELABEL_CONFIGS",
            json!([
                {"source_labels": ["__extra_team"], "target_label": "team"},
                {"action": "labeldrop", "regex": "__.*"},
            ])
            .to_string(),
        )
        .env(
            "LOKI_STAGE_CONFIGS",
            stages(json!([
                {"json": {"expressions": {"level": null, "msg": null, "id": null}}},
                {"drop": {"source": "level", "value": "debug", "drop_counter_reason": "too_fine"}},
                {"labels": {"level": null}},
                {"structured_metadata": {"id": null}},
                {"output": {"source": "msg"}},
            ])),
        )
        .start()
        .await;
    let lines = [
        r#"{"level":"info","msg":"hello","id":"i-1"}"#,
        r#"{"level":"debug","msg":"noise","id":"i-2"}"#,
        r#"{"level":"error","msg":"oh","id":"i-3"}"#,
        "plain",
    ];
    let summary = lambda.invoke(event(&lines)).await.response().clone();
    assert_eq!(summary["entries"], 3);
    assert_eq!(summary["dropped"]["by_stage"], json!({"too_fine": 1}));
    let mut entries: Vec<_> = receiver
        .accepted()
        .into_iter()
        .map(|entry| (entry.labels, entry.line, entry.metadata))
        .collect();
    entries.sort();
    let id = |id: &str| vec![("id".to_owned(), id.to_owned())];
    assert_eq!(
        entries,
        [
            (
                r#"{level="error", team="shop"}"#.to_owned(),
                "oh".to_owned(),
                id("i-3")
            ),
            (
                r#"{level="info", team="shop"}"#.to_owned(),
                "hello".to_owned(),
                id("i-1")
            ),
            (r#"{team="shop"}"#.to_owned(), "plain".to_owned(), Vec::new()),
        ]
    );
}

#[tokio::test]
async fn a_stream_that_a_rule_drops_is_counted_and_not_an_error() {
    let receiver = Receiver::start().await;
    let rules = json!([{"action": "drop", "source_labels": ["__aws_log_type"], "regex": "cloudwatch"}]);
    let mut lambda = pushing_to(&receiver)
        .env("RELABEL_CONFIGS", rules.to_string())
        .start()
        .await;
    let summary = lambda.invoke(event(&["a", "b"])).await.response().clone();
    assert_eq!(
        (&summary["dropped"]["relabelled"], &summary["entries"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(receiver.requests(), 0);
}

#[tokio::test]
async fn a_name_that_loki_cannot_parse_is_put_right_and_counted() {
    let receiver = Receiver::start().await;
    let rules = json!([{"action": "labelmap", "regex": "__aws_(.*)", "replacement": "$1"},
        {"source_labels": ["__aws_cloudwatch_log_group"], "target_label": "$1", "replacement": "x", "regex": "/(.*)"}]);
    let mut lambda = pushing_to(&receiver)
        .env("RELABEL_CONFIGS", rules.to_string())
        .start()
        .await;
    let summary = lambda.invoke(event(&["a"])).await.response().clone();
    assert_eq!(summary["labels_renamed"], 1);
    let labels = &receiver.accepted()[0].labels;
    assert!(labels.contains(r#"aws_lambda_checkout="x""#), "{labels}");
}

#[tokio::test]
async fn lines_of_one_object_are_joined_to_its_end_and_not_beyond() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let keys = ["app/one.log", "app/two.log"];
    s3.put(BUCKET, keys[0], Object::new(JAVA).last_modified(1_700_000_000));
    s3.put(
        BUCKET,
        keys[1],
        Object::new("\tat nowhere\n").last_modified(1_700_000_000),
    );
    let mut lambda = reading_from(&s3, pushing_to(&receiver))
        .env("UNKNOWN_S3_TYPE", "text")
        .env(
            "LOKI_STAGE_CONFIGS",
            stages(json!([{"multiline": {"firstline": r"^\d{4}"}}])),
        )
        .start()
        .await;
    assert_eq!(lambda.invoke(s3_event(&keys)).await.response()["entries"], 3);
    let mut lines: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
    lines.sort();
    assert_eq!(lines[0], "\tat nowhere");
    assert_eq!(lines[1].lines().count(), 4, "{lines:?}");
    assert_eq!(lines[2], "2023-11-14 22:13:21 INFO next customer");
}

/// A `limit` stage that does not drop makes entries wait; upstream loses those that wait for more than a second.
#[tokio::test]
async fn a_limit_slows_down_and_loses_nothing() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env(
            "LOKI_STAGE_CONFIGS",
            stages(json!([{"limit": {"rate": 10, "burst": 1}}])),
        )
        .start()
        .await;
    let lines: Vec<String> = (0..16).map(|number| format!("line {number}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let invocation = lambda.invoke(event(&lines)).await;
    assert_eq!(invocation.response()["entries"], 16);
    assert!(
        (1_300..6_000).contains(&invocation.elapsed.as_millis()),
        "{:?}",
        invocation.elapsed
    );
}

#[tokio::test]
async fn bad_configurations_are_all_named_at_the_start() {
    let mut lambda = function()
        .env("WRITE_ADDRESS", "http://127.0.0.1:9/push")
        .env(
            "RELABEL_CONFIGS",
            json!([{"action": "jump"}, {"action": "hashmod", "target_label": "a"}]).to_string(),
        )
        .env(
            "LOKI_STAGE_CONFIGS",
            json!([{"json": {}}, {"regex": {"expression": "("}}, {"match": {"selector": "{a=", "stages": []}}])
                .to_string(),
        )
        .start()
        .await;
    let Err(Outcome::InitError(error, _)) = lambda.wait_until_ready().await else {
        panic!("{:#?}", lambda.logs());
    };
    let message = &error.error_message;
    for place in [
        "RELABEL_CONFIGS: [0].action",
        "[1].modulus",
        "LOKI_STAGE_CONFIGS: [0].json.expressions",
        "[1].regex.expression",
        "[2].match.selector",
    ] {
        assert!(message.contains(place), "{place}: {message}");
    }
}

#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn labels_and_metadata_of_a_pipeline_are_queried_back() {
    let loki = Loki::start().await;
    let mut lambda = function()
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "blue")
        .env(
            "LOKI_STAGE_CONFIGS",
            stages(json!([
                {"json": {"expressions": {"level": null, "trace": "ctx.trace"}}},
                {"labels": {"level": null}},
                {"structured_metadata": {"trace_id": "trace"}},
            ])),
        )
        .start()
        .await;
    let lines = [
        r#"{"level":"warn","ctx":{"trace":"t-1"}}"#,
        r#"{"level":"warn","ctx":{"trace":"t-2"}}"#,
        r#"{"level":"info","ctx":{"trace":"t-1"}}"#,
    ];
    for _ in 0..2 {
        lambda.invoke(event(&lines)).await.response();
    }
    let query = async |query: &str| {
        let streams = loki
            .query_range("blue", query, START_NS, START_NS + HOUR_NS, 100)
            .await;
        let entries = streams.into_iter().flat_map(|stream| stream.entries);
        let mut lines: Vec<String> = entries.map(|entry| entry.line).collect();
        lines.sort();
        lines
    };
    assert_eq!(query(r#"{level="warn"}"#).await, [lines[0], lines[1]]);
    assert_eq!(
        query(r#"{__aws_log_type="cloudwatch"} | trace_id="t-1""#).await,
        [lines[2], lines[0]]
    );
}

#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn a_tenant_stage_splits_an_event_over_two_tenants() {
    let loki = Loki::start().await;
    let mut lambda = function()
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "nobody")
        .env(
            "LOKI_STAGE_CONFIGS",
            stages(json!([{"regex": {"expression": r"^(?P<who>\w+):"}}, {"tenant": {"source": "who"}}])),
        )
        .start()
        .await;
    let invocation = lambda.invoke(event(&["blue: 1", "green: 2", "blue: 3"])).await;
    assert_eq!(invocation.response()["pushes"], 2);
    for (tenant, expected) in [
        ("blue", &["blue: 1", "blue: 3"][..]),
        ("green", &["green: 2"]),
        ("nobody", &[]),
    ] {
        let query = r#"{__aws_log_type="cloudwatch"}"#;
        let streams = loki
            .query_range(tenant, query, START_NS, START_NS + HOUR_NS, 100)
            .await;
        let entries = streams.into_iter().flat_map(|stream| stream.entries);
        let mut lines: Vec<String> = entries.map(|entry| entry.line).collect();
        lines.sort();
        assert_eq!(lines, expected, "{tenant}");
    }
}

#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn a_stack_trace_of_an_object_is_one_entry() {
    let (loki, s3) = (Loki::start().await, S3::start().await);
    let key = "app/server.log";
    s3.put(BUCKET, key, Object::new(JAVA).last_modified(1_700_000_000));
    let mut lambda = reading_from(&s3, function())
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "blue")
        .env("UNKNOWN_S3_TYPE", "text")
        .env(
            "LOKI_STAGE_CONFIGS",
            stages(json!([
                {"multiline": {"firstline": r"^\d{4}"}},
                {"regex": {"expression": r"^(?P<time>\S+ \S+) (?P<level>\w+)"}},
                {"timestamp": {"source": "time", "format": "2006-01-02 15:04:05"}},
                {"labels": {"level": null}},
            ])),
        )
        .start()
        .await;
    for _ in 0..2 {
        assert_eq!(lambda.invoke(s3_event(&[key])).await.response()["entries"], 2);
    }
    let streams = loki
        .query_range(
            "blue",
            r#"{__aws_s3_text="my-logs"}"#,
            START_NS,
            START_NS + HOUR_NS,
            100,
        )
        .await;
    let stored: BTreeMap<String, Vec<(i128, String)>> = streams
        .into_iter()
        .map(|stream| {
            let entries = stream.entries.into_iter();
            let entries = entries.map(|entry| (entry.timestamp_ns, entry.line)).collect();
            (stream.labels["level"].clone(), entries)
        })
        .collect();
    let (trace, next) = JAVA.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(stored["ERROR"], [(START_NS, trace.to_owned())]);
    assert_eq!(stored["INFO"], [(START_NS + 1_000_000_000, next.to_owned())]);
    assert_eq!(stored.len(), 2);
}
