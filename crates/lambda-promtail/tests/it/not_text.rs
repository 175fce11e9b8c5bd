//! S3 objects that are not text although their keys are those of logs, through the real binary.

use std::io::Write;

use testkit::compress::{bzip2, gzip, zstd};

use crate::support::setup::Setup;
use crate::support::{ALB_KEY, BUCKET, alb_line, s3_event};

const CLOUDTRAIL_KEY: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz";
const CLOUDFRONT_KEY: &str = "cdn/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz";
const FLOW_LOG_KEY: &str = "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz";
const MSK_KEY: &str = "AWSLogs/111122223333/KafkaBrokerLogs/eu-west-1/orders-7f6b9b77-24f9-4921-87b6-d29a6401e292-3/2026-03-04-05/Broker-1_05-06_cab960bb.log.gz";
const UNKNOWN_KEY: &str = "app/server.log";

/// Delivers one object beside a good one, and checks that only the good one arrives. Returns the error.
async fn error_beside_a_good_one(setup: &mut Setup, key: &str, object: &[u8]) -> String {
    setup.receiver.clear();
    let good = ALB_KEY.replace("app.shop", "app.good");
    setup
        .s3
        .put(BUCKET, &good, gzip((alb_line(1, "200") + "\n").as_bytes()));
    setup.s3.put(BUCKET, key, object.to_vec());
    let invocation = setup.lambda.invoke(s3_event(&[key, &good])).await;
    let error = invocation.error().error_message.clone();
    assert!(
        error.starts_with(&format!("1 of 2 items not delivered: s3://{BUCKET}/{key}: ")),
        "{error}"
    );
    assert_eq!(
        setup.receiver.accepted_count(),
        1,
        "{key}: {}",
        object.escape_ascii()
    );
    error
}

/// Returns a zip archive with one stored file.
fn zip() -> Vec<u8> {
    [b"PK\x03\x04\x0a\0\0\0\0\0\0\0!\0\0\0\0\0", &[b'a'; 40][..]].concat()
}

/// Returns text in UTF-16 with a byte order mark.
fn utf16(big_endian: bool) -> Vec<u8> {
    "\u{feff}2026-03-04 ERROR a line\r\n"
        .encode_utf16()
        .flat_map(|unit| match big_endian {
            true => unit.to_be_bytes(),
            false => unit.to_le_bytes(),
        })
        .collect()
}

/// Returns a Parquet file that is longer than one block.
fn parquet() -> Vec<u8> {
    let mut file = b"PAR1\x15\x04\x15\xf4\x03\x15\xe6\x02L\x15".to_vec();
    for number in 0..20_000_u32 {
        file.write_all(&(number.wrapping_mul(2_654_435_761)).to_le_bytes())
            .unwrap();
    }
    file.extend_from_slice(b"\x15\x02\x19\x5c\x30\x01\0\0PAR1");
    file
}

fn formats() -> Vec<(&'static str, Vec<u8>)> {
    let text = b"2026-03-04 a line of text, and another\n".repeat(10);
    vec![
        ("Parquet", parquet()),
        ("a zip archive", zip()),
        ("xz", b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46".to_vec()),
        ("an LZ4 frame", b"\x04\x22\x4d\x18\x64\x40\xa7 some text".to_vec()),
        ("framed Snappy", b"\xff\x06\0\0sNaPpY\x01\x09\0\0".to_vec()),
        ("UTF-16", utf16(false)),
        ("UTF-16", utf16(true)),
        ("gzip", gzip(&text)),
        ("zstd", zstd(&text)),
        ("bzip2", bzip2(&text)),
        ("a NUL at byte 7", b"ELF...\n\0\0\0".to_vec()),
        (
            "control characters",
            b"\x08\x01\x12\x05hello\x18\x02\x22\x03abc".to_vec(),
        ),
    ]
}

#[tokio::test]
async fn no_key_makes_binary_data_a_log() {
    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "text")]).await;
    for key in [
        ALB_KEY,
        CLOUDTRAIL_KEY,
        CLOUDFRONT_KEY,
        FLOW_LOG_KEY,
        MSK_KEY,
        UNKNOWN_KEY,
    ] {
        for (name, object) in formats() {
            // Plain, and compressed as its key says. Data that is itself compressed is only decompressed once.
            let plain = (!matches!(name, "gzip" | "zstd" | "bzip2")).then(|| object.clone());
            for object in plain.into_iter().chain([gzip(&object)]) {
                let error = error_beside_a_good_one(&mut setup, key, &object).await;
                // Types that AWS delivers as Parquet are read as such.
                let is_named = error.contains("not text: ") && error.contains(name);
                assert!(
                    is_named || (name == "Parquet" && error.contains("corrupt Parquet")),
                    "{key}: {error}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_key_of_parquet_makes_nothing_else_a_log() {
    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "text")]).await;
    for key in ["x.parquet", &FLOW_LOG_KEY.replace(".gz", ".parquet")] {
        for (name, object) in formats() {
            let error = error_beside_a_good_one(&mut setup, key, &object).await;
            let expected = if name == "Parquet" {
                "corrupt Parquet"
            } else {
                "not Parquet: begins with "
            };
            assert!(error.contains(expected), "{key} {name}: {error}");
        }
    }
}

