//! A Loki that does not accept every push at the first attempt.

use std::time::Duration;

use testkit::receiver::{Answer, Receiver};

use crate::support;
use crate::support::{LABELS, event, pushing_to};

#[tokio::test]
async fn two_errors_and_a_success_are_one_delivery_with_dskits_waits() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::status(500), Answer::status(500).body("try later")]);
    let mut lambda = pushing_to(&receiver).start().await;
    let invocation = lambda.invoke(event(&["a", "b"])).await;
    assert_eq!(invocation.response()["retries"], 2);
    assert_eq!(invocation.response()["entries"], 2);
    assert_eq!(receiver.accepted_count(), 2);

    let pushes = receiver.pushes();
    let waits: Vec<Duration> = pushes.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    for (wait, low) in waits.iter().zip([100, 200]) {
        // The backoff's range, plus what a busy machine needs to respond and to wake up. (The exact backoff is tested
        // in loki-client, with a paused clock.)
        let window = Duration::from_millis(low)..Duration::from_millis(2 * low + 400);
        assert!(window.contains(wait), "{wait:?} is not in {window:?}");
    }
    assert_eq!(
        pushes[0].streams, pushes[2].streams,
        "the same push is sent again"
    );
}

#[tokio::test]
async fn a_refusal_fails_the_invocation_with_lokis_words() {
    let receiver = Receiver::start().await;
    let text = "entry for stream '{a=\"b\"}' has timestamp too old: 2023-11-14T22:13:20Z\n";
    receiver.answer_always(Answer::status(400).body(text));
    let mut lambda = pushing_to(&receiver).start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let error = invocation.error();
    assert_eq!(error.error_type, "NotDelivered");
    assert_eq!(
        error.error_message,
        format!(
            "1 of 1 items not delivered: log group /aws/lambda/checkout: push of one entry ({LABELS} at \
             1700000000123000000, 18 bytes) refused by Loki after 1 attempt(s): status 400 (Bad Request): {}",
            text.trim_end()
        )
    );
    assert_eq!(receiver.requests(), 1);
    assert!(
        invocation
            .logs
            .iter()
            .any(|line| line.contains("ERROR") && line.contains("timestamp too old"))
    );
}

#[tokio::test]
async fn of_lokis_words_the_first_1024_bytes_are_kept() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::status(400).body("x".repeat(100_000)));
    let mut lambda = pushing_to(&receiver).start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let message = &invocation.error().error_message;
    assert_eq!(message.matches('x').count(), 1024, "{message}");
}

#[tokio::test]
async fn a_refused_batch_does_not_stop_the_others() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::status(204), Answer::status(400).body("no")]);
    let mut lambda = pushing_to(&receiver).env("BATCH_SIZE", "1").start().await;
    let invocation = lambda.invoke(event(&["a", "b", "c"])).await;
    invocation.error();
    let arrived: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
    assert_eq!(arrived, ["a", "c"]);
    assert!(
        invocation
            .logs
            .iter()
            .any(|line| line.contains("rejected=1") && line.contains("entries=2"))
    );
}

/// Upstream treats any 2xx as success, and Loki can respond with one when it blocks ingestion.
#[tokio::test]
async fn blocked_ingestion_is_not_a_success() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::status(260).body("ingestion blocked for user blue"));
    let mut lambda = pushing_to(&receiver).start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    assert!(
        invocation
            .error()
            .error_message
            .contains("status 260: ingestion blocked")
    );
}

/// Go's client would follow the redirect with a GET, whose success says nothing about the push.
#[tokio::test]
async fn a_redirect_that_drops_the_body_is_a_refusal_that_names_the_location() {
    for status in [301, 302, 303] {
        let receiver = Receiver::start().await;
        receiver.answer_next([Answer::status(status).header("Location", "https://sso.example.com/login")]);
        let mut lambda = pushing_to(&receiver).start().await;
        let invocation = lambda.invoke(event(&["a"])).await;
        let message = &invocation.error().error_message;
        assert!(
            message.contains("Location: https://sso.example.com/login"),
            "{message}"
        );
        assert_eq!(receiver.requests(), 1);
    }
}

#[tokio::test]
async fn a_redirect_that_keeps_the_body_is_followed_without_credentials() {
    for status in [307, 308] {
        let (first, second) = (Receiver::start().await, Receiver::start().await);
        first.answer_always(Answer::status(status).header("Location", &second.url()));
        let mut lambda = pushing_to(&first)
            .env("TENANT_ID", "blue")
            .env("BEARER_TOKEN", "t0ken")
            .start()
            .await;
        lambda.invoke(event(&["a"])).await.response();
        assert_eq!(first.pushes()[0].headers["authorization"], "Bearer t0ken");
        let push = &second.pushes()[0];
        assert_eq!(
            (push.tenant.as_deref(), push.entries().count()),
            (Some("blue"), 1)
        );
        assert!(!push.headers.contains_key("authorization"), "{:?}", push.headers);
    }
}

#[tokio::test]
async fn redirects_have_an_end() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::status(307).header("Location", &receiver.url()));
    let mut lambda = pushing_to(&receiver).env("MAX_RETRIES", "1").start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    assert!(
        invocation.error().error_message.contains("redirects"),
        "{:?}",
        invocation.error()
    );
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_waited_for_no_longer_than_the_timeout() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::hang(), Answer::reset(), Answer::reset_after_body()]);
    let mut lambda = pushing_to(&receiver).env("TIMEOUT", "300ms").start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    invocation.response();
    assert_eq!(receiver.accepted_count(), 1);
    assert!(
        invocation
            .logs
            .iter()
            .any(|line| line.contains("no answer within 300ms")),
        "{:#?}",
        invocation.logs
    );
}

#[tokio::test]
async fn a_refused_connection_is_an_error_that_says_so() {
    let receiver = Receiver::start().await;
    let url = receiver.url().replace("/loki/", "/hunter2/");
    drop(receiver);
    let mut lambda = support::function()
        .env("WRITE_ADDRESS", url.replace("http://", "http://me:hunter2@"))
        .env("MAX_RETRIES", "2")
        .start()
        .await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let message = &invocation.error().error_message;
    assert!(
        message.contains("after 2 attempt(s)") && message.contains("refused"),
        "{message}"
    );
    let log = invocation.logs.join("\n");
    assert!(!message.contains("hunter2") && !log.contains("hunter2"), "{log}");
}
