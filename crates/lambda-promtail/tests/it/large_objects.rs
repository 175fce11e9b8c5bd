//! A GiB of a load balancer's lines, through the release binary.
//!
//! `cargo build --release -p lambda-promtail`, then run with `--ignored`.

#![allow(
    clippy::print_stdout,
    reason = "the test is run for the figures that it prints"
)]

use std::time::Duration;

use testkit::lambda::Lambda;
use testkit::receiver::Receiver;
use testkit::s3::{Object, S3};

use crate::support::large_object::{GIBIBYTE, LARGE_KEY as KEY, write_object};
use crate::support::{BUCKET, reading_from, release_binary, s3_event};

/// Ships the object, and returns the peak of resident memory in bytes.
async fn ship(receiver: &Receiver, middle: Option<&str>) -> u64 {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("object.gz");
    let lines = write_object(&path, GIBIBYTE, middle);
    let s3 = S3::start().await;
    s3.put(
        BUCKET,
        KEY,
        Object::file(&path).unwrap().last_modified(1_772_601_000),
    );
    let function = Lambda::builder(release_binary())
        .env("WRITE_ADDRESS", receiver.url())
        // A line of 32 MiB is accepted with 1024 MB of memory or more.
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
    let mut lambda = reading_from(&s3, function)
        .timeout(Duration::from_secs(900))
        .start()
        .await;
    let invocation = lambda.invoke(s3_event(&[KEY])).await;
    assert_eq!(invocation.response()["entries"], lines);
    assert_eq!(
        (receiver.accepted_count(), receiver.distinct_count()),
        (lines, lines)
    );
    println!(
        "{lines} lines in {:?}, peak memory {} KiB",
        invocation.elapsed,
        lambda.peak_resident_bytes() >> 10
    );
    lambda.peak_resident_bytes()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute, and needs the release binary"]
async fn a_gibibyte_arrives_whole_in_24_mib() {
    let receiver = Receiver::counting().await;
    let peak = ship(&receiver, None).await;
    assert!(peak <= 24 << 20, "{peak} bytes");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute, and needs the release binary"]
async fn a_line_of_32_mib_in_the_middle_arrives_whole() {
    let receiver = Receiver::counting().await;
    let long = format!(
        "https 2026-03-04T05:06:07.123456Z {}",
        "0123456789abcdef".repeat(2 << 20)
    );
    let peak = ship(&receiver, Some(&long)).await;
    // The line, its copy in the batch, and the body before and after compression.
    assert!(peak < 160 << 20, "{peak} bytes");
}
