//! Helpers for the tests of the real binary.

#![allow(unreachable_pub, reason = "the modules are parts of one executable")]

pub mod continuation_queue;
pub mod entries;
pub mod kafka;
pub mod kinesis;
pub mod large_object;
pub mod limited;
pub mod msk;
pub mod objects;
pub mod setup;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use testkit::lambda::{Lambda, LambdaBuilder};
use testkit::receiver::Receiver;
use testkit::s3::S3;

pub const GROUP: &str = "/aws/lambda/checkout";
pub const OWNER: &str = "123456789012";
pub const LABELS: &str = r#"{__aws_cloudwatch_log_group="/aws/lambda/checkout", __aws_cloudwatch_owner="123456789012", __aws_log_type="cloudwatch"}"#;

/// Returns the path of the real binary: the one that cargo built, or the one that `LAMBDA_PROMTAIL_BINARY` names, with
/// which the same tests run the binary of another architecture under an emulator.
#[expect(
    clippy::disallowed_methods,
    reason = "this variable is for the test; the function gets its own from each test"
)]
pub fn binary() -> PathBuf {
    let named = std::env::var_os("LAMBDA_PROMTAIL_BINARY");
    named.map_or_else(|| env!("CARGO_BIN_EXE_lambda-promtail").into(), PathBuf::from)
}

/// Returns the real binary.
pub fn function() -> LambdaBuilder {
    Lambda::builder(binary())
}

/// Returns the path of the release binary. The memory and speed of an unoptimised one say nothing.
pub fn release_binary() -> PathBuf {
    let debug = Path::new(env!("CARGO_BIN_EXE_lambda-promtail"));
    let binary = debug
        .parent()
        .unwrap()
        .with_file_name("release")
        .join("lambda-promtail");
    assert!(
        binary.exists(),
        "{binary:?} is missing: cargo build --release -p lambda-promtail"
    );
    binary
}

/// Returns the real binary, which pushes to the receiver.
pub fn pushing_to(receiver: &Receiver) -> LambdaBuilder {
    function().env("WRITE_ADDRESS", receiver.url())
}

/// Returns a subscription event with these lines, a millisecond apart.
pub fn event(lines: &[&str]) -> String {
    let events: Vec<(i64, &str)> = (1_700_000_000_123..).zip(lines.iter().copied()).collect();
    testkit::events::cloudwatch_event(GROUP, "2026/11/23/[$LATEST]6f1d", OWNER, &events)
}

pub const BUCKET: &str = "my-logs";

/// Makes the function read objects from this S3.
pub fn reading_from(s3: &S3, function: LambdaBuilder) -> LambdaBuilder {
    function.env("AWS_ENDPOINT_URL_S3", s3.url())
}

/// The key of a load balancer's object.
pub const ALB_KEY: &str = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz";

/// Returns a line of a load balancer with this status, `number` microseconds after 2026-03-04T05:06:07Z.
pub fn alb_line(number: usize, status: &str) -> String {
    format!(
        "https 2026-03-04T05:06:07.{number:06}Z app/shop/0a1b 203.0.113.7:50111 10.0.3.4:8080 0.001 0.012 0.000 {status} 200 712 1534 \"GET https://shop.example.com:443/cart?id={number} HTTP/1.1\""
    )
}

/// Returns an S3 notification of these objects.
pub fn s3_event(keys: &[&str]) -> String {
    json!({"Records": keys.iter().map(|key| s3_record(key)).collect::<Vec<Value>>()}).to_string()
}

/// Returns the record of one object in an S3 notification.
pub fn s3_record(key: &str) -> Value {
    json!({
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-west-1",
        "eventTime": "2026-03-04T05:10:00.000Z",
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:EXAMPLE"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "logs",
            "bucket": {"name": BUCKET, "arn": format!("arn:aws:s3:::{BUCKET}")},
            "object": {"key": encoded(key), "size": 1, "sequencer": "0055AED6DCD90281E5"},
        },
    })
}

/// Encodes a key as S3 does in notifications.
fn encoded(key: &str) -> String {
    let mut encoded = String::new();
    for byte in key.bytes() {
        match byte {
            b' ' => encoded.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' | b'*' => {
                encoded.push(byte.into())
            }
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}
