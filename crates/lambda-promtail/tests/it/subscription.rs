//! Events of CloudWatch Logs subscription filters through the real binary.

use serde_json::{Value, json};
use testkit::events;
use testkit::lambda::FUNCTION_NAME;
use testkit::receiver::{Accepted, Receiver};

use crate::support::{GROUP, LABELS, OWNER, event, function, pushing_to};

fn accepted(labels: &str, timestamp_ms: i128, line: &str) -> Accepted {
    Accepted {
        tenant: None,
        labels: labels.to_owned(),
        timestamp_ns: timestamp_ms * 1_000_000,
        line: line.to_owned(),
        metadata: Vec::new(),
    }
}

#[tokio::test]
async fn labels_times_and_lines_arrive_as_they_were_written() {
    let lines = [
        "plain",
        "with\ttab, \"quotes\" and é\n",
        "{\"json\": [1, 2]}",
        " ",
    ];
    for encoding in ["protobuf", "json"] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver).env("PUSH_ENCODING", encoding).start().await;
        let invocation = lambda.invoke(event(&lines)).await;

        let expected: Vec<Accepted> = (1_700_000_000_123..)
            .zip(lines)
            .map(|(millis, line)| accepted(LABELS, millis, line))
            .collect();
        assert_eq!(receiver.accepted(), expected, "{encoding}");
        let summary = invocation.response();
        assert_eq!(summary["source"], "cloudwatch_logs");
        assert_eq!(summary["entries"], 4);
        assert_eq!(
            (&summary["items"], &summary["pushes"], &summary["failed"]),
            (&json!(1), &json!(1), &json!(0))
        );
        let ms_left = summary["ms_left"].as_u64().unwrap();
        assert!((50_000..=60_000).contains(&ms_left), "{ms_left}");
    }
}

#[tokio::test]
async fn delivering_an_event_twice_pushes_the_same_twice() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    for _ in 0..2 {
        lambda.invoke(event(&["a", "b", "a"])).await.response();
    }
    assert_eq!((receiver.accepted_count(), receiver.distinct_count()), (6, 3));
}

#[tokio::test]
async fn a_push_has_user_agent_and_tenant() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).env("TENANT_ID", "blue").start().await;
    lambda.invoke(event(&["a"])).await.response();
    let push = &receiver.pushes()[0];
    assert_eq!(push.tenant.as_deref(), Some("blue"));
    assert_eq!(push.headers["content-type"], "application/x-protobuf");
    assert_eq!(
        push.headers["user-agent"],
        concat!("lambda-promtail/", env!("CARGO_PKG_VERSION"))
    );
    assert!(!push.headers.contains_key("authorization"));
}

#[tokio::test]
async fn credentials_are_sent_as_configured() {
    for (variables, expected) in [
        (
            &[("USERNAME", "me"), ("PASSWORD", "pass:word")][..],
            "Basic bWU6cGFzczp3b3Jk",
        ),
        (&[("BEARER_TOKEN", "t0ken")][..], "Bearer t0ken"),
    ] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver)
            .envs(variables.iter().copied())
            .start()
            .await;
        lambda.invoke(event(&["a"])).await.response();
        assert_eq!(receiver.pushes()[0].headers["authorization"], expected);
    }
}

#[tokio::test]
async fn labels_are_kept_added_and_dropped() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env("KEEP_STREAM", "true")
        .env("EXTRA_LABELS", "team,shop")
        .env("DROP_LABELS", "__aws_cloudwatch_owner")
        .start()
        .await;
    lambda.invoke(event(&["a"])).await.response();
    assert_eq!(
        receiver.accepted()[0].labels,
        r#"{__aws_cloudwatch_log_group="/aws/lambda/checkout", __aws_cloudwatch_log_stream="2026/11/23/[$LATEST]6f1d", __aws_log_type="cloudwatch", __extra_team="shop"}"#
    );
}

