//! Lines and records of S3 objects that do not fit in the function's memory, under a limit of 128 MB that the system
//! enforces.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use testkit::compress::gzip;
use testkit::lambda::Outcome;
use testkit::receiver::Receiver;
use testkit::s3::S3;

use crate::support::limited::{sqs, within_128_mb};
use crate::support::{ALB_KEY, BUCKET, alb_line, reading_from, release_binary, s3_event};

const MIB: usize = 1 << 20;
const CLOUDTRAIL_KEY: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_0123456789abcdef.json.gz";

/// Returns `start`, this many MiB of one byte, and `end`, as gzip.
fn gzipped(start: &str, mib: usize, byte: u8, end: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(start.as_bytes()).unwrap();
    let block = vec![byte; MIB];
    for _ in 0..mib {
        encoder.write_all(&block).unwrap();
    }
    encoder.write_all(end.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Delivers the object after a good one, then the good one again. Checks that only the object fails, with `reason` if
/// one is given, and returns the number of entries that arrived.
async fn ships(program: impl AsRef<Path>, key: &str, object: Vec<u8>, reason: Option<&str>) -> usize {
    ships_through(program, "", key, object, reason).await
}

/// Delivers as [`ships`] does, with these pipeline stages.
async fn ships_through(
    program: impl AsRef<Path>,
    stages: &str,
    key: &str,
    object: Vec<u8>,
    reason: Option<&str>,
) -> usize {
    let (receiver, s3) = (Receiver::counting().await, S3::start().await);
    let good = ALB_KEY.replace("2et2e1mx", "good");
    s3.put(BUCKET, &good, alb_line(1, "200"));
    s3.put(BUCKET, key, object);
    let function = within_128_mb(program)
        .env("WRITE_ADDRESS", receiver.url())
        .env("LOKI_STAGE_CONFIGS", stages)
        .env("REPORT_BATCH_ITEM_FAILURES", "true");
    let mut lambda = reading_from(&s3, function)
        .timeout(Duration::from_secs(60))
        .start()
        .await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid();
    let event = sqs(&[("good", s3_event(&[&good])), ("large", s3_event(&[key]))]);
    let invocation = lambda.invoke(event).await;
    let Outcome::Response(reply) = &invocation.outcome else {
        unreachable!("{:?}: {:#?}", invocation.outcome, invocation.logs)
    };
    match reason {
        Some(reason) => {
            assert_eq!(
                *reply,
                json!({"batchItemFailures": [{"itemIdentifier": "large"}]})
            );
            let named =
                |line: &&String| line.contains("ERROR") && line.contains(key) && line.contains(reason);
            assert_eq!(
                invocation.logs.iter().filter(named).count(),
                1,
                "{:#?}",
                invocation.logs
            );
        }
        // Whether the time is enough for the whole object depends on the machine.
        None if *reply != json!({"batchItemFailures": []}) => {
            assert_eq!(
                *reply,
                json!({"batchItemFailures": [{"itemIdentifier": "large"}]})
            );
            let is_named = |line: &String| line.contains("ERROR") && line.contains(key);
            assert!(invocation.logs.iter().any(is_named), "{:#?}", invocation.logs);
        }
        None => {}
    }
    let arrived = receiver.accepted_count();
    let again = lambda.invoke(s3_event(&[&good])).await;
    assert_eq!(again.response()["entries"], 1);
    assert_eq!(lambda.pid(), pid);
    arrived
}

fn debug_binary() -> &'static str {
    env!("CARGO_BIN_EXE_lambda-promtail")
}

#[tokio::test]
async fn a_line_longer_than_a_sixteenth_of_the_memory_fails_its_object() {
    let first = alb_line(2, "200") + "\n";
    let object = gzipped(&first, 40, b'x', "\n");
    let arrived = ships(debug_binary(), ALB_KEY, object, Some("longer than 8388608 bytes")).await;
    assert_eq!(
        arrived, 2,
        "the good object's line, and the one before the long one"
    );
}

#[tokio::test]
async fn a_line_within_the_limit_is_delivered() {
    let arrived = ships(debug_binary(), ALB_KEY, gzipped("", 8, b'x', "\r\n"), None).await;
    assert_eq!(arrived, 2);
}

#[tokio::test]
async fn a_record_of_a_json_array_is_bounded_too() {
    let object = gzipped(r#"{"Records":[{"a":""#, 40, b'x', r#""}]}"#);
    let arrived = ships(
        debug_binary(),
        CLOUDTRAIL_KEY,
        object,
        Some("longer than 8388608 bytes"),
    )
    .await;
    assert_eq!(arrived, 1);
}

#[tokio::test]
#[ignore = "needs the release binary"]
async fn a_line_of_a_gibibyte_fails_its_object() {
    let object = gzipped("", 1024, b'x', "\n");
    ships(
        release_binary(),
        ALB_KEY,
        object,
        Some("longer than 8388608 bytes"),
    )
    .await;
}

#[tokio::test]
#[ignore = "needs the release binary"]
async fn a_gibibyte_of_empty_lines_is_accounted_for() {
    let object = gzipped("", 1024, b'\n', "");
    assert_eq!(ships(release_binary(), ALB_KEY, object, None).await, 1);
}

/// A GiB of zeros is 1 MB of gzip, and that is 1 kB when it is compressed again.
#[tokio::test]
async fn an_object_that_is_gzip_in_gzip_is_not_opened_twice() {
    let object = gzip(&gzip(&gzipped("", 64, 0, "")));
    ships(debug_binary(), ALB_KEY, object, None).await;
}

/// The format allows windows of terabytes, for which the decoder would have to allocate memory.
#[tokio::test]
async fn a_zstd_frame_with_a_huge_window_fails_its_object() {
    // RFC 8878, 3.1.1: the magic number, a descriptor without flags, a window of 2^41 bytes, an empty last block.
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0x00, 0x00];
    let arrived = ships(debug_binary(), ALB_KEY, frame.to_vec(), Some("zstd")).await;
    assert_eq!(arrived, 1);
}

/// Without optimization the stages take up to a minute for these lines, which is the function's timeout.
#[tokio::test]
#[ignore = "needs the release binary"]
async fn lines_that_stages_hold_back_are_bounded() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let block = vec![b'x'; MIB];
    for _ in 0..160 {
        encoder.write_all(&block).unwrap();
        encoder.write_all(b"\n").unwrap();
    }
    let multiline = r#"[{"multiline":{"firstline":"^x","max_lines":0}},{"multiline":{"firstline":"^https","max_lines":0}}]"#;
    let cri = r#"[{"replace":{"expression":"^(.)","replace":"2026-03-04T05:06:07Z stdout P "}},{"cri":{}}]"#;
    let object = encoder.finish().unwrap();
    for stages in [multiline, cri] {
        let arrived = ships_through(release_binary(), stages, ALB_KEY, object.clone(), None).await;
        assert!(arrived >= 160 / 8, "{arrived} entries of 160 MiB: {stages}");
    }
}

#[tokio::test]
#[ignore = "needs the release binary"]
async fn a_json_array_with_a_record_of_a_gibibyte_fails_its_object() {
    let object = gzipped(r#"{"Records":[{"a":""#, 1024, b'x', r#""}]}"#);
    let reason = Some("longer than 8388608 bytes");
    ships(release_binary(), CLOUDTRAIL_KEY, object, reason).await;
}
