//! Kafka records through the real binary.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::lambda::LambdaBuilder;
use testkit::receiver::Receiver;

use crate::support::kafka::{ARN, MILLIS, event, record, text_offset};
use crate::support::kinesis::delivery;
use crate::support::pushing_to;

fn labels(topic: &str) -> String {
    format!(
        r#"{{__aws_kafka_event_source_arn="{ARN}", __aws_kafka_topic="{topic}", __aws_log_type="kafka"}}"#
    )
}

fn time(topic: &str, partition: u64, offset: u64) -> i128 {
    i128::from(MILLIS) * 1_000_000 + text_offset(topic, partition, offset)
}

type Entries = BTreeSet<(String, i128, String)>;

fn entries(receiver: &Receiver) -> Entries {
    let accepted = receiver.accepted().into_iter();
    accepted
        .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
        .collect()
}

#[tokio::test]
async fn records_of_every_kind_arrive_and_a_broken_one_fails_by_name() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let mut tombstone = record("orders", 0, 12, b"");
    tombstone["value"] = json!(null);
    let mut without_time = record("orders", 0, 13, b"when?");
    without_time["timestamp"] = json!(-1);
    let records = json!({
        "orders-0": [
            record("orders", 0, 10, b"a line\r\nanother\xff"),
            record("orders", 0, 11, b"\x1f\x8bbroken"),
            tombstone,
            without_time,
        ],
        "pay-ments-3": [
            record("pay-ments", 3, 10, br#"{"level":"info"}"#),
            record("pay-ments", 3, 11, &gzip(delivery("g", "zipped").as_bytes())),
        ],
        "other-0": {"not": "a list"},
    });
    let invocation = lambda.invoke(event(&records)).await;
    let error = &invocation.error().error_message;
    assert!(error.starts_with("3 of 7 items not delivered: "), "{error}");
    for reason in [
        "Kafka record orders/0/11: ",
        "Kafka record orders/0/13: the Kafka record's timestamp cannot be read as a time",
        "Kafka partition 2: the records of a topic's partition are not a list",
    ] {
        assert!(error.contains(reason), "{reason}: {error}");
    }
    let through = labels("pay-ments").replacen(
        '{',
        r#"{__aws_cloudwatch_log_group="g", __aws_cloudwatch_owner="1", "#,
        1,
    );
    let first = time("orders", 0, 10);
    let expected = [
        (labels("orders"), first, "a line".to_owned()),
        (labels("orders"), first + 1, "another\u{fffd}".to_owned()),
        (
            labels("pay-ments"),
            time("pay-ments", 3, 10),
            r#"{"level":"info"}"#.to_owned(),
        ),
        (through, 5_000_000, "zipped".to_owned()),
    ];
    assert_eq!(entries(&receiver), expected.into());
}

#[tokio::test]
async fn a_cluster_of_ones_own_has_no_arn_and_a_pipe_sends_a_list() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let own = json!({
        "eventSource": "SelfManagedKafka", "bootstrapServers": "kafka.example.com:9092",
        "records": {"t-0": [record("t", 0, 1, b"hello")]},
    });
    let invocation = lambda.invoke(own.to_string()).await;
    assert_eq!(
        (
            &invocation.response()["source"],
            &invocation.response()["entries"]
        ),
        (&json!("kafka"), &json!(1))
    );
    assert_eq!(
        receiver.accepted()[0].labels,
        r#"{__aws_kafka_topic="t", __aws_log_type="kafka"}"#
    );

    receiver.clear();
    let mut piped = record("t", 0, 1, b"hello");
    piped["eventSource"] = json!("aws:kafka");
    piped["eventSourceArn"] = json!(ARN);
    piped["eventSourceKey"] = json!("t-0");
    piped["partition"] = json!("0");
    let invocation = lambda.invoke(json!([piped]).to_string()).await;
    assert_eq!(invocation.response()["source"], "kafka");
    assert_eq!(
        entries(&receiver),
        [(labels("t"), time("t", 0, 1), "hello".to_owned())].into()
    );
}

/// A tombstone is counted as skipped and does not fail.
#[tokio::test]
async fn a_record_without_a_value_is_skipped() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let mut missing = record("t", 0, 1, b"");
    missing.as_object_mut().unwrap().remove("value");
    let mut tombstone = record("t", 0, 2, b"");
    tombstone["value"] = json!(null);
    let invocation = lambda.invoke(event(&json!({"t-0": [missing, tombstone]}))).await;
    let summary = invocation.response();
    assert_eq!((&summary["skipped"], &summary["items"]), (&json!(2), &json!(2)));
    assert_eq!(receiver.requests(), 0);
}

/// Event source mappings of Kafka expect a different form of `batchItemFailures`, and only in provisioned mode.
#[tokio::test]
async fn a_failed_record_fails_the_invocation_whatever_the_flag() {
    let receiver = Receiver::start().await;
    let function = pushing_to(&receiver).env("REPORT_BATCH_ITEM_FAILURES", "true");
    let mut lambda = function.start().await;
    let records = json!({"t-0": [record("t", 0, 1, b"\x1f\x8bbroken"), record("t", 0, 2, b"good")]});
    let invocation = lambda.invoke(event(&records)).await;
    let error = &invocation.error().error_message;
    assert!(
        error.starts_with("1 of 2 items not delivered: Kafka record t/0/1: "),
        "{error}"
    );
    assert_eq!(receiver.accepted_count(), 1);
}

/// Producers send batches whose records often have equal times.
#[tokio::test]
async fn equal_lines_of_one_millisecond_survive_and_a_redelivery_in_other_batches_adds_nothing() {
    const RECORDS: u64 = 500;
    let all: Vec<Value> = (0..RECORDS)
        .map(|number| record("t", number % 4, 7_000 + number / 4, b"heartbeat\nheartbeat"))
        .collect();
    let by_partition = |records: &[Value]| {
        let mut partitions = json!({});
        for record in records {
            let name = format!("t-{}", record["partition"]);
            match partitions[&name].as_array_mut() {
                Some(records) => records.push(record.clone()),
                None => partitions[&name] = json!([record]),
            }
        }
        event(&partitions)
    };
    let deliver = async |function: fn(LambdaBuilder) -> LambdaBuilder, batches: Vec<&[Value]>| {
        let receiver = Receiver::start().await;
        let mut lambda = function(pushing_to(&receiver)).start().await;
        for batch in batches {
            let invocation = lambda.invoke(by_partition(batch)).await;
            assert_eq!(invocation.response()["entries"], 2 * batch.len());
        }
        entries(&receiver)
    };
    let whole = deliver(|function| function, vec![&all]).await;
    assert_eq!(whole.len() as u64, 2 * RECORDS);
    let small = |function: LambdaBuilder| function.env("BATCH_SIZE", "2000").env("PUSH_CONCURRENCY", "1");
    let (half, rest) = all.split_at(123);
    let mut repeated = vec![rest, half, rest];
    repeated.extend(all.chunks(200));
    assert_eq!(deliver(small, repeated).await, whole);
}
