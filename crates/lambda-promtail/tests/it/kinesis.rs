//! Kinesis records through the real binary.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::lambda::LambdaBuilder;
use testkit::receiver::Receiver;

use crate::support::kinesis::{ARN, delivery, record, text_offset};
use crate::support::{OWNER, pushing_to};

#[tokio::test]
async fn records_of_every_kind_arrive_and_a_broken_one_fails_alone() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let records = [
        record("1", &gzip(delivery("g1", "zipped").as_bytes())),
        record(
            "2",
            (delivery("g2", "plain") + &delivery("g3", "next to it")).as_bytes(),
        ),
        record("3", b"\x1f\x8bbroken"),
        record("4", b"a line\r\nanother\xff"),
    ];
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    let error = &invocation.error().error_message;
    assert!(
        error.starts_with("1 of 4 items not delivered: Kinesis record 3: "),
        "{error}"
    );

    let arn = format!(r#"__aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis""#);
    let group =
        |name: &str| format!(r#"{{__aws_cloudwatch_log_group="{name}", __aws_cloudwatch_owner="1", {arn}}}"#);
    let first = 1_772_600_767_125_000_000 + text_offset("4");
    let mut expected = vec![
        (group("g1"), 5_000_000, "zipped".to_owned()),
        (group("g2"), 5_000_000, "plain".to_owned()),
        (group("g3"), 5_000_000, "next to it".to_owned()),
        (format!("{{{arn}}}"), first, "a line".to_owned()),
        (format!("{{{arn}}}"), first + 1, "another\u{fffd}".to_owned()),
    ];
    let mut arrived: Vec<(String, i128, String)> = receiver
        .accepted()
        .into_iter()
        .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
        .collect();
    expected.sort();
    arrived.sort();
    assert_eq!(arrived, expected);
}

#[tokio::test]
async fn the_functions_own_log_group_is_guarded_here_too() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let own = delivery(&format!("/aws/lambda/{}", testkit::lambda::FUNCTION_NAME), "a");
    let own = own.replace(r#""owner":"1""#, &format!(r#""owner":"{OWNER}""#));
    let invocation = lambda
        .invoke(json!({"Records": [record("1", own.as_bytes())]}).to_string())
        .await;
    assert_eq!(invocation.response()["dropped"]["own_log_group"], 1);
    assert_eq!(receiver.requests(), 0);
}

/// Returns the sorted lines that arrive for records with these data.
async fn lines_of(data: &[&[u8]]) -> Vec<String> {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let records: Vec<Value> = data
        .iter()
        .enumerate()
        .map(|(index, data)| record(&index.to_string(), data))
        .collect();
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    let mut lines: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
    lines.sort();
    assert_eq!(invocation.response()["entries"], lines.len());
    lines
}

/// Such JSON was once read as a delivery without log events, and its lines were lost.
#[tokio::test]
async fn json_that_only_names_a_type_of_message_is_text() {
    let text = r#"{"messageType":"DATA_MESSAGE"}"#;
    assert_eq!(lines_of(&[text.as_bytes()]).await, [text]);
    let (control, beside) = (r#"{"messageType":"CONTROL_MESSAGE","command":"stop"}"#, "a line");
    assert_eq!(
        lines_of(&[&gzip(control.as_bytes()), beside.as_bytes()]).await,
        [beside, control]
    );
}

#[tokio::test]
async fn json_with_one_member_of_a_delivery_is_text() {
    for text in [
        r#"{"messageType":"DATA_MESSAGE","logGroup":"g"}"#,
        r#"{"messageType":"DATA_MESSAGE","logEvents":[{"id":"e","timestamp":5,"message":"a"}]}"#,
    ] {
        assert_eq!(lines_of(&[text.as_bytes()]).await, [text]);
    }
}

#[tokio::test]
async fn a_delivery_and_a_control_message_stay_what_they_are() {
    let control = r#"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":5,"message":"CWL CONTROL MESSAGE"}]}"#;
    let data = delivery("g", "a message");
    assert_eq!(
        lines_of(&[&gzip(control.as_bytes()), &gzip(data.as_bytes())]).await,
        ["a message"]
    );
}

/// `PutRecords` sends up to 500 records, which often arrive in the same millisecond. With equal times Loki kept only
/// one of their equal lines.
#[tokio::test]
async fn equal_lines_of_one_millisecond_survive_and_a_redelivery_in_other_batches_adds_nothing() {
    // Kinesis counts the records of a shard in steps of 2^80.
    let number: fn(u128) -> String = |index| {
        let first: u128 = 1_734_642_199;
        ((first + index) << 80 | 0x5_c181_eea0_0000_0062).to_string()
    };
    for number in [number, |index: u128| index.to_string()] {
        let all: Vec<Value> = (0..500)
            .map(|index| record(&number(index), b"beat\nbeat\nbeat"))
            .collect();
        let deliver = async |function: fn(LambdaBuilder) -> LambdaBuilder, batches: Vec<&[Value]>| {
            let receiver = Receiver::start().await;
            let mut lambda = function(pushing_to(&receiver)).start().await;
            for batch in batches {
                let invocation = lambda.invoke(json!({"Records": batch}).to_string()).await;
                assert_eq!(invocation.response()["entries"], 3 * batch.len());
            }
            let times = receiver.accepted().into_iter().map(|entry| entry.timestamp_ns);
            times.collect::<BTreeSet<i128>>()
        };
        let whole = deliver(|function| function, vec![&all]).await;
        assert_eq!(whole.len(), 1_500);
        let span = whole.last().unwrap() - whole.first().unwrap();
        assert!(span < 1_000_000, "all within the millisecond: {span}");
        // Bisected, repeated, and split into other pushes.
        let small = |function: LambdaBuilder| function.env("BATCH_SIZE", "2000").env("PUSH_CONCURRENCY", "1");
        let (half, rest) = all.split_at(123);
        assert_eq!(deliver(small, vec![&all, half, rest, rest]).await, whole);
    }
}