#[tokio::test]
async fn batches_stay_below_the_size_and_hold_every_line_once() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env("BATCH_SIZE", "2000")
        // Pushes that are in flight together arrive in any order.
        .env("PUSH_CONCURRENCY", "1")
        .start()
        .await;
    let mut lines: Vec<String> = (0..500)
        .map(|line| format!("line {line} {}", "x".repeat(line % 90)))
        .collect();
    lines[250] = "long ".repeat(1000);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    lambda.invoke(event(&lines)).await.response();

    let pushes = receiver.pushes();
    assert!(pushes.len() > 10);
    for push in &pushes {
        assert!(
            push.decoded_bytes <= 2000 || push.entries().count() == 1,
            "{}",
            push.decoded_bytes
        );
    }
    let arrived: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
    assert_eq!(arrived, lines);
}

/// Upstream pushes an empty request here, which Loki rejects with 422.
#[tokio::test]
async fn nothing_to_send_makes_no_request() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    assert_eq!(
        lambda.invoke(events::control_message()).await.response()["entries"],
        0
    );
    assert_eq!(lambda.invoke(event(&[])).await.response()["entries"], 0);
    let summary = lambda.invoke(event(&["", ""])).await.response().clone();
    assert_eq!(
        summary["dropped"],
        json!({"no_labels": 0, "empty_line": 2, "own_log_group": 0, "relabelled": 0})
    );

    let all = "__aws_log_type,__aws_cloudwatch_log_group,__aws_cloudwatch_owner";
    let mut lambda = pushing_to(&receiver).env("DROP_LABELS", all).start().await;
    assert_eq!(
        lambda.invoke(event(&["a"])).await.response()["dropped"]["no_labels"],
        1
    );
    assert_eq!(receiver.requests(), 0);
}

/// A function that is subscribed to its own log group would ship its own lines in an endless loop.
#[tokio::test]
async fn the_functions_own_log_group_is_guarded() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let own = events::cloudwatch_event(
        &format!("/aws/lambda/{FUNCTION_NAME}"),
        "s",
        OWNER,
        &[(1, "a"), (2, "b")],
    );
    for _ in 0..3 {
        assert_eq!(
            lambda.invoke(own.clone()).await.response()["dropped"]["own_log_group"],
            2
        );
    }
    assert_eq!(receiver.requests(), 0);
    let warnings = lambda
        .logs()
        .iter()
        .filter(|line| line.contains("own log group"))
        .count();
    assert_eq!(warnings, 1, "{:#?}", lambda.logs());
}

/// A new field in S3 events once broke upstream for all users of S3.
#[tokio::test]
async fn unknown_fields_and_missing_ones_do_no_harm() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let payload = json!({
        "messageType": "DATA_MESSAGE", "logGroup": GROUP, "policyLevel": "ACCOUNT_LEVEL_POLICY", "new": {"a": [1]},
        "logEvents": [{"timestamp": 5, "message": "a", "extractedFields": {"level": "info"}}],
    });
    let mut event: Value = serde_json::from_str(&events::cloudwatch_payload(&payload)).unwrap();
    event["new"] = json!([{"a": null}]);
    lambda.invoke(event.to_string()).await.response();
    let labels = r#"{__aws_cloudwatch_log_group="/aws/lambda/checkout", __aws_log_type="cloudwatch"}"#;
    assert_eq!(receiver.accepted(), [accepted(labels, 5, "a")]);
}

