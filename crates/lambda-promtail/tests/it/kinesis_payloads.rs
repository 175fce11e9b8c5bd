//! The content of Kinesis records, through the real binary: aggregates of the Kinesis Producer Library, every
//! compression, and bytes that are not text.

use serde_json::{Value, json};
use testkit::compress::{self, gzip, zlib, zstd};
use testkit::corpora::kpl::{aggregate, aggregate_of, sealed, user_record};
use testkit::lambda::LambdaBuilder;
use testkit::receiver::Receiver;

use crate::support::kinesis::{ARN, delivery, record};
use crate::support::pushing_to;

/// The records' time of arrival, in nanoseconds.
const ARRIVAL: i128 = 1_772_600_767_125_000_000;

/// The result of a batch: the sorted entries as labels, time and line, the items that failed, and the ERROR lines.
struct Outcome {
    entries: Vec<(String, i128, String)>,
    failed: Vec<String>,
    errors: Vec<String>,
}

impl Outcome {
    /// Returns the sorted lines.
    fn lines(&self) -> Vec<&str> {
        let mut lines: Vec<&str> = self.entries.iter().map(|(_, _, line)| &**line).collect();
        lines.sort_unstable();
        lines
    }
}

/// Delivers records with these data and sequence numbers from 1.
async fn deliver(data: &[&[u8]]) -> Outcome {
    let receiver = Receiver::start().await;
    let function = pushing_to(&receiver);
    deliver_to(&receiver, function, data).await
}

async fn deliver_to(receiver: &Receiver, function: LambdaBuilder, data: &[&[u8]]) -> Outcome {
    let mut lambda = function.env("REPORT_BATCH_ITEM_FAILURES", "true").start().await;
    let records: Vec<Value> = (1..)
        .zip(data)
        .map(|(number, data)| record(&format!("{number:03}"), data))
        .collect();
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    let failures = invocation.response()["batchItemFailures"].as_array().unwrap();
    let failed = failures
        .iter()
        .map(|item| item["itemIdentifier"].as_str().unwrap().to_owned())
        .collect();
    let mut entries: Vec<(String, i128, String)> = receiver
        .accepted()
        .into_iter()
        .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
        .collect();
    entries.sort();
    let is_error = |line: &&String| line.contains("ERROR") && line.contains("item=");
    let errors = invocation.logs.iter().filter(is_error);
    Outcome {
        entries,
        failed,
        errors: errors.cloned().collect(),
    }
}

/// Delivers one record, checks that nothing of it is shipped, and returns its error.
async fn error_of(data: &[u8]) -> String {
    let mut outcome = deliver(&[b"before", data]).await;
    assert_eq!(outcome.lines(), ["before"], "{}", data.escape_ascii());
    assert_eq!(outcome.failed, ["002"], "{}", data.escape_ascii());
    assert_eq!(outcome.errors.len(), 1, "{:?}", outcome.errors);
    outcome.errors.remove(0)
}

