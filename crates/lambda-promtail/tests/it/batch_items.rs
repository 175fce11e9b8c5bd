//! Events of several messages or records, some of which cannot be delivered.

use serde_json::{Value, json};
use testkit::lambda::LambdaBuilder;
use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;

use crate::support;
use crate::support::kinesis::record;
use crate::support::{ALB_KEY, BUCKET, alb_line, pushing_to, reading_from, s3_event};

fn key(number: usize) -> String {
    ALB_KEY.replace("2et2e1mx", &format!("number{number}"))
}

/// Returns ten messages: three that fail for different reasons, and seven good ones.
fn messages(s3: &S3) -> String {
    let messages = (0..10).map(|number| {
        let body = match number {
            // A body that is not an event, a deleted object, and an object with a line that Loki rejects.
            2 => "not an event".to_owned(),
            5 => s3_event(&[&key(5)]),
            _ => {
                let status = if number == 7 { "999" } else { "200" };
                s3.put(BUCKET, &key(number), alb_line(number, status) + "\n");
                s3_event(&[&key(number)])
            }
        };
        json!({"messageId": format!("m-{number}"), "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-1:1:q", "body": body})
    });
    json!({"Records": messages.collect::<Vec<Value>>()}).to_string()
}

/// Starts a Loki that rejects one of the lines.
async fn picky() -> Receiver {
    let receiver = Receiver::start().await;
    receiver.answer_with(|push, _| {
        let refused = push.entries().any(|entry| entry.line.contains(" 999 "));
        Answer::status(if refused { 400 } else { 204 })
    });
    receiver
}

fn reporting(function: LambdaBuilder) -> LambdaBuilder {
    // One line in each push, so that a rejected push means one rejected line.
    function
        .env("REPORT_BATCH_ITEM_FAILURES", "true")
        .env("BATCH_SIZE", "1")
}

#[tokio::test]
async fn sqs_is_told_the_messages_that_failed_and_no_others() {
    let (receiver, s3) = (picky().await, S3::start().await);
    let event = messages(&s3);
    let mut lambda = reporting(reading_from(&s3, pushing_to(&receiver))).start().await;
    let invocation = lambda.invoke(event).await;
    assert_eq!(
        *invocation.response(),
        json!({"batchItemFailures": [
            {"itemIdentifier": "m-2"}, {"itemIdentifier": "m-5"}, {"itemIdentifier": "m-7"},
        ]})
    );
    assert_eq!(receiver.accepted_count(), 7);
    assert!(
        invocation
            .logs
            .iter()
            .any(|line| line.contains("ERROR") && line.contains("entries=7") && line.contains("failed=3")),
        "{:#?}",
        invocation.logs
    );
}

/// Without `ReportBatchItemFailures` in the mapping AWS would ignore the list and delete all ten messages.
#[tokio::test]
async fn without_the_flag_the_whole_batch_fails() {
    let (receiver, s3) = (picky().await, S3::start().await);
    let event = messages(&s3);
    let function = reading_from(&s3, pushing_to(&receiver)).env("BATCH_SIZE", "1");
    let mut lambda = function.start().await;
    let invocation = lambda.invoke(event).await;
    let message = &invocation.error().error_message;
    assert!(message.starts_with("3 of 10 items not delivered: "), "{message}");
    for failed in ["m-2", "m-5", "m-7"] {
        assert!(message.contains(failed), "{failed}: {message}");
    }
    assert_eq!(
        receiver.accepted_count(),
        7,
        "the others are delivered all the same"
    );
}

#[tokio::test]
async fn with_everything_delivered_the_list_is_empty() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, &key(1), alb_line(1, "200") + "\n");
    let message = json!({"messageId": "m-1", "eventSource": "aws:sqs", "body": s3_event(&[&key(1)])});
    let mut lambda = reporting(reading_from(&s3, pushing_to(&receiver))).start().await;
    let invocation = lambda.invoke(json!({"Records": [message]}).to_string()).await;
    assert_eq!(*invocation.response(), json!({"batchItemFailures": []}));
    assert_eq!(receiver.accepted_count(), 1);
}

