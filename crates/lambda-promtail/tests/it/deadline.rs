//! The deadline of an invocation.

use std::time::{Duration, Instant};

use serde_json::json;
use testkit::lambda::{Invocation, Outcome};
use testkit::receiver::{Answer, Receiver};
use testkit::s3::{self, S3};

use crate::support::{ALB_KEY, BUCKET, alb_line, event, pushing_to, reading_from, s3_event};

/// Returns the duration of an invocation in milliseconds.
fn ms(invocation: &Invocation) -> u128 {
    invocation.elapsed.as_millis()
}

/// Upstream does not know the deadline: Lambda kills it while it waits, and it logs nothing.
#[tokio::test]
async fn a_loki_that_never_has_time_is_reported_before_the_deadline() {
    for tries in ["10", "0"] {
        let receiver = Receiver::start().await;
        receiver.answer_always(Answer::status(429).body("ingestion rate limit exceeded\n"));
        let function = pushing_to(&receiver).env("MAX_RETRIES", tries);
        let mut lambda = function.timeout(Duration::from_secs(10)).start().await;
        let invocation = lambda.invoke(event(&["a", "b"])).await;
        let message = &invocation.error().error_message;
        assert!((7_000..9_500).contains(&ms(&invocation)), "{}", ms(&invocation));
        let attempts = receiver.requests();
        assert!(
            message.contains(&format!("{attempts} attempt(s) in "))
                && message.contains("status 429 (Too Many Requests): ingestion rate limit exceeded"),
            "{message}"
        );
        assert!(
            invocation.logs.iter().any(|line| line.contains("failed=2")),
            "{:#?}",
            invocation.logs
        );
    }
}

#[tokio::test]
async fn a_loki_that_says_when_to_come_again_is_asked_then() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::status(429).header("Retry-After", "2")]);
    let mut lambda = pushing_to(&receiver).start().await;
    lambda.invoke(event(&["a"])).await.response();
    let pushes = receiver.pushes();
    let wait = pushes[1].at - pushes[0].at;
    assert!((2_000..2_500).contains(&wait.as_millis()), "{wait:?}");
}

#[tokio::test]
async fn a_date_to_come_again_at_is_held_against_the_servers_own_clock() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::status(503)
        .header("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("Retry-After", "Sun, 06 Nov 1994 08:49:38 GMT")]);
    let mut lambda = pushing_to(&receiver).start().await;
    lambda.invoke(event(&["a"])).await.response();
    let pushes = receiver.pushes();
    let wait = pushes[1].at - pushes[0].at;
    assert!((1_000..1_500).contains(&wait.as_millis()), "{wait:?}");
}

#[tokio::test]
async fn the_margin_is_never_more_than_a_quarter_of_the_time() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::hang());
    for (margin, timeout, expected) in [("2s", 2_000, 1_500), ("200ms", 2_000, 1_800), ("0s", 800, 800)] {
        let function = pushing_to(&receiver).env("DEADLINE_MARGIN", margin);
        let mut lambda = function.timeout(Duration::from_millis(timeout)).start().await;
        let invocation = lambda.invoke(event(&["a"])).await;
        if margin == "0s" {
            // With no margin the function may be killed before it has reported.
            continue;
        }
        invocation.error();
        let ended = ms(&invocation);
        assert!(
            (expected - 50..expected + 250).contains(&ended),
            "{margin}: {ended}"
        );
    }
}

#[tokio::test]
async fn what_could_be_delivered_is_and_the_rest_is_reported() {
    let receiver = Receiver::start().await;
    receiver.answer_with(|push, _| match push.entries().next().unwrap().line.as_str() {
        "b" => Answer::hang(),
        _ => Answer::status(204),
    });
    let function = pushing_to(&receiver).env("BATCH_SIZE", "1");
    let mut lambda = function.timeout(Duration::from_secs(2)).start().await;
    let invocation = lambda.invoke(event(&["a", "b", "c", "d"])).await;
    invocation.error();
    let mut arrived: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
    arrived.sort();
    assert_eq!(arrived, ["a", "c", "d"]);
    let summary = invocation.logs.iter().find(|line| line.contains("ms_left"));
    assert!(
        summary.is_some_and(|line| line.contains("entries=3") && line.contains("failed=1")),
        "{:#?}",
        invocation.logs
    );
}