fn stream_labels() -> String {
    format!(r#"{{__aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis"}}"#)
}

/// Returns the labels of a subscription delivery that came through the stream.
fn group_labels(log_group: &str) -> String {
    format!(
        r#"{{__aws_cloudwatch_log_group="{log_group}", __aws_cloudwatch_owner="1", __aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis"}}"#
    )
}

#[tokio::test]
async fn each_user_record_of_an_aggregate_is_read_as_if_it_had_come_alone() {
    let json = r#"{"level":"info","n":1}"#;
    let plain = delivery("plain", "b");
    let records: [&[u8]; 8] = [
        json.as_bytes(),
        &gzip(delivery("zipped", "a").as_bytes()),
        plain.as_bytes(),
        &zlib(b"two\nlines\n"),
        b"",
        &zstd(delivery("zstd", "c").as_bytes()),
        b"caf\xe9",
        b"last line",
    ];
    let outcome = deliver(&[&aggregate(&records), b"alone"]).await;
    assert_eq!(outcome.failed, [""; 0], "{:?}", outcome.errors);
    let lines = [
        "a",
        "alone",
        "b",
        "c",
        "caf\u{fffd}",
        "last line",
        "lines",
        "two",
        json,
    ];
    assert_eq!(outcome.lines(), lines);
    for (labels, time, line) in &outcome.entries {
        let group = match &**line {
            "a" => "zipped",
            "b" => "plain",
            "c" => "zstd",
            _ => {
                assert_eq!(*labels, stream_labels());
                assert!((ARRIVAL..ARRIVAL + 1_000_000).contains(time), "{time} of {line}");
                continue;
            }
        };
        assert_eq!((labels, *time), (&group_labels(group), 5_000_000), "{line}");
    }
}

/// They share the time of their Kinesis record, and would be one entry in Loki if nothing were added to it.
#[tokio::test]
async fn equal_lines_of_user_records_stay_apart_and_in_order() {
    let records: Vec<&[u8]> = vec![b"again\nagain"; 300];
    let outcome = deliver(&[&aggregate(&records)]).await;
    assert_eq!(outcome.entries.len(), 600);
    let mut entries = outcome.entries;
    entries.dedup();
    assert_eq!(entries.len(), 600, "entries that Loki would take for one");

    let numbered: Vec<String> = (100..200).map(|number| format!("line {number}")).collect();
    let records: Vec<&[u8]> = numbered.iter().map(|line| line.as_bytes()).collect();
    let mut entries = deliver(&[&aggregate(&records)]).await.entries;
    entries.sort_by_key(|(_, time, _)| *time);
    assert!(entries.iter().map(|(_, _, line)| line).eq(&numbered));
}

#[tokio::test]
async fn good_user_records_beside_bad_ones_are_delivered_and_the_item_fails() {
    let nested = aggregate(&[b"inside"]);
    let messages = [
        user_record(b"first"),
        user_record(b"\x1f\x8bbroken"),
        user_record(&gzip(delivery("g", "second").as_bytes())),
        user_record(b"\n\x05hello\x12\x03\x01\x02\x03"),
        b"\x1a\x7fcut".to_vec(),
        user_record(&nested),
        user_record(&gzip(&gzip(b"compressed twice"))),
        user_record(b"third"),
    ];
    let outcome = deliver(&[&aggregate_of(&messages), b"alone"]).await;
    assert_eq!(outcome.failed, ["001"]);
    assert_eq!(outcome.lines(), ["alone", "first", "second", "third"]);
    let named = [
        ("user record 2 of the KPL aggregate: gzip is cut short", 1),
        ("user record 4 of the KPL aggregate: not text: binary data", 1),
        ("user record 5 of the KPL aggregate: invalid protobuf", 1),
        (
            "user record 6 of the KPL aggregate: not text: begins as a KPL aggregate",
            1,
        ),
        ("user record 7 of the KPL aggregate: not text: begins as gzip", 1),
        ("Kinesis record 001", 5),
    ];
    for (text, count) in named {
        let lines = outcome.errors.iter().filter(|line| line.contains(text));
        assert_eq!(lines.count(), count, "{text}: {:#?}", outcome.errors);
    }
}

#[tokio::test]
async fn an_aggregate_with_another_checksum_is_binary_data() {
    let good = aggregate(&[b"one", b"two"]);
    let mut changed = good.clone();
    changed[12] ^= 1;
    for data in [
        &changed[..],
        &good[..good.len() - 1],
        &good[..4],
        &[&good[..], b"\n"].concat(),
    ] {
        let error = error_of(data).await;
        assert!(
            error.contains("Kinesis record 002") && error.contains("the MD5 at its end"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_aggregate_that_breaks_off_fails_after_its_good_user_records() {
    let record = [&[0x1a, 7][..], &user_record(b"one")].concat();
    let outcome = deliver(&[&sealed(&[&record[..], b"\x1a\x40cut"].concat())]).await;
    assert_eq!(outcome.lines(), ["one"]);
    assert_eq!(outcome.failed, ["001"]);
    assert!(
        outcome.errors[0].contains("invalid protobuf at byte 13"),
        "{:?}",
        outcome.errors
    );
}

#[tokio::test]
async fn every_compression_is_told_by_its_magic_number() {
    for (name, compress) in compress::ALL {
        let group = delivery("g", "from a log group");
        let outcome = deliver(&[
            &compress(group.as_bytes()),
            &compress(b"{\"a\":1}\n{\"a\":2}\n"),
            &compress("grün\n".as_bytes()),
            &compress(b""),
        ])
        .await;
        assert_eq!(outcome.failed, [""; 0], "{name}: {:?}", outcome.errors);
        assert_eq!(
            outcome.lines(),
            ["from a log group", "grün", r#"{"a":1}"#, r#"{"a":2}"#],
            "{name}"
        );
        assert!(
            outcome
                .entries
                .contains(&(group_labels("g"), 5_000_000, "from a log group".to_owned()))
        );
    }
}

#[tokio::test]
async fn broken_compressed_data_fail_by_name() {
    let text = (0..200)
        .map(|number| format!("line {number}\n"))
        .collect::<String>();
    for (name, compress) in compress::ALL {
        let whole = compress(text.as_bytes());
        let error = error_of(&whole[..whole.len() - 1]).await;
        assert!(error.contains(name), "{error}");
        let error = error_of(&whole[..whole.len() / 2]).await;
        assert!(error.contains(name), "{error}");
        let error = error_of(&compress(&whole)).await;
        assert!(error.contains(&format!("not text: begins as {name}")), "{error}");
    }
}

#[tokio::test]
async fn what_is_not_text_fails_by_name() {
    let avro = b"Obj\x01\x04\x16avro.schema\x8e\x02{\"type\":\"record\"}";
    for (data, name) in [
        (&b"\n\x05hello\x12\x03\x01\x02\x03"[..], "binary data"),
        (b"\x82\xa1a\x01\xa1b\x00", "a NUL at byte 6"),
        (b"PAR1\x15\x04\x15\x10\x15\x14", "Parquet"),
        (avro, "Avro"),
        (b"\xff\xfeh\0i\0", "UTF-16"),
        (b"PK\x03\x04\x14\0\0\0", "a zip archive"),
    ] {
        for data in [data.to_vec(), gzip(data)] {
            let error = error_of(&data).await;
            assert!(error.contains(r#"item="Kinesis record 002""#), "{error}");
            assert!(error.contains(": not text: "), "{error}");
            assert!(error.contains(name), "{error}");
        }
    }
}

#[tokio::test]
async fn text_stays_text_whatever_it_looks_like() {
    let texts: [&[u8]; 7] = [
        b"x^2 + y^2",
        b"PARENT started",
        b"caf\xe9 cr\xe8me",
        b"\x1b[1m\x1b[31mERROR\x1b[0m",
        b"a bell\x07",
        b"\xef\xbb\xbfmarked",
        b"BZh9 is no bzip2",
    ];
    let outcome = deliver(&texts).await;
    assert_eq!(outcome.failed, [""; 0], "{:?}", outcome.errors);
    let mut expected: Vec<String> = texts
        .iter()
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    expected.sort();
    assert_eq!(outcome.lines(), expected);
}

#[tokio::test]
async fn a_redelivery_is_identical_whatever_the_batches() {
    let many: Vec<String> = (0..400).map(|number| format!("line {}", number % 7)).collect();
    let many: Vec<&[u8]> = many.iter().map(|line| line.as_bytes()).collect();
    let mixed = aggregate(&[
        b"a\na",
        b"\x1f\x8bbroken",
        &gzip(delivery("g", "b").as_bytes()),
        b"a\0binary",
        &zlib(b"a\na\n"),
    ]);
    let data: [&[u8]; 5] = [
        &aggregate(&many),
        &mixed,
        &zstd(b"x\ny\nx\n"),
        b"\n\x05hello\x12\x03\x01\x02\x03",
        b"PAR1\x15\x04",
    ];
    let mut first = None;
    for (batch_size, in_flight) in [("131072", "1"), ("200", "4"), ("1", "16")] {
        let receiver = Receiver::start().await;
        let function = pushing_to(&receiver)
            .env("BATCH_SIZE", batch_size)
            .env("PUSH_CONCURRENCY", in_flight);
        let outcome = deliver_to(&receiver, function, &data).await;
        assert_eq!(outcome.failed, ["002"], "the lowest one that failed");
        assert_eq!(outcome.entries.len(), 400 + 5 + 3);
        let first = first.get_or_insert_with(|| outcome.entries.clone());
        assert_eq!(*first, outcome.entries);
    }
}
