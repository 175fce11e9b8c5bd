//! The walkthrough of `deploy/README.md`: its commands run against moto, the functions that they deploy run here, and the
//! queries that it names are asked of a real Loki with Loki's default limits.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use testkit::lambda::Outcome;
use testkit::loki::Loki;

use crate::support::{CLI, TOP, cli, function, text};

/// The tenant of a Loki without tenants.
const TENANT: &str = "fake";
const HOUR_NS: i128 = 3_600_000_000_000;

/// What the commands made in moto.
#[derive(Deserialize)]
struct Deployed {
    /// The URL of moto.
    moto: String,
    functions: Vec<Function>,
    alarms: Vec<Alarm>,
}

/// A function, and the events that reached it: those of `aws lambda invoke`, and the messages of its queue.
#[derive(Deserialize)]
struct Function {
    name: String,
    environment: BTreeMap<String, String>,
    events: Vec<String>,
}

/// An alarm on the function's own metrics, or on others if it has no expressions.
#[derive(Deserialize)]
struct Alarm {
    name: String,
    expressions: Vec<String>,
}

/// The account that the walkthrough was run in, which lasts as long as this.
struct Account {
    process: Child,
    deployed: Deployed,
}

impl Account {
    /// Runs the commands of the page.
    fn after_the_walkthrough(push_url: &str) -> Self {
        let installed = Command::new("deploy/checks/install")
            .current_dir(TOP)
            .output()
            .unwrap();
        let python = Path::new(text(&installed.stdout).trim_end()).join("bin/python");
        let mut process = Command::new(python)
            .args(["-B", "deploy/checks/walkthrough.py", push_url])
            .arg(Path::new(CLI).parent().unwrap())
            .current_dir(TOP)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().unwrap());
        printed.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the walkthrough failed, see above");
        Self {
            process,
            deployed: serde_json::from_str(&line).unwrap(),
        }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        // The end of its input ends it.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn the_commands_of_the_readme_lead_to_lines_in_loki() {
    let page = fs::read_to_string(Path::new(TOP).join("deploy/README.md")).unwrap();
    let page = page.replace('\n', " ");
    let loki = Loki::start_with_defaults().await;
    let account = Account::after_the_walkthrough(&loki.push_url());
    let deployed = &account.deployed;
    assert_eq!(deployed.functions.len(), 3);
    let mut documents = Vec::new();
    for (name, query, count) in [
        ("lambda-promtail", r#"{__aws_log_type="cloudwatch"}"#, 8),
        ("lambda-promtail-s3", r#"{__aws_log_type="s3_lb"}"#, 12),
        ("access-logs", r#"{source="alb", status_code=~"5.."}"#, 2),
    ] {
        assert!(page.contains(&format!("query `{query}`")), "{query}");
        let is_named = |function: &&Function| function.name == name;
        let of_name = deployed.functions.iter().find(is_named).unwrap();
        assert_eq!(of_name.events.len(), 1, "{name}");
        let mut lambda = function()
            .envs(of_name.environment.clone())
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_ENDPOINT_URL", &deployed.moto)
            .start()
            .await;
        // Twice, as AWS may deliver it.
        for _ in 0..2 {
            let invocation = lambda.invoke(of_name.events[0].clone()).await;
            assert!(
                matches!(&invocation.outcome, Outcome::Response(reply) if is_success(reply)),
                "{name}: {invocation:#?}"
            );
            let lines = invocation.logs.iter();
            documents.extend(lines.filter(|line| line.starts_with(r#"{"_aws":"#)).cloned());
        }
        let now = Timestamp::now().as_nanosecond();
        let streams = loki.query_range(TENANT, query, now - HOUR_NS, now, 100).await;
        let stored: usize = streams.iter().map(|stream| stream.entries.len()).sum();
        assert_eq!(stored, count, "{name}: {streams:#?}");
    }
    let documents: Vec<Value> = documents
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(documents.len(), 2, "of lambda-promtail-s3 only");
    each_alarm_watches_a_metric_of(&documents[0], &deployed.alarms);
    the_limits_are_those_of_loki(&loki);
}

/// Returns whether a function's response says that nothing failed.
fn is_success(reply: &Value) -> bool {
    match reply.get("batchItemFailures") {
        Some(failures) => failures.as_array().is_some_and(Vec::is_empty),
        None => reply["failed"] == 0 && reply["entries"] != 0,
    }
}

/// Checks that the alarms on the function's own metrics select what the document declares.
fn each_alarm_watches_a_metric_of(document: &Value, alarms: &[Alarm]) {
    let directive = &document["_aws"]["CloudWatchMetrics"][0];
    let (namespace, function) = (&directive["Namespace"], document["function"].as_str().unwrap());
    assert_eq!(
        directive["Dimensions"],
        serde_json::json!([["function", "source"]])
    );
    let metrics = directive["Metrics"].as_array().unwrap();
    let mut watched = Vec::new();
    for alarm in alarms.iter().filter(|alarm| !alarm.expressions.is_empty()) {
        let metric = alarm.name.strip_prefix(&format!("{function}-")).unwrap();
        assert!(
            metrics.iter().any(|declared| declared["Name"] == metric),
            "{metric}"
        );
        assert_eq!(
            alarm.expressions[0],
            format!(
                "SELECT MAX({metric}) FROM SCHEMA({namespace}, \"function\", source) WHERE \"function\" = '{function}'"
            )
        );
        watched.push(metric);
    }
    watched.sort_unstable();
    assert_eq!(watched, ["lag", "rejected"]);
}

/// Checks that this Loki refuses lines older than a week, which the samples are without `--now`.
fn the_limits_are_those_of_loki(loki: &Loki) {
    let folder = tempfile::tempdir().unwrap();
    let event = folder.path().join("event.json");
    fs::write(&event, cli(&["sample", "cloudwatch"], &[]).stdout).unwrap();
    let shipped = cli(
        &["ship", event.to_str().unwrap()],
        &[("WRITE_ADDRESS", &loki.push_url())],
    );
    assert_eq!(shipped.status.code(), Some(1));
    let said = text(&shipped.stderr);
    assert!(said.contains("greater_than_max_sample_age"), "{said}");
}