#[tokio::test]
async fn access_log_mode_ships_no_binary_data_either() {
    let variables = [
        ("ALB_LOG_S3", "elasticloadbalancing"),
        ("CLOUDFRONT_LOG_S3", "cdn/"),
    ];
    let mut setup = Setup::new(&variables).await;
    for key in [ALB_KEY, CLOUDFRONT_KEY, UNKNOWN_KEY] {
        for (name, object) in formats() {
            let error = error_beside_a_good_one(&mut setup, key, &gzip(&object)).await;
            assert!(
                error.contains("not text: ") && error.contains(name),
                "{key}: {error}"
            );
        }
    }
}

/// The error for a key of unknown type advises `UNKNOWN_S3_TYPE=text`, which then ships the object.
#[tokio::test]
async fn the_advice_in_an_error_works() {
    const PARQUET_KEY: &str = "AWSLogs/aws-account-id=111122223333/flow/x.log.parquet";
    let mut setup = Setup::new(&[]).await;
    let error = error_beside_a_good_one(&mut setup, PARQUET_KEY, &parquet()).await;
    assert!(error.contains("UNKNOWN_S3_TYPE=skip"), "{error}");
    let error = error_beside_a_good_one(&mut setup, UNKNOWN_KEY, b"a line\n").await;
    assert!(error.contains("UNKNOWN_S3_TYPE=skip"), "{error}");
    assert!(
        error.contains("UNKNOWN_S3_TYPE=text ships their lines if they are text"),
        "{error}"
    );

    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "skip")]).await;
    setup.s3.put(BUCKET, PARQUET_KEY, parquet());
    let invocation = setup.lambda.invoke(s3_event(&[PARQUET_KEY, UNKNOWN_KEY])).await;
    assert_eq!(invocation.response()["skipped"], 2);
    assert_eq!(setup.receiver.requests(), 0);

    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "text")]).await;
    setup.s3.put(BUCKET, UNKNOWN_KEY, "a line\n");
    let invocation = setup.lambda.invoke(s3_event(&[UNKNOWN_KEY])).await;
    assert_eq!(invocation.response()["entries"], 1);
}

#[tokio::test]
async fn text_of_any_kind_is_shipped() {
    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "text")]).await;
    let late = [&[b'a'; 1023][..], b"\nlate \0 NUL\n"].concat();
    let rows: [(&[u8], &[&str]); 7] = [
        (b"caf\xe9\ncr\xe8me\n", &["caf\u{fffd}", "cr\u{fffd}me"]),
        (b"\x1b[31mred\x1b[0m\n", &["\x1b[31mred\x1b[0m"]),
        (b"\xef\xbb\xbffirst\nsecond\n", &["\u{feff}first", "second"]),
        (b"a bell \x07\n", &["a bell \x07"]),
        (b"PARENT\n", &["PARENT"]),
        (b"x", &["x"]),
        (&late, &["late \0 NUL"]),
    ];
    for (object, expected) in rows {
        for key in [UNKNOWN_KEY, MSK_KEY] {
            for object in [object.to_vec(), gzip(object), zstd(object), bzip2(object)] {
                setup.receiver.clear();
                setup.s3.put(BUCKET, key, object);
                setup.lambda.invoke(s3_event(&[key])).await.response();
                let lines = setup.receiver.accepted().into_iter().map(|entry| entry.line);
                let lines: Vec<String> = lines.filter(|line| line.len() < 1000).collect();
                let mut expected = expected.to_vec();
                expected.sort_unstable();
                let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                lines.sort_unstable();
                assert_eq!(lines, expected, "{key}");
            }
        }
    }
}

/// A redelivery fails in the same way, and ships nothing.
#[tokio::test]
async fn a_redelivery_of_binary_data_ships_nothing() {
    let mut first = None;
    for (batch_size, in_flight) in [("131072", "1"), ("1", "16")] {
        let mut setup = Setup::new(&[("BATCH_SIZE", batch_size), ("PUSH_CONCURRENCY", in_flight)]).await;
        for _ in 0..2 {
            let error = error_beside_a_good_one(&mut setup, MSK_KEY, &parquet()).await;
            let outcome = (error, setup.receiver.accepted());
            let first = first.get_or_insert_with(|| outcome.clone());
            assert_eq!(*first, outcome);
        }
    }
}