/// AWS delivers the record with the lowest sequence number and all after it again. The numbers have more digits than an
/// integer type holds.
#[tokio::test]
async fn kinesis_is_told_the_lowest_sequence_number_that_failed() {
    let receiver = picky().await;
    let mut lambda = reporting(pushing_to(&receiver)).start().await;
    let number = |digits: &str| format!("4954511524349098501828006771497314458{digits}");
    let records = [
        record(&number("098"), b"good"),
        record(&number("0101"), b"\x1f\x8bbroken"),
        record(&number("099"), b"a 999 b"),
        record(&number("0102"), b"also good"),
    ];
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    assert_eq!(
        *invocation.response(),
        json!({"batchItemFailures": [{"itemIdentifier": number("099")}]})
    );
    assert_eq!(receiver.accepted_count(), 2);
}

/// Asynchronous sources do not read `batchItemFailures`; only an error makes AWS deliver the event again.
#[tokio::test]
async fn other_sources_are_told_an_error_whatever_the_flag() {
    let receiver = picky().await;
    let mut lambda = reporting(pushing_to(&receiver)).start().await;
    let invocation = lambda.invoke(support::event(&["fine", "a 999 b"])).await;
    invocation.error();
    let invocation = lambda.invoke(support::event(&["fine"])).await;
    assert_eq!(invocation.response()["entries"], 1);
}

#[tokio::test]
async fn what_loki_refuses_is_dropped_and_counted_where_the_settings_say_so() {
    let receiver = Receiver::start().await;
    receiver.answer_with(
        |push, _| match push.entries().any(|entry| entry.line.contains("999")) {
            true => Answer::status(400).body("entry for stream '{a=\"b\"}' has timestamp too old: 2023\n"),
            false => Answer::status(204),
        },
    );
    let function = pushing_to(&receiver)
        .env("ON_REJECT", "drop")
        .env("BATCH_SIZE", "1");
    let mut lambda = function.start().await;
    let invocation = lambda.invoke(support::event(&["fine", "a 999 b", "also"])).await;
    let summary = invocation.response();
    assert_eq!(
        (&summary["entries"], &summary["rejected"], &summary["failed"]),
        (&json!(2), &json!(1), &json!(0))
    );
    assert_eq!(
        summary["rejected_by_reason"],
        json!({"greater_than_max_sample_age": 1})
    );
    let log = invocation.logs.join("\n");
    assert!(
        log.contains("WARN") && log.contains("dropped: push of one entry") && !log.contains("ERROR"),
        "{log}"
    );
}

/// A wrong password, address or proxy, and a tenant without permission, say nothing about the entries.
#[tokio::test]
async fn only_what_entries_are_refused_for_is_dropped() {
    let too_old = "entry for stream '{a=\"b\"}' has timestamp too old: 2023\n";
    for (status, body) in [
        (401, "no org id\n"),
        (403, too_old),
        (404, "404 page not found\n"),
        (260, "ingestion blocked for user blue until '2030'\n"),
        (302, ""),
        (400, "tenant ID is too long: max 150 characters\n"),
        (400, ""),
    ] {
        let receiver = Receiver::start().await;
        receiver.answer_always(Answer::status(status).body(body));
        let function = pushing_to(&receiver).env("ON_REJECT", "drop");
        let mut lambda = function.start().await;
        let invocation = lambda.invoke(support::event(&["a"])).await;
        let message = &invocation.error().error_message;
        assert!(message.contains(&format!("status {status}")), "{message}");
    }
}

/// Loki rejects a whole JSON push if one time does not fit in 64-bit nanoseconds.
#[tokio::test]
async fn a_time_that_json_cannot_hold_fails_its_entry_alone() {
    let receiver = Receiver::start().await;
    let events = [
        (1_700_000_000_123, "now"),
        (253_370_764_800_000, "year 9999"),
        (1_700_000_000_124, "then"),
    ];
    let event = testkit::events::cloudwatch_event(support::GROUP, "s", support::OWNER, &events);
    for (encoding, arrived) in [("json", 2), ("protobuf", 3)] {
        receiver.clear();
        let mut lambda = pushing_to(&receiver).env("PUSH_ENCODING", encoding).start().await;
        let invocation = lambda.invoke(event.clone()).await;
        assert_eq!(receiver.accepted_count(), arrived, "{encoding}");
        if encoding == "json" {
            let message = &invocation.error().error_message;
            assert!(message.contains("253370764800 s since 1970"), "{message}");
        } else {
            invocation.response();
        }
    }
}
