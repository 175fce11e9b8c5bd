//! The dashboards for Grafana in `deploy/grafana`: each panel's query finds lines in a real Loki that the function filled,
//! and each panel of CloudWatch names a metric that exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::corpora::{Corpus, cloudwatch};
use testkit::events::{cloudwatch_event, cloudwatch_payload};
use testkit::lambda::Lambda;
use testkit::loki::Loki;
use testkit::s3::{Object, S3};

use crate::support::{TOP, cli, function, text};

const TENANT: &str = "dashboards";
const BUCKET: &str = "example-logs";
/// The first and the last second of the corpora and samples.
const WINDOW: [&str; 2] = ["2026-03-04T05:05:00Z", "2026-03-04T05:15:00Z"];
const STEP_SECONDS: u64 = 60;

/// Lambda's metrics of a function ("Types of metrics for Lambda functions" in its developer guide), as far as dashboards
/// show them.
const METRICS_OF_LAMBDA: [&str; 6] = [
    "Invocations",
    "Errors",
    "Throttles",
    "Duration",
    "AsyncEventsDropped",
    "DestinationDeliveryFailures",
];

/// Returns the dashboards, each with the name of its file.
fn dashboards() -> Vec<(String, Value)> {
    let files = fs::read_dir(Path::new(TOP).join("deploy/grafana")).unwrap();
    let mut dashboards: Vec<(String, Value)> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (
                name,
                serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap(),
            )
        })
        .collect();
    dashboards.sort_by(|one, other| one.0.cmp(&other.0));
    dashboards
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// Returns the targets of all panels, each with its panel.
fn targets(dashboard: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    array(&dashboard["panels"])
        .iter()
        .flat_map(|panel| array(&panel["targets"]).iter().map(move |target| (panel, target)))
}

/// Returns the query with the dashboard's variables at their defaults.
fn filled(dashboard: &Value, expression: &str) -> String {
    let mut filled = expression.replace("$__auto", "1m").replace("$__range", "10m");
    for variable in array(&dashboard["templating"]["list"]) {
        let default = match variable["type"].as_str().unwrap() {
            "query" => &variable["allValue"],
            "textbox" => &variable["query"],
            _ => continue,
        };
        let name = format!("${}", variable["name"].as_str().unwrap());
        filled = filled.replace(&name, default.as_str().unwrap());
    }
    assert!(!filled.contains('$'), "a variable is not declared: {filled}");
    filled
}

#[test]
fn dashboards_can_be_imported_and_are_documented() {
    let page = fs::read_to_string(Path::new(TOP).join("docs/src/dashboards.md")).unwrap();
    let mut uids = BTreeSet::new();
    for (file, dashboard) in dashboards() {
        assert!(
            uids.insert(dashboard["uid"].to_string()),
            "{file}: the same uid twice"
        );
        let title = dashboard["title"].as_str().unwrap();
        assert!(
            page.contains(&format!("| `{file}` | {title} |")),
            "{file} is not in the page"
        );
        let panels = array(&dashboard["panels"]);
        let ids: BTreeSet<u64> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
        assert!(
            ids.len() == panels.len() && (6..=9).contains(&panels.len()),
            "{file}"
        );
        let variables = array(&dashboard["templating"]["list"]);
        let sources: Vec<(String, &Value)> = variables
            .iter()
            .filter(|variable| variable["type"] == "datasource")
            .map(|variable| {
                (
                    format!("${{{}}}", variable["name"].as_str().unwrap()),
                    &variable["query"],
                )
            })
            .collect();
        for panel in panels {
            let source = &panel["datasource"];
            let is_declared =
                |(uid, kind): &(String, &Value)| source["uid"] == **uid && source["type"] == **kind;
            assert!(sources.iter().any(is_declared), "{file}: {}", panel["title"]);
        }
    }
    assert_eq!(uids.len(), 7);
}

