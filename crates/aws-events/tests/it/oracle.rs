//! A comparison with the crate `aws_lambda_events`: this crate reads at least as many items of its examples
//! and of ours.
//!
//! Its types are used only in this test: they reject events with few fields, and a whole batch for one
//! invalid record, as the cases at the end show.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use aws_events::{Item, ItemError, parse};
use aws_lambda_events::cloudwatch_logs::LogsEvent;
use aws_lambda_events::eventbridge::EventBridgeEvent;
use aws_lambda_events::kafka::KafkaEvent;
use aws_lambda_events::kinesis::KinesisEvent;
use aws_lambda_events::s3::S3Event;
use aws_lambda_events::s3::batch_job::S3BatchJobEvent;
use aws_lambda_events::sns::SnsEvent;
use aws_lambda_events::sqs::SqsEvent;
use serde_json::{Value, json};

/// Returns the number of items that the other crate reads, or `None` for other kinds of events and for those
/// that it rejects.
fn items_there(event: &Value) -> Option<usize> {
    fn read<T: serde::de::DeserializeOwned>(event: &Value, items: impl FnOnce(T) -> usize) -> Option<usize> {
        Some(items(serde_json::from_value(event.clone()).ok()?))
    }

    let record = &event["Records"][0];
    let source = record["eventSource"].as_str().or(record["EventSource"].as_str());
    match source {
        Some("aws:s3") => return read(event, |event: S3Event| event.records.len()),
        Some("aws:sns") => return read(event, |event: SnsEvent| event.records.len()),
        Some("aws:sqs") => return read(event, |event: SqsEvent| event.records.len()),
        Some("aws:kinesis") => return read(event, |event: KinesisEvent| event.records.len()),
        _ => {}
    }
    if event.get("awslogs").is_some() {
        return read(event, |_: LogsEvent| 1);
    }
    if event.get("detail-type").is_some() {
        return read(event, |_: EventBridgeEvent| 1);
    }
    if event.get("tasks").is_some() {
        return read(event, |event: S3BatchJobEvent| event.tasks.len());
    }
    if event.get("bootstrapServers").is_some() {
        return read(event, |event: KafkaEvent| {
            event.records.values().map(Vec::len).sum()
        });
    }
    None
}

fn json_files(directory: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .collect();
    files.sort();
    files
}

/// Returns the paths of the examples in the other crate's source.
fn examples_there() -> Vec<PathBuf> {
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--filter-platform=x86_64-unknown-linux-gnu",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo metadata");
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages
        .iter()
        .find(|package| package["name"] == "aws_lambda_events")
        .unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    json_files(&manifest.with_file_name("src").join("fixtures"))
}

/// Counts the items that the other crate reads, and checks that this crate reads as many.
fn compared(name: &str, event: &Value) -> usize {
    let Some(there) = items_there(event) else {
        return 0;
    };
    let here = parse(event.to_string().as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
    // The other crate does not read the contents of messages.
    let is_read = |item: &&Item| matches!(item.content, Ok(_) | Err(ItemError::Message(_)));
    let read = here.items.iter().filter(is_read).count();
    // One message may contain several objects.
    assert!(read >= there, "{name}: {read} of {there} items");
    there
}

fn of_files(files: &[PathBuf]) -> usize {
    let compared = files.iter().map(|path| {
        let json = fs::read(path).unwrap();
        let event = serde_json::from_slice(&json).unwrap_or(Value::Null);
        compared(&path.display().to_string(), &event)
    });
    compared.sum()
}

#[test]
fn its_own_examples_are_read() {
    let items = of_files(&examples_there());
    // The number with version 1.2.1 of the crate.
    assert!(items >= 31, "{items}");
}

#[test]
fn our_samples_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let items = of_files(&json_files(&root.join("tests/events")))
        + of_files(&json_files(&root.join("../../samples")));
    assert!(items >= 20, "{items}");
}

fn s3_record() -> Value {
    json!({"eventSource": "aws:s3", "s3": {"bucket": {"name": "b"}, "object": {"key": "k"}}})
}

fn kinesis_record() -> Value {
    json!({"eventSource": "aws:kinesis", "kinesis": {"sequenceNumber": "1", "data": "aGk="}})
}

fn sns_record() -> Value {
    json!({"EventSource": "aws:sns", "Sns": {"Message": json!({"Records": [s3_record()]}).to_string()}})
}

fn batch(records: impl IntoIterator<Item = Value>) -> Value {
    json!({"Records": records.into_iter().collect::<Vec<_>>()})
}

/// Events as tests, forwarders and imitations of AWS send them.
#[test]
fn it_refuses_events_with_few_fields() {
    for event in [
        batch([s3_record()]),
        batch([kinesis_record()]),
        batch([sns_record()]),
        json!({
            "invocationSchemaVersion": "1.0", "invocationId": "i",
            "tasks": [{"taskId": "t", "s3Key": "k", "s3BucketArn": "arn:aws:s3:::b"}],
        }),
    ] {
        assert_eq!(items_there(&event), None, "{event}");
        let items = parse(event.to_string().as_bytes()).unwrap().items;
        assert!(items.len() == 1 && items[0].content.is_ok(), "{event}");
    }
}

/// This crate reads the other records, and the invalid one fails alone.
#[test]
fn it_refuses_a_batch_for_one_bad_record() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/events");
    for (file, member) in [
        ("s3.json", "/s3/object"),
        ("kinesis.json", "/kinesis/data"),
        ("sns.json", "/Sns/Message"),
        ("sqs.json", "/body"),
    ] {
        let event: Value = serde_json::from_slice(&fs::read(root.join(file)).unwrap()).unwrap();
        let good = event["Records"][0].clone();
        let mut bad = good.clone();
        *bad.pointer_mut(member).unwrap() = json!(7);
        assert_eq!(items_there(&batch([good.clone()])), Some(1), "{file}");
        let event = batch([good.clone(), bad, good]);
        assert_eq!(items_there(&event), None, "{file}");
        let items = parse(event.to_string().as_bytes()).unwrap().items;
        let read: Vec<bool> = items.iter().map(|item| item.content.is_ok()).collect();
        assert_eq!(read, [true, false, true], "{file}");
    }
}
