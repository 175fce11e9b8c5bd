//! The number of log lines that an event can make the function write.

use serde_json::{Value, json};
use testkit::lambda::Invocation;
use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;

use crate::support::limited::{sqs, within_128_mb};
use crate::support::{BUCKET, event, pushing_to, reading_from, s3_event, s3_record};

fn errors(invocation: &Invocation) -> Vec<&String> {
    let errors = invocation.logs.iter().filter(|line| line.contains("ERROR"));
    errors.collect()
}

#[tokio::test]
async fn a_message_of_100_000_records_writes_ten_errors_and_a_count() {
    let receiver = Receiver::start().await;
    let mut lambda = within_128_mb(env!("CARGO_BIN_EXE_lambda-promtail"))
        .env("WRITE_ADDRESS", receiver.url())
        .env("REPORT_BATCH_ITEM_FAILURES", "true")
        .start()
        .await;
    let records = r#"{"a":"bc"},"#.repeat(99_999);
    let body = format!(r#"{{"Records":[{records}{{"eventSource":"aws:s3"}}]}}"#);
    let invocation = lambda
        .invoke(sqs(&[("large", body), ("good", s3_event(&[]))]))
        .await;
    let reply = invocation.response();
    assert_eq!(reply["batchItemFailures"][0]["itemIdentifier"], "large");
    let errors = errors(&invocation);
    assert!(
        errors
            .iter()
            .any(|line| line.contains("and 99,989 more errors of this kind: unknown kind of record")),
        "{errors:#?}"
    );
    // Ten for the records, the count of the others, one for the S3 record without a bucket, one for the empty list,
    // and the summary.
    assert!(errors.len() <= 15, "{} lines", errors.len());
    assert_eq!(lambda.invoke(event(&["good"])).await.response()["entries"], 1);
}

/// Two million records of two bytes, in one event and in messages: 6 MB, the most that Lambda accepts.
#[tokio::test]
async fn more_records_than_are_read_fail_by_name() {
    let receiver = Receiver::start().await;
    let start = || {
        let function = within_128_mb(env!("CARGO_BIN_EXE_lambda-promtail"));
        let function = function.env("WRITE_ADDRESS", receiver.url());
        function.env("REPORT_BATCH_ITEM_FAILURES", "true").start()
    };
    let records = |count: usize| {
        format!(
            r#"{{"Records":[{}{{"eventSource":"aws:s3"}}]}}"#,
            "{},".repeat(count)
        )
    };
    let mut lambda = start().await;
    let invocation = lambda.invoke(records(1_990_000)).await;
    let error = &invocation.error().error_message;
    assert!(error.contains("more than 100000 records"), "{error}");
    let bodies: Vec<(String, String)> = (0..20).map(|id| (format!("m{id}"), records(99_000))).collect();
    let mut messages: Vec<(&str, String)> = bodies
        .iter()
        .map(|(id, body)| (id.as_str(), body.clone()))
        .collect();
    messages.push(("huge", records(150_000)));
    messages.push(("good", event(&["good"])));
    let invocation = lambda.invoke(sqs(&messages)).await;
    let failures = invocation.response()["batchItemFailures"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(failures, 21, "all but the good one: {:#?}", errors(&invocation));
    assert_eq!(receiver.accepted().pop().unwrap().line, "good");
    assert_eq!(lambda.invoke(event(&["again"])).await.response()["entries"], 1);
}

#[tokio::test]
async fn objects_that_do_not_exist_write_ten_errors_and_each_fails() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, "there", "");
    let function = pushing_to(&receiver)
        .env("UNKNOWN_S3_TYPE", "text")
        .env("REPORT_BATCH_ITEM_FAILURES", "true");
    let mut lambda = reading_from(&s3, function).start().await;
    let ids: Vec<String> = (0..30).map(|number| format!("m{number}")).collect();
    let messages: Vec<(&str, String)> = ids.iter().map(|id| (id.as_str(), s3_event(&[id]))).collect();
    let invocation = lambda.invoke(sqs(&messages)).await;
    assert_eq!(
        invocation.response()["batchItemFailures"]
            .as_array()
            .unwrap()
            .len(),
        30
    );
    let errors = errors(&invocation);
    let one = |text: &str| errors.iter().filter(|line| line.contains(text)).count();
    assert_eq!(
        (one("does not exist ("), one("and 20 more errors of this kind")),
        (10, 1),
        "{errors:#?}"
    );
}

#[tokio::test]
async fn a_long_key_is_cut() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let records: Vec<Value> = vec![s3_record(&"k".repeat(100_000))];
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    invocation.error();
    let longest = errors(&invocation).iter().map(|line| line.len()).max();
    assert!(longest < Some(6_000), "{longest:?}");
}

#[tokio::test]
async fn pushes_that_are_refused_write_ten_errors_and_a_count() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::status(401));
    let mut lambda = pushing_to(&receiver).env("BATCH_SIZE", "100").start().await;
    let lines = vec!["a line of sixty bytes, of which each makes a push of its own"; 50];
    let invocation = lambda.invoke(event(&lines)).await;
    invocation.error();
    let errors = errors(&invocation);
    assert!(
        errors
            .iter()
            .any(|line| line.contains("more errors with this reason")),
        "{errors:#?}"
    );
    assert!(errors.len() <= 15, "{} lines", errors.len());
}
