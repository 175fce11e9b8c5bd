//! The facts about the source that `STRUCTURED_METADATA` attaches, through the real binary.

use serde_json::json;
use testkit::compress::gzip;
use testkit::events::{cloudwatch_event, cloudwatch_log_data, cloudwatch_payload};
use testkit::receiver::{Accepted, Receiver};
use testkit::s3::S3;

use crate::support::kinesis::record;
use crate::support::{
    ALB_KEY, BUCKET, GROUP, LABELS, OWNER, alb_line, event, pushing_to, reading_from, s3_event,
};

const ALL: &str = "log_stream,event_id,s3_bucket,s3_key,account,region,kinesis_sequence";
const STREAM: &str = "2026/11/24/[$LATEST]6f1d";
const AT: i64 = 1_795_500_428_123;

/// Returns an event whose log events come from two accounts and from the log group's own.
fn of_accounts() -> String {
    let events = [(AT, "a"), (AT + 1, "b"), (AT + 2, "c")];
    let mut data = cloudwatch_log_data("/central/app", STREAM, OWNER, &events);
    data["logEvents"][1]["extractedFields"] =
        json!({"@aws.account": "111122223333", "@aws.region": "eu-west-1"});
    data["logEvents"][2]["extractedFields"] = json!({"@aws.account": "222233334444"});
    cloudwatch_payload(&data)
}

/// Returns each accepted entry's line and metadata as text, in the order of their times.
fn metadata(receiver: &Receiver) -> Vec<String> {
    let mut entries = receiver.accepted();
    entries.sort_by_key(|entry| entry.timestamp_ns);
    entries.into_iter().map(described).collect()
}

fn described(entry: Accepted) -> String {
    let pairs = entry.metadata.iter();
    let pairs = pairs.map(|(name, value)| format!(" {name}={value}"));
    format!("{}{}", entry.line, pairs.collect::<String>())
}

#[tokio::test]
async fn log_events_have_stream_id_account_and_region() {
    for (encoding, batch_size, concurrency) in [("protobuf", "1048576", "12"), ("json", "1", "1")] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver)
            .env("STRUCTURED_METADATA", ALL)
            .env("PUSH_ENCODING", encoding)
            .env("BATCH_SIZE", batch_size)
            .env("PUSH_CONCURRENCY", concurrency)
            .start()
            .await;
        for _ in 0..2 {
            lambda.invoke(of_accounts()).await.response();
        }
        assert_eq!((receiver.accepted_count(), receiver.distinct_count()), (6, 3));
        let mut entries = receiver.accepted();
        for entry in &mut entries {
            // JSON has them sorted by name.
            entry.metadata.sort();
        }
        entries.sort_by_key(|entry| entry.timestamp_ns);
        entries.dedup();
        let id = |number: usize| format!("aws_event_id={number:056} aws_log_stream={STREAM}");
        assert_eq!(
            entries.into_iter().map(described).collect::<Vec<_>>(),
            [
                format!("a aws_account={OWNER} {}", id(0)),
                format!("b aws_account=111122223333 {} aws_region=eu-west-1", id(1)),
                format!("c aws_account=222233334444 {}", id(2)),
            ]
        );
    }
}

#[tokio::test]
async fn many_log_streams_are_one_stream() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env("STRUCTURED_METADATA", "log_stream")
        .start()
        .await;
    for number in 0..20 {
        let event = cloudwatch_event(GROUP, &format!("s-{number}"), OWNER, &[(AT + number, "a")]);
        lambda.invoke(event).await.response();
    }
    let entries = receiver.accepted();
    assert!(entries.iter().all(|entry| entry.labels == LABELS), "{entries:?}");
    let expected: Vec<String> = (0..20)
        .map(|number| format!("a aws_log_stream=s-{number}"))
        .collect();
    assert_eq!(metadata(&receiver), expected);
}

#[tokio::test]
async fn objects_have_bucket_key_account_and_region() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    // A space in the key, which the event encodes.
    let key = format!("my logs/{ALB_KEY}");
    s3.put(BUCKET, &key, alb_line(0, "200"));
    let function = pushing_to(&receiver).env("STRUCTURED_METADATA", ALL);
    let mut lambda = reading_from(&s3, function).start().await;
    lambda.invoke(s3_event(&[&key])).await.response();
    let expected = format!(
        "{} aws_s3_bucket={BUCKET} aws_s3_key={key} aws_account=111122223333 aws_region=eu-west-1",
        alb_line(0, "200")
    );
    assert_eq!(metadata(&receiver), [expected]);
}

/// The text after a delivery in the same event does not take over the delivery's facts.
#[tokio::test]
async fn records_have_their_sequence_number() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env("STRUCTURED_METADATA", "kinesis_sequence,log_stream,account")
        .start()
        .await;
    let delivery = cloudwatch_log_data(GROUP, "s", OWNER, &[(5, "a")]).to_string();
    let records = [record("17", &gzip(delivery.as_bytes())), record("18", b"text")];
    lambda
        .invoke(json!({"Records": records}).to_string())
        .await
        .response();
    assert_eq!(
        metadata(&receiver),
        [
            format!("a aws_kinesis_sequence=17 aws_log_stream=s aws_account={OWNER}"),
            "text aws_kinesis_sequence=18".to_owned()
        ]
    );
}

/// Stages read the facts like labels, and what they hold back keeps those of its first line.
#[tokio::test]
async fn stages_see_the_metadata() {
    for (stages, expected) in [
        (
            r#"[{"labels":{"stream":"aws_log_stream"}}]"#,
            vec![("a", true), ("  b", true)],
        ),
        (
            r#"[{"drop":{"source":"aws_event_id","expression":"1$"}}]"#,
            vec![("a", false)],
        ),
        (r#"[{"multiline":{"firstline":"^\\S"}}]"#, vec![("a\n  b", false)]),
    ] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver)
            .env("STRUCTURED_METADATA", "event_id,log_stream")
            .env("LOKI_STAGE_CONFIGS", stages)
            .start()
            .await;
        lambda.invoke(event(&["a", "  b"])).await.response();
        let mut entries = receiver.accepted();
        entries.sort_by_key(|entry| entry.timestamp_ns);
        let lines: Vec<(&str, bool)> = entries
            .iter()
            .map(|entry| {
                (
                    entry.line.as_str(),
                    entry.labels.contains("stream=\"2026/11/23/[$LATEST]6f1d\""),
                )
            })
            .collect();
        assert_eq!(lines, expected, "{stages}");
        assert_eq!(
            entries[0].metadata,
            [
                ("aws_event_id".to_owned(), format!("{:056}", 0)),
                ("aws_log_stream".to_owned(), "2026/11/23/[$LATEST]6f1d".to_owned())
            ],
            "{stages}"
        );
    }
}

#[tokio::test]
async fn nothing_is_attached_by_default() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, ALB_KEY, alb_line(0, "200"));
    let mut lambda = reading_from(&s3, pushing_to(&receiver)).start().await;
    for event in [
        of_accounts(),
        s3_event(&[ALB_KEY]),
        json!({"Records": [record("17", b"text")]}).to_string(),
    ] {
        lambda.invoke(event).await.response();
    }
    let entries = receiver.accepted();
    assert_eq!(entries.len(), 5);
    assert!(
        entries.iter().all(|entry| entry.metadata.is_empty()),
        "{entries:?}"
    );
}
