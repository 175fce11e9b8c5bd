//! Payloads that inflate to more than the function's memory, under a limit of 128 MB that the system enforces.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use testkit::compress;
use testkit::compress::gzip;
use testkit::corpora::kpl::{aggregate, aggregate_of, user_record};
use testkit::events::cloudwatch_data;
use testkit::lambda::Lambda;
use testkit::receiver::Receiver;

use crate::support::kinesis::{delivery, record};
use crate::support::limited::within_128_mb;
use crate::support::{LABELS, event};

const MIB: usize = 1 << 20;

/// Returns this many MiB of one byte, as gzip.
fn bomb(mib: usize, byte: u8) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let block = vec![byte; MIB];
    for _ in 0..mib {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

async fn limited(receiver: &Receiver) -> Lambda {
    within_128_mb(env!("CARGO_BIN_EXE_lambda-promtail"))
        .env("WRITE_ADDRESS", receiver.url())
        .env("REPORT_BATCH_ITEM_FAILURES", "true")
        .timeout(Duration::from_secs(60))
        .start()
        .await
}

/// Checks that the process survived: it is still the same one, and delivers the next event.
async fn goes_on(lambda: &mut Lambda, pid: Option<u32>, receiver: &Receiver) {
    let before = receiver.accepted_count();
    assert_eq!(lambda.invoke(event(&["good"])).await.response()["entries"], 1);
    assert_eq!(lambda.pid(), pid);
    assert_eq!(receiver.accepted_count(), before + 1);
    let last = receiver.accepted().pop().unwrap();
    assert_eq!((last.labels.as_str(), last.line.as_str()), (LABELS, "good"));
}

/// Delivers a Kinesis bomb between good records, and checks that only its record fails.
async fn fails_its_record(bomb: &[u8], reason: &str) {
    let receiver = Receiver::start().await;
    let mut lambda = limited(&receiver).await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid();
    let records: [Value; 3] = [
        record("1", b"before"),
        record("2", bomb),
        record("3", &gzip(delivery("g", "after").as_bytes())),
    ];
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    assert_eq!(
        *invocation.response(),
        json!({"batchItemFailures": [{"itemIdentifier": "2"}]})
    );
    let named =
        |line: &&String| line.contains("ERROR") && line.contains("Kinesis record 2") && line.contains(reason);
    assert_eq!(
        invocation.logs.iter().filter(named).count(),
        1,
        "{:#?}",
        invocation.logs
    );
    let lines: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
    assert!(lines.contains(&"before".to_owned()) && lines.contains(&"after".to_owned()));
    goes_on(&mut lambda, pid, &receiver).await;
}

#[tokio::test]
async fn half_a_megabyte_of_kinesis_gzip_fails_its_record() {
    fails_its_record(&bomb(120, b' '), "inflates to more than").await;
}

#[tokio::test]
async fn many_gzip_members_are_bounded_together() {
    let member = bomb(1, b'\n');
    fails_its_record(&member.repeat(100), "inflates to more than").await;
}

#[tokio::test]
async fn a_bomb_of_each_compression_fails_its_record() {
    for (name, compress) in compress::ALL {
        println!("{name}");
        fails_its_record(&compress(&vec![b' '; 120 * MIB]), "inflates to more than").await;
    }
}

/// A zstd window of 32 MiB is accepted, and one of a GiB is not.
#[tokio::test]
async fn windows_of_zstd_are_bounded() {
    let frame = |window_descriptor: u8| {
        // A frame without a content size: blocks of 128 KiB that repeat a byte, and no last block.
        let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0, window_descriptor];
        for _ in 0..1_000 {
            frame.extend_from_slice(&[0x02, 0x00, 0x10, b' ']);
        }
        frame
    };
    fails_its_record(&frame(15 << 3), "inflates to more than").await;
    fails_its_record(&frame(20 << 3), "corrupt zstd").await;
}

#[tokio::test]
async fn user_records_of_an_aggregate_are_bounded_together() {
    let half = compress::zstd(&vec![b'\n'; 6 * MIB]);
    let records: Vec<&[u8]> = vec![&half; 20];
    fails_its_record(
        &aggregate(&records),
        "user record 3 of the KPL aggregate: inflates to more than",
    )
    .await;
}

/// The good user records beside it are delivered, both plain and compressed ones.
#[tokio::test]
async fn a_bomb_among_user_records_fails_only_itself() {
    let receiver = Receiver::start().await;
    let mut lambda = limited(&receiver).await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid();
    let good = gzip(delivery("g", "good").as_bytes());
    for (name, compress) in compress::ALL {
        receiver.clear();
        let bomb = compress(&vec![b' '; 64 * MIB]);
        let records = [record(
            "1",
            &aggregate(&[b"before", &bomb, &good, &bomb, b"after"]),
        )];
        let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
        assert_eq!(
            *invocation.response(),
            json!({"batchItemFailures": [{"itemIdentifier": "1"}]}),
            "{name}"
        );
        let mut lines: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
        lines.sort();
        assert_eq!(lines, ["after", "before", "good"], "{name}");
    }
    goes_on(&mut lambda, pid, &receiver).await;
}

