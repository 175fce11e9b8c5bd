//! Entries that must not overtake older ones of their stream, and deliveries with many streams.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::lambda::{Lambda, Outcome};
use testkit::receiver::{Answer, Push, Receiver};
use testkit::s3::S3;

use crate::support::{ALB_KEY, BUCKET, alb_line, pushing_to, reading_from, s3_event};

/// Returns lines of a load balancer from `from` to `to` o'clock, a minute apart.
fn hours(from: usize, to: usize) -> String {
    let line = |minute: usize| {
        let time = format!("T{:02}:{:02}:07", minute / 60, minute % 60);
        alb_line(minute, "200").replace("T05:06:07", &time) + "\n"
    };
    (from * 60..to * 60).map(line).collect()
}

/// Makes the receiver keep Loki's rules, and respond with 500 to pushes that contain `failing` while `fails` is set.
fn fail_while(receiver: &Receiver, failing: &'static str, fails: &Arc<AtomicBool>) {
    answer_while(receiver, failing, fails, Answer::status(500));
}

fn answer_while(receiver: &Receiver, failing: &'static str, fails: &Arc<AtomicBool>, answer: Answer) {
    let fails = Arc::clone(fails);
    receiver.keep_lokis_rules();
    receiver.answer_with(move |push: &Push, _| {
        let is_failing = push.entries().any(|entry| entry.line.contains(failing));
        match is_failing && fails.load(Ordering::Relaxed) {
            true => answer.clone(),
            false => Answer::status(204),
        }
    });
}

async fn start(receiver: &Receiver, s3: &S3) -> Lambda {
    let function = pushing_to(receiver)
        .env("BATCH_SIZE", "6000")
        .env("MAX_RETRIES", "2")
        .env("MIN_BACKOFF", "1ms")
        .env("MAX_BACKOFF", "5ms")
        .env("REPORT_BATCH_ITEM_FAILURES", "true");
    reading_from(s3, function).start().await
}

fn message(id: &str, keys: &[&str]) -> Value {
    json!({"messageId": id, "eventSource": "aws:sqs", "body": s3_event(keys)})
}

fn failed(outcome: &Outcome) -> Vec<String> {
    let Outcome::Response(reply) = outcome else {
        unreachable!("expected a response, got {outcome:?}")
    };
    let failures = reply["batchItemFailures"].as_array().unwrap();
    let ids = failures
        .iter()
        .map(|failure| failure["itemIdentifier"].as_str().unwrap().to_owned());
    ids.collect()
}

#[tokio::test]
async fn newer_pushes_do_not_overtake_a_failed_one_within_an_object() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let fails = Arc::new(AtomicBool::new(true));
    fail_while(&receiver, "id=0 ", &fails);
    s3.put(BUCKET, ALB_KEY, hours(0, 6));
    let mut lambda = start(&receiver, &s3).await;
    let first = lambda.invoke(s3_event(&[ALB_KEY])).await;
    assert!(first.error().error_message.contains("500"), "{:?}", first.error());
    fails.store(false, Ordering::Relaxed);
    lambda.invoke(s3_event(&[ALB_KEY])).await.response();
    assert_eq!(receiver.stored_count(), 360);
}

/// A rejection for reasons other than the entries may be temporary.
#[tokio::test]
async fn newer_pushes_do_not_overtake_one_that_was_refused() {
    for (status, text) in [
        (
            260,
            "ingestion blocked for user blue until '2030-01-01T00:00:00Z' with status code '260'",
        ),
        (401, "no org id"),
        (400, "something new"),
    ] {
        let (receiver, s3) = (Receiver::start().await, S3::start().await);
        let fails = Arc::new(AtomicBool::new(true));
        answer_while(&receiver, "id=0 ", &fails, Answer::status(status).body(text));
        s3.put(BUCKET, ALB_KEY, hours(0, 6));
        let mut lambda = start(&receiver, &s3).await;
        lambda.invoke(s3_event(&[ALB_KEY])).await.error();
        fails.store(false, Ordering::Relaxed);
        lambda.invoke(s3_event(&[ALB_KEY])).await.response();
        assert_eq!(receiver.stored_count(), 360, "{status}");
    }
}

/// The messages hold objects of one load balancer, so all lines belong to one stream.
#[tokio::test]
async fn newer_pushes_do_not_overtake_a_failed_one_of_another_message() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let fails = Arc::new(AtomicBool::new(true));
    fail_while(&receiver, "id=0 ", &fails);
    let later = ALB_KEY.replace("2et2e1mx", "later");
    s3.put(BUCKET, ALB_KEY, hours(0, 1));
    s3.put(BUCKET, &later, hours(3, 6));
    let mut lambda = start(&receiver, &s3).await;
    let event = json!({"Records": [message("m-1", &[ALB_KEY]), message("m-2", &[&later])]}).to_string();
    let first = lambda.invoke(event.clone()).await;
    assert_eq!(failed(&first.outcome), ["m-1", "m-2"]);
    fails.store(false, Ordering::Relaxed);
    let second = lambda.invoke(event).await;
    assert!(failed(&second.outcome).is_empty(), "{:?}", second.outcome);
    assert_eq!(receiver.stored_count(), 240);
}

#[tokio::test]
async fn a_failed_push_does_not_hold_back_other_streams() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let fails = Arc::new(AtomicBool::new(true));
    fail_while(&receiver, "id=0 ", &fails);
    let other = ALB_KEY.replace("app.shop", "app.cart");
    s3.put(BUCKET, ALB_KEY, hours(0, 1));
    s3.put(BUCKET, &other, hours(3, 6));
    let mut lambda = start(&receiver, &s3).await;
    let event = json!({"Records": [message("m-1", &[ALB_KEY]), message("m-2", &[&other])]}).to_string();
    let first = lambda.invoke(event).await;
    assert_eq!(failed(&first.outcome), ["m-1"]);
    assert!(receiver.stored_count() >= 180);
}

/// Returns the CPU time of the real binary for an object of 20,000 lines in this many streams.
async fn cpu_of_streams(streams: usize) -> Duration {
    let (receiver, s3) = (Receiver::counting().await, S3::start().await);
    let line = |number: usize| alb_line(number, &format!("{}", 10_000 + number % streams)) + "\n";
    s3.put(BUCKET, ALB_KEY, (0..20_000).map(line).collect::<String>());
    let stages = r#"[{"regex":{"expression":" 0.000 (?P<status>[0-9]+) "}},{"labels":{"status":null}}]"#;
    let function = pushing_to(&receiver).env("LOKI_STAGE_CONFIGS", stages);
    let mut lambda = reading_from(&s3, function).start().await;
    lambda.invoke(s3_event(&[ALB_KEY])).await.response();
    assert_eq!(receiver.distinct_count(), 20_000);
    lambda.cpu_time()
}

/// The streams of two pushes used to be compared in pairs, which made the cost quadratic.
#[tokio::test]
async fn the_cost_of_streams_is_linear() {
    let (few, many) = (cpu_of_streams(10).await, cpu_of_streams(20_000).await);
    assert!(many < few * 4, "20,000 streams took {many:?}, 10 took {few:?}");
}
