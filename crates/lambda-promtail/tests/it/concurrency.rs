//! Several events at once, as Lambda Managed Instances send them.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use testkit::lambda::Invocation;
use testkit::receiver::{Answer, Receiver};
use tokio::sync::Barrier;

use crate::support::{event, function, pushing_to};

const EVENTS: usize = 4;

/// Returns events with 1, 2, 3 and 4 lines; each line contains the number of its event.
fn events() -> Vec<String> {
    let lines = |number: usize| vec![format!("line of event {number}"); number];
    let events = (1..=EVENTS).map(|number| {
        let lines = lines(number);
        event(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    });
    events.collect()
}

/// Returns the log lines with this request id, and checks that none has another one too.
fn lines_of<'a>(invocation: &'a Invocation, all: &[Invocation]) -> Vec<&'a str> {
    let lines = invocation.logs.iter().map(String::as_str);
    let lines: Vec<&str> = lines
        .filter(|line| line.contains(&invocation.request_id))
        .collect();
    for other in all
        .iter()
        .filter(|other| other.request_id != invocation.request_id)
    {
        assert!(!lines.iter().any(|line| line.contains(&other.request_id)));
    }
    lines
}

#[tokio::test]
async fn four_events_are_in_flight_at_once_and_each_has_its_own_summary() {
    for (memory_mb, format) in [("128", "Text"), ("2048", "Text"), ("2048", "JSON")] {
        let receiver = Receiver::start().await;
        // The pushes get their response when one of each event has arrived.
        receiver.answer_always(Answer::status(204).at(&Arc::new(Barrier::new(EVENTS))));
        let function = pushing_to(&receiver).concurrency(EVENTS);
        let mut lambda = function
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memory_mb)
            .env("AWS_LAMBDA_LOG_FORMAT", format)
            .start()
            .await;
        for _ in 0..3 {
            let invocations = lambda.invoke_together(events()).await;
            for (number, invocation) in (1..).zip(&invocations) {
                assert_eq!(invocation.response()["entries"], number);
                let lines = lines_of(invocation, &invocations);
                let [summary] = lines[..] else {
                    unreachable!("{:#?}", invocation.logs)
                };
                let (entries, level) = match format {
                    "JSON" => (format!("\"entries\":{number},"), "\"level\":\"INFO\""),
                    _ => (format!(" entries={number} "), "INFO invocation{requestId="),
                };
                assert!(summary.contains(&entries) && summary.contains(level), "{summary}");
            }
        }
        assert_eq!(receiver.most_in_flight(), EVENTS);
        assert_eq!(receiver.accepted_count(), 3 * (1 + 2 + 3 + 4));
    }
}

#[tokio::test]
async fn the_result_of_one_event_does_not_affect_the_others() {
    let receiver = Receiver::start().await;
    let barrier = Arc::new(Barrier::new(EVENTS));
    let first_attempts = Arc::clone(&barrier);
    receiver.answer_with(move |push, before| {
        let line = push.entries().next().unwrap().line;
        let answer = match line.as_str() {
            "line of event 2" => Answer::status(400).body("entry too far behind"),
            "line of event 3" if before < EVENTS => Answer::status(500),
            _ => Answer::status(204),
        };
        if before < EVENTS {
            answer.at(&first_attempts)
        } else {
            answer
        }
    });
    let mut lambda = pushing_to(&receiver).concurrency(EVENTS).start().await;
    let invocations = lambda.invoke_together(events()).await;
    for (number, invocation) in (1..).zip(&invocations) {
        let lines = lines_of(invocation, &invocations);
        let having = |text: &str| lines.iter().filter(|line| line.contains(text)).count();
        match number {
            2 => {
                assert_eq!(invocation.error().error_type, "NotDelivered");
                assert_eq!(having("ERROR"), 2, "the refusal and the summary: {lines:#?}");
            }
            3 => {
                assert_eq!(invocation.response()["retries"], 1);
                assert_eq!((having("WARN"), having("trying again")), (1, 1), "{lines:#?}");
            }
            _ => {
                assert_eq!(invocation.response()["retries"], 0);
                assert_eq!(lines.len(), 1, "{lines:#?}");
            }
        }
    }
}

