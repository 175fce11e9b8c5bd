//! Each kind of fault moves the metric that an alarm of the deployments watches: a metric of `METRICS=emf`, read from the
//! real binary's log, or one that Lambda makes of the invocation's outcome and duration.

use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use testkit::events::cloudwatch_event;
use testkit::lambda::{FUNCTION_NAME, Invocation, Lambda, Outcome};
use testkit::receiver::{Answer, Receiver};
use testkit::s3::{Answer as S3Answer, Object, S3};

use crate::support::{ALB_KEY, BUCKET, GROUP, OWNER, alb_line, pushing_to, reading_from, s3_event};

/// The metrics that are 0 as long as everything is well.
const FAULTS: [&str; 5] = ["retries", "throttled", "rejected", "too_far_behind", "failed"];
/// The function's timeout.
const TIMEOUT: Duration = Duration::from_secs(3);
/// The default of `alarm_maximum_age_in_seconds` and `AlarmMaximumAge`, in milliseconds.
const MAXIMUM_AGE: u64 = 900_000;

/// A function between an S3 and a Loki.
struct Bench {
    receiver: Receiver,
    s3: S3,
    lambda: Lambda,
}

impl Bench {
    async fn new(variables: &[(&str, &str)]) -> Self {
        let (receiver, s3) = (Receiver::start().await, S3::start().await);
        let lambda = reading_from(&s3, pushing_to(&receiver))
            .env("METRICS", "emf")
            .envs([
                ("MIN_BACKOFF", "1ms"),
                ("MAX_BACKOFF", "1ms"),
                ("MAX_RETRIES", "2"),
            ])
            .envs([
                ("TIMEOUT", "300ms"),
                ("DEADLINE_MARGIN", "200ms"),
                ("AWS_MAX_ATTEMPTS", "1"),
            ])
            .envs(variables.iter().copied())
            .start()
            .await;
        let mut bench = Self { receiver, s3, lambda };
        bench.s3.put(BUCKET, ALB_KEY, Object::new(alb_line(1, "200")));
        // In an unoptimised build the SDK's setup takes a second.
        bench.lambda.invoke(s3_event(&[ALB_KEY])).await.response();
        bench.lambda.set_timeout(TIMEOUT);
        bench
    }

    /// Delivers an event, and returns the metrics of faults that it moved, the alarms that this sets off, and its
    /// document.
    async fn deliver(&mut self, event: String) -> (Vec<&'static str>, Vec<&'static str>, Value) {
        let invocation = self.lambda.invoke(event).await;
        let document = document(&invocation);
        let moved: Vec<&str> = FAULTS.into_iter().filter(|name| document[name] != 0).collect();
        let alarms = [
            ("errors", !matches!(invocation.outcome, Outcome::Response(_))),
            ("duration", invocation.elapsed > TIMEOUT.mul_f64(0.9)),
            (
                "lag",
                document["lag"].as_u64().is_some_and(|lag| lag > MAXIMUM_AGE),
            ),
            ("rejected", document["rejected"] != 0),
            ("main-queue-age", has_failed_items(&invocation)),
        ];
        let alarms = alarms
            .into_iter()
            .filter(|(_, is_off)| *is_off)
            .map(|(name, _)| name);
        (moved, alarms.collect(), document)
    }
}

