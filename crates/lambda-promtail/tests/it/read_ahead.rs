//! Objects of one event that are requested ahead of the one being read.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::receiver::Answer as LokiAnswer;
use testkit::s3::Answer;

use crate::support::objects::Entries;
use crate::support::setup::Setup;
use crate::support::{alb_line, s3_event, s3_record};

/// The time in which S3 responds to a request, long enough to show in an unoptimised build.
const RESPONSE: Duration = Duration::from_millis(300);

/// Returns the key of an object of a load balancer.
fn key(number: usize) -> String {
    format!(
        "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_\
         app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.{number}_2et2e1mx.log"
    )
}

/// Returns the lines of the object with this number.
fn object(number: usize, lines: usize) -> String {
    let lines = (0..lines).map(|line| alb_line(number * 1_000 + line, "200") + "\n");
    lines.collect()
}

/// Returns an SQS event with a message for each key.
fn sqs_event(keys: &[String]) -> Value {
    let record = |(number, key): (usize, &String)| {
        json!({
            "messageId": format!("message-{number}"),
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:objects",
            "body": json!({"Records": [s3_record(key)]}).to_string(),
        })
    };
    json!({"Records": keys.iter().enumerate().map(record).collect::<Vec<Value>>()})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_objects_wait_together_and_share_a_push() {
    let keys: Vec<String> = (0..10).map(key).collect();
    let names: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut one_by_one = None;
    for (read_ahead, least) in [("0", 10), ("16", 1)] {
        let mut setup = Setup::new(&[("READ_AHEAD", read_ahead)]).await;
        for (number, key) in keys.iter().enumerate() {
            setup.put(key, object(number, 200));
        }
        // The first request of a process is slow in an unoptimised build.
        setup.error(s3_event(&["app/none.log"])).await;
        setup.s3.answer_always(Answer::serve().delay(RESPONSE));
        let invocation = setup.lambda.invoke(s3_event(&names)).await;
        assert_eq!(invocation.response()["entries"], 2_000, "{:?}", invocation.logs);
        assert_eq!(invocation.response()["pushes"], 1);
        assert_eq!(setup.receiver.requests(), 1);
        let took = invocation.elapsed;
        assert!(took >= RESPONSE * least, "READ_AHEAD={read_ahead}: {took:?}");
        match one_by_one {
            None => one_by_one = Some(took),
            Some(one_by_one) => assert!(took < one_by_one / 2, "{took:?}, one by one {one_by_one:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_item_fails_for_itself_in_the_same_order() {
    // Objects of which every third is missing, and one, in the middle, is of no known type.
    let mut keys: Vec<String> = (0..20).map(key).collect();
    keys[7] = "app/unknown.bin".to_owned();
    let mut results = Vec::new();
    for (read_ahead, delay) in [("0", 0), ("16", 0), ("16", 20), ("3", 5)] {
        let mut setup = Setup::new(&[
            ("READ_AHEAD", read_ahead),
            ("REPORT_BATCH_ITEM_FAILURES", "true"),
            ("BATCH_SIZE", "4000"),
            ("PUSH_CONCURRENCY", "1"),
        ])
        .await;
        for (number, key) in keys.iter().enumerate().filter(|(number, _)| number % 3 != 0) {
            setup.put(key, object(number, 7));
        }
        setup
            .s3
            .answer_always(Answer::serve().delay(Duration::from_millis(delay)));
        let invocation = setup.lambda.invoke(sqs_event(&keys).to_string()).await;
        let entries: Entries = setup
            .receiver
            .accepted()
            .into_iter()
            .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
            .collect();
        assert_eq!(setup.s3.requests().len(), 19, "READ_AHEAD={read_ahead}");
        results.push((invocation.response().clone(), entries));
    }
    let (reply, entries) = &results[0];
    assert_eq!(reply["batchItemFailures"].as_array().unwrap().len(), 8);
    assert_eq!(entries.len(), 12 * 7);
    for result in &results[1..] {
        assert_eq!(result, &results[0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_requested_early_is_resumed_if_its_connection_ends() {
    let keys: Vec<String> = (0..3).map(key).collect();
    let names: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut setup = Setup::new(&[("PUSH_CONCURRENCY", "1"), ("BATCH_SIZE", "20000")]).await;
    for (number, key) in keys.iter().enumerate() {
        setup.put(key, object(number, 200));
    }
    // Reading the first object takes longer than the connections of the others last.
    setup
        .receiver
        .answer_next([LokiAnswer::status(204).delay(Duration::from_millis(500))]);
    setup.s3.answer_next([
        Answer::serve(),
        Answer::reset_after(9_000),
        Answer::close_after(0),
    ]);
    assert_eq!(setup.response(s3_event(&names)).await["entries"], 600);
    let ranges: Vec<Option<String>> = setup
        .s3
        .requests()
        .into_iter()
        .map(|request| request.range)
        .collect();
    assert_eq!(ranges.len(), 5, "{ranges:?}");
    let mut lines: Vec<String> = setup
        .receiver
        .accepted()
        .into_iter()
        .map(|entry| entry.line)
        .collect();
    lines.sort();
    lines.dedup();
    assert_eq!(lines.len(), 600);
}
