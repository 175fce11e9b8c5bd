//! Lines that are cut at `MAX_LINE_SIZE`, through the real binary.

use serde_json::Value;
use testkit::receiver::Receiver;

use crate::support::entries::arrived;
use crate::support::{event, pushing_to};

/// Ships the lines twice with this limit, and returns what arrived, and the summary of the second event.
async fn shipped(limit: &str, stages: &str, lines: &[&str]) -> (Vec<String>, Value) {
    let mut texts = Vec::new();
    let mut summary = Value::Null;
    for (batch_size, concurrency) in [("1048576", "12"), ("1", "1")] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver)
            .env("MAX_LINE_SIZE", limit)
            .env("LOKI_STAGE_CONFIGS", stages)
            .env("BATCH_SIZE", batch_size)
            .env("PUSH_CONCURRENCY", concurrency)
            .start()
            .await;
        for _ in 0..2 {
            summary = lambda.invoke(event(lines)).await.response().clone();
        }
        let mut entries = arrived(&receiver);
        entries.sort_by_key(|(_, time, _)| *time);
        entries.dedup();
        texts.push(entries.into_iter().map(|(.., line)| line).collect::<Vec<_>>());
    }
    assert_eq!(texts[0], texts[1], "{limit} {stages}");
    (texts.remove(0), summary)
}

#[tokio::test]
async fn long_lines_are_cut_between_characters_and_counted() {
    let lines = ["12345678", "123456789", "1234567é", "123456🙂"];
    let (arrived, summary) = shipped("8", "", &lines).await;
    assert_eq!(arrived, ["12345678", "12345678", "1234567", "123456"]);
    assert_eq!(summary["lines_cut"], 3);
    assert_eq!(summary["entries"], 4);
}

#[tokio::test]
async fn lines_are_cut_after_all_stages() {
    let replace = r#"[{"replace":{"expression":"(secret)","replace":"***"}}]"#;
    let (arrived, summary) = shipped("8", replace, &["12secret34"]).await;
    assert_eq!(
        (arrived, &summary["lines_cut"]),
        (vec!["12***34".to_owned()], &Value::Null)
    );

    let multiline = r#"[{"multiline":{"firstline":"^\\d"}}]"#;
    let (arrived, summary) = shipped("8", multiline, &["1234", "abcd", "5", "b"]).await;
    assert_eq!(
        (arrived, &summary["lines_cut"]),
        (vec!["1234\nabc".to_owned(), "5\nb".to_owned()], &1.into())
    );
}

#[tokio::test]
async fn no_line_is_cut_by_default() {
    let long = "x".repeat(300_000);
    let (arrived, summary) = shipped("", "", &[&long]).await;
    assert_eq!((arrived, &summary["lines_cut"]), (vec![long], &Value::Null));
}