/// Returns the one document of an invocation.
fn document(invocation: &Invocation) -> Value {
    let mut lines = invocation
        .logs
        .iter()
        .filter(|line| line.starts_with(r#"{"_aws":"#));
    let line = lines.next().unwrap_or_else(|| panic!("{invocation:#?}"));
    assert_eq!(lines.next(), None);
    serde_json::from_str(line).unwrap()
}

/// Returns whether messages stay in the queue.
fn has_failed_items(invocation: &Invocation) -> bool {
    let Outcome::Response(reply) = &invocation.outcome else {
        return false;
    };
    reply["batchItemFailures"]
        .as_array()
        .is_some_and(|failures| !failures.is_empty())
}

/// Returns a subscription event whose lines are so many seconds old.
fn aged(seconds: i64) -> String {
    let millis = Timestamp::now().as_millisecond() - seconds * 1_000;
    cloudwatch_event(GROUP, "s", OWNER, &[(millis, "a"), (millis, "b")])
}

/// Returns the event of a message that announces the object.
fn message() -> String {
    json!({"Records": [{
        "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
        "body": s3_event(&[ALB_KEY]),
        "attributes": {"SentTimestamp": "1772601000000"},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:logs",
    }]})
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_loki_moves_a_metric_and_its_alarm() {
    const TRIED: &[&str] = &["retries", "failed"];
    const REJECTED: &[&str] = &["rejected", "failed"];
    const ERRORS: &[&str] = &["errors"];
    const REFUSALS: &[&str] = &["errors", "rejected"];
    let mut bench = Bench::new(&[]).await;
    let well = bench.deliver(aged(1)).await;
    assert_eq!((well.0, well.1), (vec![], vec![]));

    let status = Answer::status;
    for (what, answer, moved, alarms) in [
        ("a reset", Answer::reset(), TRIED, ERRORS),
        (
            "a reset after the body",
            Answer::reset_after_body(),
            TRIED,
            ERRORS,
        ),
        ("a lost answer", Answer::lost(), TRIED, ERRORS),
        ("garbage", Answer::garbage(), TRIED, ERRORS),
        ("no answer", Answer::hang(), TRIED, ERRORS),
        ("500", status(500), TRIED, ERRORS),
        ("503", status(503), TRIED, ERRORS),
        ("429", status(429), &["retries", "throttled", "failed"], ERRORS),
        ("a redirect", status(302), REJECTED, REFUSALS),
        ("wrong credentials", status(401), REJECTED, REFUSALS),
        ("a wrong path", status(404), REJECTED, REFUSALS),
        ("blocked ingestion", status(260), REJECTED, REFUSALS),
        (
            "entries that are too large, also in halves",
            status(413),
            &["retries", "rejected", "failed"],
            REFUSALS,
        ),
        (
            "invalid entries",
            status(400).body("max entry size exceeded"),
            REJECTED,
            REFUSALS,
        ),
        (
            "old entries",
            status(400).body("entry too far behind"),
            &["too_far_behind", "failed"],
            ERRORS,
        ),
    ] {
        bench.receiver.answer_always(answer);
        let found = bench.deliver(aged(1)).await;
        assert_eq!((&*found.0, &*found.1), (moved, alarms), "{what}: {}", found.2);
        bench.receiver.answer_as_usual();
    }
    bench.receiver.refuse_connections().await;
    bench.receiver.close_connections().await;
    let found = bench.deliver(aged(1)).await;
    assert_eq!((&*found.0, &*found.1), (TRIED, ERRORS), "Loki is down");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_s3_and_of_events_moves_a_metric_and_its_alarm() {
    let mut bench = Bench::new(&[]).await;
    for (what, answer) in [
        ("access denied", S3Answer::access_denied()),
        ("slow down", S3Answer::slow_down()),
        ("a missing object", S3Answer::error(404, "NoSuchKey", "none")),
        (
            "an error of S3",
            S3Answer::error(500, "InternalError", "try again"),
        ),
        ("a broken connection", S3Answer::reset()),
    ] {
        bench.s3.answer_always(answer);
        let (moved, alarms, document) = bench.deliver(s3_event(&[ALB_KEY])).await;
        assert_eq!(
            (&*moved, &*alarms),
            (&["failed"][..], &["errors"][..]),
            "{what}: {document}"
        );
        bench.s3.answer_as_usual();
    }
    bench
        .s3
        .put(BUCKET, ALB_KEY, Object::new(&b"\x1f\x8b\x08broken"[..]));
    for (what, event) in [
        ("a corrupt object", s3_event(&[ALB_KEY])),
        ("an unknown event", r#"{"neither": "nor"}"#.to_owned()),
    ] {
        let (moved, alarms, document) = bench.deliver(event).await;
        assert_eq!(
            (&*moved, &*alarms),
            (&["failed"][..], &["errors"][..]),
            "{what}: {document}"
        );
    }
}

/// Where the outcome is not an error, other metrics tell.
#[tokio::test(flavor = "multi_thread")]
async fn faults_without_an_error_move_the_metric_of_another_alarm() {
    let mut late = Bench::new(&[]).await;
    let (moved, alarms, document) = late.deliver(aged(1_000)).await;
    assert_eq!((&*moved, &*alarms), (&[][..], &["lag"][..]), "{document}");

    let mut dropping = Bench::new(&[("ON_REJECT", "drop")]).await;
    dropping
        .receiver
        .answer_always(Answer::status(400).body("max entry size exceeded"));
    let (moved, alarms, document) = dropping.deliver(aged(1)).await;
    assert_eq!(
        (&*moved, &*alarms),
        (&["rejected"][..], &["rejected"][..]),
        "{document}"
    );

    let mut reporting = Bench::new(&[("REPORT_BATCH_ITEM_FAILURES", "true")]).await;
    reporting.s3.answer_always(S3Answer::access_denied());
    let (moved, alarms, document) = reporting.deliver(message()).await;
    assert_eq!(
        (&*moved, &*alarms),
        (&["failed"][..], &["main-queue-age"][..]),
        "{document}"
    );

    let mut slow = Bench::new(&[("MAX_RETRIES", "0"), ("TIMEOUT", "10s")]).await;
    slow.receiver.answer_always(Answer::hang());
    let (moved, alarms, document) = slow.deliver(aged(1)).await;
    assert_eq!(
        (&*moved, &*alarms),
        (&["failed"][..], &["errors", "duration"][..]),
        "{document}"
    );
    assert!(document["ms_left"].as_u64().unwrap() < 300, "{document}");
}

/// The alarms of these tests have the metric, dimensions and threshold that the tests assume, in both deployments.
#[tokio::test]
async fn alarms_of_the_deployments_watch_these_metrics() {
    let mut bench = Bench::new(&[]).await;
    let (_, _, document) = bench.deliver(aged(1)).await;
    let directive = &document["_aws"]["CloudWatchMetrics"][0];
    let (namespace, function) = (&directive["Namespace"], &document["function"]);
    assert_eq!(
        (namespace, function),
        (&json!("lambda-promtail"), &json!(FUNCTION_NAME))
    );
    assert_eq!(directive["Dimensions"], json!([["function", "source"]]));

    let [terraform, template] = [
        "deploy/terraform/monitoring.tf",
        "deploy/cloudformation/template.yaml",
    ]
    .map(|file| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)).unwrap());
    let between = |text: &str, start: &str, end: &str| {
        let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start:?}"));
        rest.split(end).next().unwrap().to_owned()
    };
    let of_template = |name: &str| {
        between(
            &template,
            &format!("AlarmName: !Sub ${{AWS::StackName}}-{name}\n"),
            "\n\n",
        )
    };

    // Of Lambda and SQS.
    for (name, metric) in [("errors", "Errors"), ("duration", "Duration")] {
        let defined = between(&terraform, &format!("\n      {name} = {{"), "}");
        assert!(defined.contains(&format!("metric  = \"{metric}\"")), "{defined}");
        let defined = of_template(name);
        assert!(defined.contains(&format!("MetricName: {metric}\n")), "{defined}");
        assert!(
            defined.contains("Dimensions: [{Name: FunctionName, Value: !Ref Function}]"),
            "{defined}"
        );
    }
    let of_functions = between(
        &terraform,
        "resource \"aws_cloudwatch_metric_alarm\" \"function\"",
        "\n}",
    );
    assert!(of_functions.contains("{ FunctionName = aws_lambda_function.this.function_name }"));
    let of_queues = between(
        &terraform,
        "\"aws_cloudwatch_metric_alarm\" \"oldest_message\"",
        "\n}",
    );
    assert!(
        of_queues.contains("\"ApproximateAgeOfOldestMessage\""),
        "{of_queues}"
    );
    assert!(of_template("main-queue-age").contains("MetricName: ApproximateAgeOfOldestMessage\n"));

    // Of the function: the names and the order of the dimensions are those of the documents.
    let own = between(
        &terraform,
        "resource \"aws_cloudwatch_metric_alarm\" \"own\"",
        "\n}",
    );
    assert!(own.contains(r#""SELECT MAX(${each.key}) FROM SCHEMA(\"${local.metrics_namespace}\", \"function\", source) WHERE \"function\" = '${var.name}'""#));
    let metrics = directive["Metrics"].as_array().unwrap();
    for (name, maximum) in [("lag", "var.alarm_maximum_age_in_seconds"), ("rejected", "= 0,")] {
        assert!(metrics.iter().any(|metric| metric["Name"] == name), "{name}");
        let defined = between(&terraform, &format!("\n    {name} = {{"), "}");
        assert!(defined.contains(maximum), "{defined}");
        let query = format!(
            r#"SELECT MAX({name}) FROM SCHEMA("${{Namespace}}", "function", source) WHERE "function" = '${{Function}}'"#
        );
        assert!(of_template(name).contains(&query), "{}", of_template(name));
    }
}
