//! Blocks of lines in an object or file whose end cannot be read.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::lambda::LambdaBuilder;
use testkit::receiver::Receiver;
use testkit::s3::{Answer, Object, S3};

use crate::support::{ALB_KEY, BUCKET, alb_line, pushing_to, reading_from, s3_event};

const KEY: &str = "app/one.log";
const MULTILINE: &str = r#"[{"multiline":{"firstline":"^START"}}]"#;
const CRI: &str = r#"[{"cri":{}}]"#;

fn reading_text(s3: &S3, receiver: &Receiver, stages: &str) -> LambdaBuilder {
    reading_from(s3, pushing_to(receiver))
        .env("UNKNOWN_S3_TYPE", "text")
        .env("REPORT_BATCH_ITEM_FAILURES", "true")
        .env("LOKI_STAGE_CONFIGS", stages)
}

fn sqs(keys: &[&str]) -> String {
    let messages: Vec<Value> = keys
        .iter()
        .map(|key| json!({"messageId": key, "eventSource": "aws:sqs", "body": s3_event(&[key])}))
        .collect();
    json!({"Records": messages}).to_string()
}

fn lines(receiver: &Receiver) -> Vec<String> {
    let mut lines: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
    lines.sort();
    lines.dedup();
    lines
}

fn failing(keys: &[&str]) -> Value {
    let failures: Vec<Value> = keys.iter().map(|key| json!({"itemIdentifier": key})).collect();
    json!({"batchItemFailures": failures})
}

/// Delivers an object twice, first with a download or decompression that ends early, and then complete.
async fn redelivered(stages: &str, broken: impl Into<Object>, whole: &str, first: &[&str], then: &[&str]) {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, KEY, broken);
    s3.put(BUCKET, ALB_KEY, alb_line(1, "200"));
    let mut lambda = reading_text(&s3, &receiver, stages).start().await;
    let event = sqs(&[KEY, ALB_KEY]);
    assert_eq!(*lambda.invoke(event.clone()).await.response(), failing(&[KEY]));
    let beside = alb_line(1, "200");
    let with_beside = |lines: &[&str]| {
        let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        lines.push(beside.clone());
        lines.sort();
        lines
    };
    assert_eq!(lines(&receiver), with_beside(first));
    s3.put(BUCKET, KEY, whole.to_owned());
    assert_eq!(*lambda.invoke(event).await.response(), failing(&[]));
    assert_eq!(lines(&receiver), with_beside(then));
}

/// Returns the gzip without its last bytes: all lines can be read before the error.
fn cut_short(text: &str) -> Vec<u8> {
    let mut gzipped = gzip(text.as_bytes());
    gzipped.truncate(gzipped.len() - 4);
    gzipped
}

#[tokio::test]
async fn half_a_multiline_block_is_not_sent_and_the_whole_ones_before_it_are() {
    let half = "START one\n a\nSTART two\n b\n";
    redelivered(
        MULTILINE,
        cut_short(half),
        &format!("{half} c\n"),
        &["START one\n a"],
        &["START one\n a", "START two\n b\n c"],
    )
    .await;
}

#[tokio::test]
async fn a_partial_cri_line_is_not_sent_without_its_rest() {
    let half = "2023-11-14T22:13:20Z stdout F whole\n2023-11-14T22:13:21Z stdout P begun \n";
    redelivered(
        CRI,
        cut_short(half),
        &format!("{half}2023-11-14T22:13:22Z stdout F and ended\n"),
        &["whole"],
        &["begun and ended", "whole"],
    )
    .await;
}

#[tokio::test]
async fn a_block_without_its_end_is_not_sent_when_the_download_breaks() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let begun = "START one\n a\nSTART two\n b\n";
    let text = format!("{begun}{}", " c\n".repeat(100));
    s3.put(BUCKET, KEY, text);
    s3.answer_always(Answer::close_after(begun.len() as u64));
    let mut lambda = reading_text(&s3, &receiver, MULTILINE)
        .timeout(Duration::from_secs(6))
        .start()
        .await;
    assert_eq!(*lambda.invoke(sqs(&[KEY])).await.response(), failing(&[KEY]));
    let sent = lines(&receiver);
    assert!(sent.iter().all(|line| !line.starts_with("START two")), "{sent:?}");
}

#[tokio::test]
async fn a_block_that_is_open_at_the_deadline_is_not_sent() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let begun = "START one\n a\nSTART two\n b\n";
    // The first KiB decides whether the object is text, so the object must be longer.
    let text = format!("{}{begun}", "START zero\n".repeat(1_000));
    s3.put(BUCKET, KEY, format!("{text}{}", " c\n".repeat(100)));
    s3.answer_always(Answer::stall_after(text.len() as u64));
    let mut lambda = reading_text(&s3, &receiver, MULTILINE)
        .timeout(Duration::from_secs(3))
        .start()
        .await;
    assert_eq!(*lambda.invoke(sqs(&[KEY])).await.response(), failing(&[KEY]));
    assert_eq!(lines(&receiver), ["START one\n a", "START zero"]);
}