#[test]
fn panels_of_cloudwatch_name_metrics_that_exist() {
    let table = lambda_promtail::metrics_markdown();
    let mut count = 0;
    for (file, dashboard) in dashboards() {
        for (panel, target) in
            targets(&dashboard).filter(|(panel, _)| panel["datasource"]["type"] == "cloudwatch")
        {
            let metric = target["metricName"].as_str().unwrap();
            let place = format!("{file}, {}: {metric}", panel["title"]);
            let namespace = filled(&dashboard, target["namespace"].as_str().unwrap());
            let (is_known, dimensions) = match &*namespace {
                "AWS/Lambda" => (
                    METRICS_OF_LAMBDA.contains(&metric),
                    json!({"FunctionName": "$function"}),
                ),
                "lambda-promtail" => (
                    table.contains(&format!("| `{metric}` |")),
                    json!({"function": "$function", "source": "*"}),
                ),
                other => panic!("{place}: {other}"),
            };
            assert!(is_known, "{place}");
            assert_eq!(target["dimensions"], dimensions, "{place}");
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn every_panel_of_loki_finds_lines() {
    let loki = Loki::start().await;
    fill(&loki).await;
    let [start, end] = WINDOW.map(|time| time.parse::<Timestamp>().unwrap().as_nanosecond());
    let mut empty = Vec::new();
    for (file, dashboard) in dashboards() {
        for variable in array(&dashboard["templating"]["list"]) {
            let Some(selector) = variable["query"]["stream"].as_str() else {
                continue;
            };
            let label = variable["query"]["label"].as_str().unwrap();
            let streams = loki.result(TENANT, selector, start, end, STEP_SECONDS).await;
            let has_label = streams.iter().any(|stream| stream["stream"][label].is_string());
            assert!(has_label, "{file}: {label}");
        }
        for (panel, target) in targets(&dashboard) {
            let Some(expression) = target["expr"].as_str() else {
                continue;
            };
            let query = filled(&dashboard, expression);
            let result = loki.result(TENANT, &query, start, end, STEP_SECONDS).await;
            if !result.iter().any(shows_something) {
                empty.push(format!("{file}, {}: {query}", panel["title"]));
            }
            let errors = result
                .iter()
                .find(|found| found.to_string().contains("__error__"));
            assert_eq!(errors, None, "{file}, {}", panel["title"]);
        }
    }
    assert!(empty.is_empty(), "{}", empty.join("\n"));
}

/// Returns whether a stream has a line, or a series a number other than 0.
fn shows_something(found: &Value) -> bool {
    let values = array(&found["values"]);
    match found.get("metric") {
        None => !values.is_empty(),
        Some(_) => values
            .iter()
            .any(|value| value[1].as_str().unwrap().parse::<f64>().unwrap() > 0.0),
    }
}

/// Fills the Loki with corpora and samples, and with the log of the function that ships them.
async fn fill(loki: &Loki) {
    let s3 = S3::start().await;
    let start = || async {
        function()
            .env("WRITE_ADDRESS", loki.push_url())
            .env("TENANT_ID", TENANT)
            .env("AWS_ENDPOINT_URL_S3", s3.url())
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .start()
            .await
    };
    let mut lambda = start().await;
    for corpus in Corpus::ALL {
        let mut lines = Vec::new();
        corpus.write(&mut lines, 100_000, 7).unwrap();
        s3.put(BUCKET, corpus.key(), Object::new(gzip(&lines)));
        ship(&mut lambda, &object_event(corpus.key())).await;
    }
    for name in ["alb", "cloudfront", "vpc", "waf", "cloudtrail"] {
        let key = text(&cli(&["sample", name, "--key"], &[]).stdout);
        let key = key.trim_end();
        s3.put(
            BUCKET,
            key,
            Object::new(gzip(&cli(&["sample", name], &[]).stdout)),
        );
        ship(&mut lambda, &object_event(key)).await;
    }
    let delivery = serde_json::from_str(&cloudwatch::delivery(1, 40)).unwrap();
    ship(&mut lambda, &cloudwatch_payload(&delivery)).await;
    ship(&mut lambda, &text(&cli(&["sample", "cloudwatch"], &[]).stdout)).await;
    lambda.invoke(object_event("AWSLogs/nothing")).await.error();

    // The log of a function is shipped by another one.
    let first: Timestamp = WINDOW[0].parse().unwrap();
    let logs = lambda.logs();
    let lines: Vec<(i64, &str)> = (first.as_millisecond()..)
        .zip(logs.iter().map(String::as_str))
        .collect();
    let event = cloudwatch_event("/aws/lambda/lambda_promtail", "s", "111122223333", &lines);
    ship(&mut start().await, &event).await;
}

/// Delivers an event, which must not fail.
async fn ship(lambda: &mut Lambda, event: &str) {
    let invocation = lambda.invoke(event.to_owned()).await;
    assert_eq!(invocation.response()["failed"], 0);
}

/// Returns the event that announces an object.
fn object_event(key: &str) -> String {
    json!({"Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-west-1",
        "eventTime": "2026-03-04T05:10:00.000Z",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": BUCKET}, "object": {"key": key, "size": 1}},
    }]})
    .to_string()
}