/// The largest event holds this many user records; none may cost memory before it is read.
#[tokio::test]
async fn a_million_empty_user_records_are_read() {
    let receiver = Receiver::start().await;
    let mut lambda = limited(&receiver).await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid();
    // A message without the field `data` is not a user record.
    for (message, failed) in [(user_record(b""), 0), (Vec::new(), 1)] {
        let count = 3 * MIB / (message.len() + 2);
        let records = [record("1", &aggregate_of(&vec![message; count]))];
        let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
        let failures = invocation.response()["batchItemFailures"].as_array().unwrap();
        assert_eq!(failures.len(), failed);
    }
    goes_on(&mut lambda, pid, &receiver).await;
}

/// An aggregate inside an aggregate is not opened.
#[tokio::test]
async fn nested_aggregates_are_not_opened() {
    let mut nested = aggregate(&[b"inside"]);
    for _ in 0..1_000 {
        nested = aggregate(&[&nested]);
    }
    fails_its_record(&nested, "not text: begins as a KPL aggregate").await;
}

/// The JSON is just small enough to be read, and holds as many log events as fit.
#[tokio::test]
async fn log_events_that_take_more_memory_than_json_are_delivered() {
    let receiver = Receiver::start().await;
    let mut lambda = limited(&receiver).await;
    let events = vec![r#"{"timestamp":5}"#; 15 * MIB / 16].join(",");
    let json = format!(r#"{{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{events}]}}"#);
    let invocation = lambda.invoke(cloudwatch_data(&gzip(json.as_bytes()))).await;
    assert_eq!(invocation.response()["dropped"]["empty_line"], 15 * MIB / 16);
    let pid = lambda.pid();
    goes_on(&mut lambda, pid, &receiver).await;
}

/// As many log events as fit, in forms that AWS does not write. Each that cannot be read fails with an error.
#[tokio::test]
async fn log_events_of_any_form_take_bounded_memory() {
    let receiver = Receiver::start().await;
    let mut lambda = limited(&receiver).await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid();
    let data = |events: String| {
        let json = format!(r#"{{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{events}]}}"#);
        cloudwatch_data(&gzip(json.as_bytes()))
    };
    let repeated = |event: &str| vec![event; 15 * MIB / (event.len() + 1)].join(",");
    let invocation = lambda.invoke(data(repeated(r#"{"timestamp":5.0}"#))).await;
    assert_eq!(invocation.response()["entries"], 0);
    let one_bad = repeated(r#"{"timestamp":5}"#) + r#",{"timestamp":5.5}"#;
    let invocation = lambda.invoke(data(one_bad)).await;
    let error = &invocation.error().error_message;
    assert!(error.contains("its timestamp has a fraction"), "{error}");
    for event in ["{}", "7", "{\"a\":5}"] {
        let invocation = lambda.invoke(data(repeated(event))).await;
        let error = &invocation.error().error_message;
        assert!(error.contains("CloudWatch Logs data"), "{event}: {error}");
    }
    let accounts = (0..3 * MIB / 70)
        .map(|number| format!(r#"{{"timestamp":5,"extractedFields":{{"@aws.account":"{number}"}}}}"#));
    let accounts: Vec<String> = accounts.collect();
    let invocation = lambda.invoke(data(accounts.join(","))).await;
    assert_eq!(invocation.response()["dropped"]["empty_line"], accounts.len());
    goes_on(&mut lambda, pid, &receiver).await;
}

/// Text without a line break is one line, and each invalid byte becomes a character of three bytes.
#[tokio::test]
async fn a_record_that_is_one_line_of_bytes_that_are_not_utf8_is_accounted_for() {
    let receiver = Receiver::start().await;
    let mut lambda = limited(&receiver).await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid();
    let records = [record("1", &bomb(8, 0xff))];
    let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
    assert_eq!(*invocation.response(), json!({"batchItemFailures": []}));
    goes_on(&mut lambda, pid, &receiver).await;
}

#[tokio::test]
async fn a_cloudwatch_bomb_fails_its_event() {
    let receiver = Receiver::start().await;
    let mut lambda = limited(&receiver).await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid();
    let invocation = lambda.invoke(cloudwatch_data(&bomb(200, b' '))).await;
    let error = &invocation.error().error_message;
    assert!(
        error.contains("CloudWatch Logs data: inflates to more than 16777216 bytes"),
        "{error}"
    );
    goes_on(&mut lambda, pid, &receiver).await;
}

/// Data that is compressed twice is only decompressed once.
#[tokio::test]
async fn nested_gzip_is_not_inflated_to_its_end() {
    let receiver = Receiver::start().await;
    let mut lambda = limited(&receiver).await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid();
    let nested = gzip(&gzip(&bomb(200, 0)));
    let invocation = lambda.invoke(cloudwatch_data(&nested)).await;
    assert!(invocation.error().error_message.contains("CloudWatch Logs data"));
    goes_on(&mut lambda, pid, &receiver).await;
}