#[tokio::test]
async fn each_event_has_its_own_deadline() {
    let receiver = Receiver::start().await;
    receiver.answer_with(|push, _| match push.entries().next().unwrap().line.as_str() {
        "line of event 4" => Answer::hang(),
        _ => Answer::status(204),
    });
    let function = pushing_to(&receiver).concurrency(EVENTS);
    let mut lambda = function.timeout(Duration::from_secs(2)).start().await;
    let invocations = lambda.invoke_together(events()).await;
    for invocation in &invocations[..3] {
        invocation.response();
        assert!(invocation.elapsed < Duration::from_secs(1), "{invocation:?}");
    }
    let message = &invocations[3].error().error_message;
    assert!(message.contains("before the deadline"), "{message}");
}

#[tokio::test]
async fn asked_to_end_it_reports_all_that_is_in_flight() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::status(429).header("Retry-After", "30"));
    let mut lambda = pushing_to(&receiver).concurrency(EVENTS).start().await;
    let (invocations, ended) = lambda
        .invoke_together_and_terminate(events(), Duration::from_millis(500))
        .await;
    for invocation in &invocations {
        let message = &invocation.error().error_message;
        assert!(message.contains("before the deadline"), "{message}");
    }
    assert!(
        ended.status.success() && ended.after < Duration::from_secs(1),
        "{ended:?}"
    );
}

#[tokio::test]
async fn asked_to_end_between_events_it_ends_at_once() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).concurrency(EVENTS).start().await;
    lambda.invoke_together(events()).await;
    let ended = lambda.terminate().await;
    assert!(
        ended.status.success() && ended.after < Duration::from_millis(500),
        "{ended:?}"
    );
}

/// The values `1` and those that are not a number mean one event at a time.
#[tokio::test]
async fn one_event_at_a_time_is_the_default() {
    let receiver = Receiver::start().await;
    for concurrency in ["1", "0", "many", ""] {
        let function = pushing_to(&receiver).env("AWS_LAMBDA_MAX_CONCURRENCY", concurrency);
        let mut lambda = function.start().await;
        lambda.invoke(event(&["a"])).await.response();
    }
    assert_eq!(receiver.accepted_count(), 4);
}

/// In JSON logs every line has the request id in the same member as AWS's own lines, also lines of libraries.
#[tokio::test]
async fn every_json_line_of_an_invocation_has_its_request_id_at_the_top() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::status(500), Answer::status(400).body("no")]);
    let mut lambda = pushing_to(&receiver)
        .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
        .env("LOG_LEVEL", "debug")
        .start()
        .await;
    lambda.wait_until_ready().await.unwrap();
    let before = lambda.logs().len();
    let invocation = lambda.invoke(event(&["a"])).await;
    invocation.error();
    let lines: Vec<Value> = lambda.logs()[before..]
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let messages = ["push failed, trying again", "refused by Loki", "invocation"];
    for message in messages {
        let line = lines.iter().find(|line| {
            line["message"].as_str().unwrap().starts_with(message)
                || line["message"].as_str().unwrap().contains(message)
        });
        assert_eq!(line.unwrap()["requestId"], invocation.request_id, "{lines:#?}");
    }
    assert!(
        lines
            .iter()
            .any(|line| line["attempts"] == 1 && line["wait_ms"].is_u64())
    );
}

/// `lambda_runtime` panics without these variables.
#[tokio::test]
async fn an_environment_that_is_not_lambdas_is_named() {
    for (variable, value, expected) in [
        (
            "AWS_LAMBDA_FUNCTION_NAME",
            "",
            "AWS_LAMBDA_FUNCTION_NAME is not set",
        ),
        (
            "AWS_LAMBDA_FUNCTION_VERSION",
            "",
            "AWS_LAMBDA_FUNCTION_VERSION is not set",
        ),
        (
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "a lot",
            "\"a lot\" is not a number of megabytes",
        ),
        (
            "AWS_LAMBDA_RUNTIME_API",
            "/tmp/socket",
            "should be a host and a port",
        ),
    ] {
        let mut lambda = function()
            .env("WRITE_ADDRESS", "http://127.0.0.1:9/push")
            .env(variable, value)
            .start()
            .await;
        lambda.wait_until_ready().await.unwrap_err();
        let log = lambda.logs().join("\n");
        assert!(log.contains("ERROR") && log.contains(expected), "{log}");
    }
}