#[tokio::test]
async fn a_line_that_cannot_be_read_fails_the_event_and_no_other_line() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let payload = json!({"logGroup": GROUP, "logEvents": [{"id": "e1", "message": "a"}, {"id": "e2", "timestamp": 5, "message": "b"}]});
    let invocation = lambda.invoke(events::cloudwatch_payload(&payload)).await;
    assert_eq!(invocation.error().error_type, "NotDelivered");
    assert_eq!(
        invocation.error().error_message,
        r#"1 of 1 items not delivered: log group /aws/lambda/checkout: log event "e1" of log group "/aws/lambda/checkout" has no timestamp"#
    );
    assert_eq!(receiver.accepted().len(), 1);
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_an_error_and_the_next_one_is_served() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    for (event, kind, expected) in [
        (
            r#"{"secret": "hunter2"}"#,
            "InvalidEvent",
            r#"top-level keys "secret""#,
        ),
        ("[1]", "InvalidEvent", "not a JSON object"),
        (r#"{"awslogs": {"data": "%"}}"#, "InvalidEvent", "not base64"),
        (r#"{"awslogs": {"data": "aGVsbG8="}}"#, "NotDelivered", "not gzip"),
    ] {
        let invocation = lambda.invoke(event).await;
        let error = invocation.error();
        assert_eq!(error.error_type, kind, "{event}");
        assert!(error.error_message.contains(expected), "{event}: {error:?}");
        assert!(!error.error_message.contains("hunter2"));
        assert!(
            invocation.logs.iter().any(|line| line.contains("ERROR")),
            "{:#?}",
            invocation.logs
        );
    }
    lambda.invoke(event(&["a"])).await.response();
    assert_eq!(receiver.accepted_count(), 1);
}

#[tokio::test]
async fn each_invocation_has_one_summary_in_the_log() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
        .start()
        .await;
    let invocation = lambda.invoke(event(&["a", ""])).await;
    let lines: Vec<Value> = invocation
        .logs
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let summaries: Vec<&Value> = lines
        .iter()
        .filter(|line| line["message"] == "invocation")
        .collect();
    let [summary] = summaries[..] else {
        panic!("{lines:#?}")
    };
    assert_eq!(summary["level"], "INFO");
    assert!(summary["timestamp"].is_string());
    assert_eq!(summary["requestId"], invocation.request_id);
    for (field, value) in [
        ("source", json!("cloudwatch_logs")),
        ("items", json!(1)),
        ("entries", json!(1)),
        ("dropped_empty_line", json!(1)),
    ] {
        assert_eq!(summary[field], value, "{field}");
    }
    for field in ["bytes", "pushes", "retries", "rejected", "failed", "ms_left"] {
        assert!(summary[field].is_u64(), "{field}: {summary}");
    }
}

#[tokio::test]
async fn lines_are_logged_only_when_asked_for() {
    let receiver = Receiver::start().await;
    for (print, logged) in [("false", false), ("true", true)] {
        let mut lambda = pushing_to(&receiver).env("PRINT_LOG_LINE", print).start().await;
        let invocation = lambda.invoke(event(&["a line of its own"])).await;
        assert_eq!(
            invocation
                .logs
                .iter()
                .any(|line| line.contains("a line of its own")),
            logged
        );
    }
}

#[tokio::test]
async fn a_thousand_events_arrive_whole_in_flat_memory() {
    let receiver = Receiver::counting().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let mut resident_after_100 = 0;
    for number in 0..1000_i64 {
        let lines: Vec<String> = (0..200)
            .map(|line| format!("event {number} line {line} {}", "payload ".repeat(15)))
            .collect();
        let events: Vec<(i64, &str)> = (1_700_000_000_000 + number * 200..)
            .zip(lines.iter().map(String::as_str))
            .collect();
        let event = events::cloudwatch_event(GROUP, "stream", OWNER, &events);
        assert_eq!(lambda.invoke(event).await.response()["entries"], 200);
        if number == 99 {
            resident_after_100 = lambda.resident_bytes();
        }
    }
    assert_eq!(
        (receiver.accepted_count(), receiver.distinct_count()),
        (200_000, 200_000)
    );
    let grown = lambda.resident_bytes().saturating_sub(resident_after_100);
    assert!(
        grown < 1 << 20,
        "resident memory grew by {grown} bytes from {resident_after_100}"
    );
}

#[tokio::test]
async fn a_process_that_was_frozen_goes_on() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    lambda.invoke(event(&["a"])).await.response();
    lambda.freeze().await;
    receiver.close_connections().await;
    lambda.invoke(event(&["b"])).await.response();
    assert_eq!(receiver.accepted_count(), 2);
}

#[tokio::test]
async fn the_log_can_be_text_at_any_level() {
    let receiver = Receiver::start().await;
    let mut lambda = function()
        .env("WRITE_ADDRESS", receiver.url())
        .env("LOG_LEVEL", "error")
        .start()
        .await;
    let invocation = lambda.invoke(event(&["a"])).await;
    invocation.response();
    assert_eq!(invocation.logs, Vec::<String>::new());
}