/// One object is not read to its end at the deadline, and another one, which is requested ahead, is not begun.
#[tokio::test]
async fn an_object_that_does_not_come_in_time_is_reported() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let second = ALB_KEY.replace("2et2e1mx", "second");
    let lines: String = (0..100).map(|number| alb_line(number, "200") + "\n").collect();
    s3.put(BUCKET, ALB_KEY, lines.clone());
    s3.put(BUCKET, &second, lines);
    // Both requests are on their way at once, in any order.
    s3.answer_next([s3::Answer::stall_after(10_000), s3::Answer::stall_after(10_000)]);
    let function = reading_from(&s3, pushing_to(&receiver));
    let mut lambda = function.timeout(Duration::from_secs(2)).start().await;
    let invocation = lambda.invoke(s3_event(&[ALB_KEY, &second])).await;
    let message = &invocation.error().error_message;
    assert!(message.starts_with("2 of 2 items not delivered: "), "{message}");
    assert_eq!(
        message
            .matches("the deadline came before it was read to its end")
            .count(),
        2,
        "{message}"
    );
    assert!(
        receiver.accepted_count() > 10,
        "whole lines that came are delivered"
    );
}

/// AWS never sends an event whose deadline has passed, but the clocks may differ.
#[tokio::test]
async fn an_event_without_any_time_is_reported() {
    let receiver = Receiver::start().await;
    let function = pushing_to(&receiver).env("REPORT_BATCH_ITEM_FAILURES", "true");
    let mut lambda = function.timeout(Duration::from_millis(150)).start().await;
    receiver.answer_always(Answer::status(204).delay(Duration::from_secs(1)));
    let message = json!({"messageId": "m-1", "eventSource": "aws:sqs", "body": s3_event(&[ALB_KEY])});
    let invocation = lambda.invoke(json!({"Records": [message]}).to_string()).await;
    match &invocation.outcome {
        Outcome::Response(value) => assert_eq!(value["batchItemFailures"][0]["itemIdentifier"], "m-1"),
        // On a busy machine the function may not respond within 40 ms and is killed, which AWS counts as an error.
        other => assert_eq!(*other, Outcome::TimedOut),
    }
}

#[tokio::test]
async fn asked_to_end_between_events_it_ends_at_once() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    lambda.invoke(event(&["a"])).await.response();
    let ended = lambda.terminate().await;
    assert!(ended.status.success(), "{ended:?}");
    assert!(ended.after < Duration::from_millis(500), "{ended:?}");
}

#[tokio::test]
async fn asked_to_end_during_an_event_it_reports_what_is_not_delivered() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::status(429).header("Retry-After", "30")]);
    let mut lambda = pushing_to(&receiver).start().await;
    lambda.wait_until_ready().await.unwrap();
    let started = Instant::now();
    let (invocation, ended) = lambda
        .invoke_and_terminate(event(&["a"]), Duration::from_millis(300))
        .await;
    let message = &invocation.error().error_message;
    assert!(
        message.contains("before the deadline") && message.contains("status 429"),
        "{message}"
    );
    assert!(
        ended.status.success() && ended.after < Duration::from_secs(1),
        "{ended:?}"
    );
    assert!(started.elapsed() < Duration::from_secs(3));
}

/// AWS freezes a function between events, and servers and load balancers close its idle connections meanwhile.
#[tokio::test]
async fn a_connection_that_died_while_the_function_was_frozen_costs_no_try() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).env("MAX_RETRIES", "1").start().await;
    for round in 0..5 {
        let line = format!("line {round}");
        lambda.invoke(event(&[&line])).await.response();
        lambda.freeze().await;
        receiver.close_connections().await;
    }
    assert_eq!(receiver.accepted_count(), 5);
}

/// As before, but the server resets the connection only after it has received the push.
#[tokio::test]
async fn a_reset_of_a_connection_kept_open_costs_no_try_once() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).env("MAX_RETRIES", "1").start().await;
    receiver.answer_next([Answer::status(204), Answer::reset_after_body()]);
    lambda.invoke(event(&["a"])).await.response();
    let invocation = lambda.invoke(event(&["b"])).await;
    assert_eq!(invocation.response()["retries"], 1);

    receiver.answer_next([Answer::reset_after_body(), Answer::reset_after_body()]);
    let invocation = lambda.invoke(event(&["c"])).await;
    assert!(
        invocation.error().error_message.contains("after 2 attempt(s)"),
        "{:?}",
        invocation.error()
    );
}
