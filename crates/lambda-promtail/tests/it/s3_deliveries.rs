//! Objects that Amazon Data Firehose writes from a subscription of CloudWatch Logs, through the real binary.

use serde_json::json;
use testkit::compress::gzip;
use testkit::s3::{Answer, Object};

use crate::support::entries::arrived;
use crate::support::objects::WRITTEN_SECONDS;
use crate::support::setup::Setup;
use crate::support::{BUCKET, GROUP, LABELS, OWNER, s3_event};

/// The key that Firehose gives an object, which says nothing about its content.
const KEY: &str = "2026/11/24/06/cwl-1-2026-11-24-06-07-08-0a1b2c3d-0000-4000-8000-000000000001";
const AT: i64 = 1_795_500_428_000;

/// Returns a delivery, as Firehose receives it.
fn delivery(group: &str, messages: &[&str]) -> Vec<u8> {
    let events: Vec<_> = (AT..)
        .zip(messages)
        .map(|(at, message)| json!({"id": "0", "timestamp": at, "message": message}))
        .collect();
    let data = json!({
        "messageType": "DATA_MESSAGE",
        "owner": OWNER,
        "logGroup": group,
        "logStream": "s",
        "subscriptionFilters": ["f"],
        "logEvents": events,
    });
    gzip(data.to_string().as_bytes())
}

/// Returns the message by which CloudWatch Logs tests the Firehose stream.
fn control_message() -> Vec<u8> {
    let data = json!({
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [{"id": "", "timestamp": AT, "message": "CWL CONTROL MESSAGE: Checking health of destination Firehose."}],
    });
    gzip(data.to_string().as_bytes())
}

fn nanos(millis: i64) -> i128 {
    i128::from(millis) * 1_000_000
}

fn entry(labels: &str, millis: i64, line: &str) -> (String, i128, String) {
    (labels.to_owned(), nanos(millis), line.to_owned())
}

#[tokio::test]
async fn deliveries_of_an_object_arrive_like_those_of_a_subscription() {
    let object = [
        control_message(),
        delivery(GROUP, &["line 0\n", "line 1\n"]),
        delivery("/db", &["line 2"]),
        delivery(GROUP, &["line 3"]),
    ]
    .concat();
    let db = LABELS.replace(GROUP, "/db");
    let with_stream = |labels: &str| {
        labels.replace(
            ", __aws_cloudwatch_owner",
            ", __aws_cloudwatch_log_stream=\"s\", __aws_cloudwatch_owner",
        )
    };
    for (keep_stream, batch_size, concurrency) in [("false", "1", "1"), ("true", "100000", "8")] {
        let mut setup = Setup::new(&[
            ("UNKNOWN_S3_TYPE", "text"),
            ("KEEP_STREAM", keep_stream),
            ("BATCH_SIZE", batch_size),
            ("PUSH_CONCURRENCY", concurrency),
        ])
        .await;
        setup.receiver.keep_lokis_rules();
        setup.put(KEY, object.clone());
        // Twice, as AWS may deliver it.
        for _ in 0..2 {
            assert_eq!(setup.response(s3_event(&[KEY])).await["entries"], 4);
        }
        assert_eq!(setup.receiver.stored_count(), 4);
        let mut expected = vec![
            entry(LABELS, AT, "line 0\n"),
            entry(LABELS, AT, "line 3"),
            entry(LABELS, AT + 1, "line 1\n"),
            entry(&db, AT, "line 2"),
        ];
        if keep_stream == "true" {
            for (labels, ..) in &mut expected {
                *labels = with_stream(labels);
            }
        }
        expected.sort();
        let mut entries = arrived(&setup.receiver);
        entries.dedup();
        assert_eq!(entries, expected);
    }
}

/// Where Firehose decompresses the deliveries, they are JSON documents, with or without line breaks.
#[tokio::test]
async fn decompressed_deliveries_are_read_too() {
    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "text")]).await;
    let document = json!({"messageType": "DATA_MESSAGE", "owner": OWNER, "logGroup": GROUP, "logStream": "s", "subscriptionFilters": ["f"], "logEvents": [{"id": "0", "timestamp": AT, "message": "a"}]});
    for between in ["", "\n"] {
        setup.receiver.clear();
        setup.put(
            KEY,
            format!("{document}{between}{document}{between}").into_bytes(),
        );
        setup.response(s3_event(&[KEY])).await;
        let expected = [entry(LABELS, AT, "a"), entry(LABELS, AT, "a")];
        assert_eq!(arrived(&setup.receiver), expected);
    }
}

#[tokio::test]
async fn a_document_that_is_not_a_delivery_fails_the_object_after_those_before_it() {
    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "text")]).await;
    let bad = gzip(br#"{"level":"info"}"#);
    setup.put(
        KEY,
        [delivery(GROUP, &["a"]), bad, delivery(GROUP, &["b"])].concat(),
    );
    let error = setup.error(s3_event(&[KEY])).await;
    assert!(
        error.contains(&format!(
            "s3://{BUCKET}/{KEY}: JSON document 2: CloudWatch Logs data: not a delivery"
        )),
        "{error}"
    );
    assert_eq!(arrived(&setup.receiver), [entry(LABELS, AT, "a")]);
}

#[tokio::test]
async fn a_broken_download_leaves_only_whole_deliveries() {
    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "text")]).await;
    setup.receiver.keep_lokis_rules();
    let first = delivery(GROUP, &["a"]);
    let object = [first.clone(), delivery(GROUP, &["b"])].concat();
    let object = Object::new(object).last_modified(WRITTEN_SECONDS);
    setup.s3.put(BUCKET, KEY, object);
    setup
        .s3
        .answer_next([Answer::reset_after(first.len() as u64 + 30)]);
    setup.s3.answer_always(Answer::access_denied());
    setup.error(s3_event(&[KEY])).await;
    setup.s3.answer_as_usual();
    setup.response(s3_event(&[KEY])).await;
    assert_eq!(setup.receiver.stored_count(), 2);
}
