//! Text from outside in the function's own log: one record is one line, whatever it contains.

use serde_json::{Value, json};
use testkit::events::cloudwatch_event;
use testkit::lambda::{Invocation, LambdaBuilder, Outcome};
use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;

use crate::support;
use crate::support::{BUCKET, OWNER, event, function, pushing_to, reading_from, s3_event};

/// A text with line breaks and with escape sequences that a terminal would obey.
const FORGED: &str =
    "x\nERROR FORGED\r\nREPORT FORGED\u{2028}FORGED\u{85}FORGED\u{1b}[2K\u{9b}2K\u{7f}\u{202e}\u{0}y";

/// Returns whether the character must not be in a log line.
fn is_raw(character: char) -> bool {
    character.is_control() || "\u{2028}\u{2029}\u{202e}".contains(character)
}

#[track_caller]
fn assert_no_line_is_forged(lines: &[String]) {
    for line in lines {
        let begins = ["ERROR ", " WARN ", " INFO ", "DEBUG "]
            .iter()
            .any(|level| line.starts_with(level));
        assert!(
            begins && !line.starts_with("ERROR FORGED"),
            "{line:?} of {lines:#?}"
        );
        assert!(!line.contains(is_raw), "{line:?}");
    }
}

/// Returns events with text from outside that is written to the log.
fn events() -> Vec<(&'static str, String)> {
    let message = |id: &str, body: &str| {
        json!({"Records": [{"messageId": id, "eventSource": "aws:sqs", "eventSourceARN": format!("arn:aws:sqs:eu-west-1:1:{FORGED}"), "body": body}]})
            .to_string()
    };
    vec![
        ("a key of no known type", s3_event(&[FORGED])),
        ("the key of an object that is missing", s3_event(&[&format!("{}{FORGED}", support::ALB_KEY)])),
        ("a bucket", s3_event(&[support::ALB_KEY]).replace(BUCKET, &json!(FORGED).to_string().replace('"', ""))),
        ("a message id", message(FORGED, "no event")),
        ("members of a message", message("m-1", &json!({ FORGED: FORGED }).to_string())),
        ("an event of an unknown source", json!({"Records": [{ FORGED: 1 }]}).to_string()),
        ("an unknown event", json!({ FORGED: 1 }).to_string()),
        ("an EventBridge event", json!({"version": "0", "id": FORGED, "detail-type": FORGED, "source": FORGED, "time": FORGED, "region": "r", "detail": {}}).to_string()),
        ("a log group", cloudwatch_event(FORGED, FORGED, OWNER, &[(1_700_000_000_123, FORGED)])),
    ]
}

async fn stage(variables: &[(&str, &str)]) -> (Receiver, S3, LambdaBuilder) {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    receiver.answer_always(Answer::status(400).body(format!("entry for stream {FORGED}")));
    let function = reading_from(&s3, pushing_to(&receiver).envs(variables.iter().copied()));
    (receiver, s3, function)
}

#[tokio::test]
async fn in_text_no_line_begins_but_those_of_the_function() {
    let (_receiver, _s3, function) = stage(&[("LOG_LEVEL", "debug"), ("PRINT_LOG_LINE", "true")]).await;
    let mut lambda = function.start().await;
    for (what, event) in events() {
        let Invocation { outcome, logs, .. } = lambda.invoke(event).await;
        let Outcome::Error(error) = outcome else {
            panic!("{what}: {outcome:?}");
        };
        assert!(
            logs.iter().any(|line| line.contains("FORGED")),
            "{what}: {logs:#?}"
        );
        assert_no_line_is_forged(&logs);
        assert!(!error.error_message.contains(is_raw), "{what}: {error:?}");
    }
}

#[tokio::test]
async fn items_reported_to_aws_are_logged_in_one_line_each() {
    let (receiver, _s3, function) = stage(&[("REPORT_BATCH_ITEM_FAILURES", "true")]).await;
    let mut lambda = function.start().await;
    let record = |id: &str, body: String| json!({"messageId": id, "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-1:1:q", "body": body});
    let event =
        json!({"Records": [record(FORGED, s3_event(&[FORGED])), record("m-2", "no event".to_owned())]});
    let invocation = lambda.invoke(event.to_string()).await;
    // The id is AWS's own, and is returned unchanged.
    let failures = &invocation.response()["batchItemFailures"];
    assert_eq!(failures[0]["itemIdentifier"], FORGED);
    assert_no_line_is_forged(&invocation.logs);
    // Loki's response is text from outside too, also where the push is retried.
    receiver.answer_next([Answer::status(503).body(FORGED)]);
    let invocation = lambda.invoke(support::event(&["a"])).await;
    let retried = invocation
        .logs
        .iter()
        .any(|line| line.starts_with(" WARN ") && line.contains("FORGED"));
    assert!(retried, "{:#?}", invocation.logs);
    assert_no_line_is_forged(&invocation.logs);
}

#[tokio::test]
async fn in_json_each_line_is_a_document() {
    let (_receiver, _s3, function) =
        stage(&[("AWS_LAMBDA_LOG_FORMAT", "JSON"), ("PRINT_LOG_LINE", "true")]).await;
    let mut lambda = function.start().await;
    for (what, event) in events() {
        let logs = lambda.invoke(event).await.logs;
        let mut seen = false;
        for line in &logs {
            let record: Value =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{what}: {error}: {line}"));
            assert!(!line.contains(is_raw), "{line:?}");
            // After decoding, the text is unchanged.
            seen |= record.to_string().contains("FORGED");
        }
        assert!(seen, "{what}: {logs:#?}");
    }
    let lines = lambda.invoke(event(&[FORGED])).await.logs;
    let records: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        records.iter().any(|record| record["message"] == FORGED),
        "{records:?}"
    );
}

#[tokio::test]
async fn an_init_error_lists_its_problems_and_nothing_else() {
    // An environment variable cannot contain a NUL.
    let forged = FORGED.replace('\0', "");
    let function = function()
        .env("WRITE_ADDRESS", format!("loki{forged}:3100"))
        .env("TLS_CA_CERT", format!("/tmp/{forged}"))
        .env("RELABEL_CONFIGS", json!([{ "action": forged }]).to_string())
        .env("LOKI_STAGE_CONFIGS", json!([{ forged: {} }]).to_string())
        .env("BATCH_SIZE", "much");
    let mut lambda = function.start().await;
    let Invocation { outcome, logs, .. } = lambda.invoke(event(&["a"])).await;
    let Outcome::InitError(error, _) = outcome else {
        panic!("{outcome:?}");
    };
    let expected = [
        "WRITE_ADDRESS: ",
        "RELABEL_CONFIGS",
        "LOKI_STAGE_CONFIGS",
        "BATCH_SIZE: ",
        "TLS_CA_CERT: ",
    ];
    for lines in [error.error_message.lines().map(str::to_owned).collect(), logs] {
        assert_eq!(lines.len(), 1 + expected.len(), "{lines:#?}");
        assert!(lines[0].ends_with("5 problems in the environment"), "{lines:#?}");
        for (line, expected) in lines[1..].iter().zip(expected) {
            assert!(line.starts_with(&format!("  {expected}")), "{lines:#?}");
            assert!(!line.contains(is_raw), "{lines:#?}");
        }
    }
}
