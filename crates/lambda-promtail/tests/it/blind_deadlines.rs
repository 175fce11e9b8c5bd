//! The deadline is noticed even if reading never has to wait.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::lambda::{LambdaBuilder, Outcome};
use testkit::receiver::Receiver;
use testkit::s3::S3;

use crate::support::kinesis::{delivery, record};
use crate::support::{ALB_KEY, BUCKET, alb_line, pushing_to, reading_from, s3_event};

/// The size of an object that no machine reads within the timeout, in bytes.
const MANY: usize = 400 << 20;

fn message(id: &str, key: &str) -> Value {
    json!({"messageId": id, "eventSource": "aws:sqs", "body": s3_event(&[key])})
}

/// Delivers a good object and then an endless one, and checks that the first is delivered and the second reported.
async fn reports_the_endless_object(
    endless: Vec<u8>,
    good: String,
    lines: usize,
    set_up: impl FnOnce(LambdaBuilder) -> LambdaBuilder,
) {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let second = ALB_KEY.replace("2et2e1mx", "second");
    s3.put(BUCKET, ALB_KEY, good);
    s3.put(BUCKET, &second, endless);
    let function = set_up(pushing_to(&receiver)).env("REPORT_BATCH_ITEM_FAILURES", "true");
    let mut lambda = reading_from(&s3, function)
        .timeout(Duration::from_millis(2_500))
        .start()
        .await;
    let event = json!({"Records": [message("good", ALB_KEY), message("endless", &second)]});
    let invocation = lambda.invoke(event.to_string()).await;
    let Outcome::Response(reply) = &invocation.outcome else {
        unreachable!("{:?}", invocation.outcome)
    };
    assert_eq!(
        *reply,
        json!({"batchItemFailures": [{"itemIdentifier": "endless"}]})
    );
    assert_eq!(receiver.distinct_count(), lines);
}

#[tokio::test]
async fn empty_lines_without_end_are_reported_on_one_core() {
    let good = alb_line(1, "200");
    reports_the_endless_object(gzip(&vec![b'\n'; MANY]), good, 1, |function| function).await;
}

#[tokio::test]
async fn empty_lines_without_end_are_reported_on_two_cores() {
    let good = alb_line(1, "200");
    let two_cores = |function: LambdaBuilder| function.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "2048");
    reports_the_endless_object(gzip(&vec![b'\n'; MANY]), good, 1, two_cores).await;
}

#[tokio::test]
async fn a_stage_that_drops_everything_is_stopped_at_the_deadline() {
    let lines = alb_line(2, "404") + "\n";
    let endless = gzip(lines.repeat(MANY / lines.len()).as_bytes());
    let stages = r#"[{"drop":{"expression":" 404 "}}]"#;
    let set_up = |function: LambdaBuilder| {
        let function = function.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "2048");
        function.env("LOKI_STAGE_CONFIGS", stages)
    };
    reports_the_endless_object(endless, alb_line(1, "200"), 1, set_up).await;
}

/// The rules drop each log event of the second delivery by itself, because each has an account, and so a stream, of its
/// own. Reading them never waits for a push. The delivery is parsed within the timeout, also on a busy machine, and
/// going through its log events takes several times as long.
#[tokio::test]
async fn relabelling_that_drops_every_log_event_is_stopped_at_the_deadline() {
    const LOG_EVENTS: usize = 250_000;
    let mut many = r#"{"messageType":"DATA_MESSAGE","logGroup":"dropped","logEvents":["#.to_owned();
    for account in 0..LOG_EVENTS {
        write!(
            many,
            r#"{{"timestamp":5,"extractedFields":{{"@aws.account":"{account}"}}}},"#
        )
        .unwrap();
    }
    many.pop();
    many += "]}";
    let mut rules: Vec<Value> = (0..20)
        .map(|label| json!({"source_labels": ["__aws_cloudwatch_account"], "target_label": format!("l{label}")}))
        .collect();
    let group = json!(["__aws_cloudwatch_log_group"]);
    rules.push(json!({"action": "drop", "source_labels": group, "regex": "dropped"}));

    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env("REPORT_BATCH_ITEM_FAILURES", "true")
        .env("RELABEL_CONFIGS", json!(rules).to_string())
        .timeout(Duration::from_secs(8))
        .start()
        .await;
    let records = [
        record("1", &gzip(delivery("kept", "a line").as_bytes())),
        record("2", &gzip(many.as_bytes())),
    ];
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    let Outcome::Response(reply) = &invocation.outcome else {
        unreachable!("{:?}", invocation.outcome)
    };
    assert_eq!(*reply, json!({"batchItemFailures": [{"itemIdentifier": "2"}]}));
    let logs = lambda.logs().join("\n");
    assert!(
        logs.contains("the deadline came before it was read to its end"),
        "{logs}"
    );
    assert_eq!(receiver.accepted_count(), 1);
}
