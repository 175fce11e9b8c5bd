//! Kinesis records through the real binary.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::kinesis::{ARN, delivery, record};
use support::{OWNER, pushing_to};
use testkit::events::gzip;
use testkit::receiver::Receiver;

#[tokio::test]
async fn records_of_every_kind_arrive_and_a_broken_one_fails_alone() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let records = [
        record("1", &gzip(delivery("g1", "zipped").as_bytes())),
        record(
            "2",
            (delivery("g2", "plain") + &delivery("g3", "next to it")).as_bytes(),
        ),
        record("3", b"\x1f\x8bbroken"),
        record("4", b"a line\r\nanother\xff"),
    ];
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    let error = &invocation.error().error_message;
    assert!(
        error.starts_with("1 of 4 items not delivered: Kinesis record 3: "),
        "{error}"
    );

    let arn = format!(r#"__aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis""#);
    let group =
        |name: &str| format!(r#"{{__aws_cloudwatch_log_group="{name}", __aws_cloudwatch_owner="1", {arn}}}"#);
    let arrival = 1_772_600_767_125_000_000;
    let mut expected = vec![
        (group("g1"), 5_000_000, "zipped".to_owned()),
        (group("g2"), 5_000_000, "plain".to_owned()),
        (group("g3"), 5_000_000, "next to it".to_owned()),
        (format!("{{{arn}}}"), arrival, "a line".to_owned()),
        (format!("{{{arn}}}"), arrival + 1, "another\u{fffd}".to_owned()),
    ];
    let mut arrived: Vec<(String, i128, String)> = receiver
        .accepted()
        .into_iter()
        .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
        .collect();
    expected.sort();
    arrived.sort();
    assert_eq!(arrived, expected);
}

#[tokio::test]
async fn the_functions_own_log_group_is_guarded_here_too() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let own = delivery(&format!("/aws/lambda/{}", testkit::lambda::FUNCTION_NAME), "a");
    let own = own.replace(r#""owner":"1""#, &format!(r#""owner":"{OWNER}""#));
    let invocation = lambda
        .invoke(json!({"Records": [record("1", own.as_bytes())]}).to_string())
        .await;
    assert_eq!(invocation.response()["dropped"]["own_log_group"], 1);
    assert_eq!(receiver.requests(), 0);
}

/// What arrives of records with these data, sorted.
async fn lines_of(data: &[&[u8]]) -> Vec<String> {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let records: Vec<Value> = data
        .iter()
        .enumerate()
        .map(|(index, data)| record(&index.to_string(), data))
        .collect();
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    let mut lines: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
    lines.sort();
    assert_eq!(invocation.response()["entries"], lines.len());
    lines
}

/// It was taken for a delivery without log events, and counted nowhere.
#[tokio::test]
async fn json_that_only_names_a_type_of_message_is_text() {
    let text = r#"{"messageType":"DATA_MESSAGE"}"#;
    assert_eq!(lines_of(&[text.as_bytes()]).await, [text]);
    let (control, beside) = (r#"{"messageType":"CONTROL_MESSAGE","command":"stop"}"#, "a line");
    assert_eq!(
        lines_of(&[&gzip(control.as_bytes()), beside.as_bytes()]).await,
        [beside, control]
    );
}

#[tokio::test]
async fn json_with_one_member_of_a_delivery_is_text() {
    for text in [
        r#"{"messageType":"DATA_MESSAGE","logGroup":"g"}"#,
        r#"{"messageType":"DATA_MESSAGE","logEvents":[{"id":"e","timestamp":5,"message":"a"}]}"#,
    ] {
        assert_eq!(lines_of(&[text.as_bytes()]).await, [text]);
    }
}

#[tokio::test]
async fn a_delivery_and_a_control_message_stay_what_they_are() {
    let control = r#"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":5,"message":"CWL CONTROL MESSAGE"}]}"#;
    let data = delivery("g", "a message");
    assert_eq!(
        lines_of(&[&gzip(control.as_bytes()), &gzip(data.as_bytes())]).await,
        ["a message"]
    );
}
