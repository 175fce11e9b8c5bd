//! Records of streams, compressed or not: subscription data, text, or neither.

use aws_logs::cloudwatch::EventIds;
use aws_logs::record_content::{RecordContent, RecordError, open};
use proptest::prelude::*;
use testkit::compress::{Level, gzip, small_bzip2, zlib_at, zstd};

const DATA: &str = r#"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{"id":"e","timestamp":5,"message":"a"}]}"#;
const LIMIT: usize = 1 << 20;

/// Compresses the bytes in every format, with zlib's headers `x\x01`, `x^`, `x\x9c` and `x\xda`.
fn compressed(bytes: &[u8]) -> [(&'static str, Vec<u8>); 7] {
    [
        ("gzip", gzip(bytes)),
        ("zstd", zstd(bytes)),
        ("bzip2", small_bzip2(bytes)),
        ("zlib", zlib_at(Level::new(0), bytes)),
        ("zlib", zlib_at(Level::new(4), bytes)),
        ("zlib", zlib_at(Level::new(6), bytes)),
        ("zlib", zlib_at(Level::new(9), bytes)),
    ]
}

/// Returns the log groups of the deliveries, or the text, or the error.
fn opened(data: &[u8]) -> Result<Result<Vec<String>, Vec<u8>>, RecordError> {
    // The previous contents of the buffer must not matter.
    let mut inflated = b"of another record".to_vec();
    Ok(match open(data, LIMIT, EventIds::Skipped, &mut inflated)? {
        RecordContent::Subscription(deliveries) => Ok(deliveries
            .iter()
            .map(|data| data.log_group().to_owned())
            .collect()),
        RecordContent::Text(text) => Err(text.to_vec()),
    })
}

fn reason(data: &[u8]) -> String {
    opened(data).unwrap_err().to_string()
}

#[test]
fn subscription_data_is_told_by_what_it_says() {
    let content = |text: &str| opened(text.as_bytes()).unwrap();
    assert_eq!(content(DATA).unwrap(), ["g"]);
    let two = format!("{DATA}\n{}", DATA.replace(r#""g""#, r#""h""#));
    assert_eq!(content(&two).unwrap(), ["g", "h"]);
    for text in [
        "",
        "plain text",
        "{}",
        r#"{"messageType":"hello","logEvents":[]}"#,
        r#"{"level":"info","message":"an application's own JSON"}"#,
        "[1]",
        r#"{"messageType":"DATA_MESSAGE"}"#,
        r#"{"messageType":"CONTROL_MESSAGE","logGroup":"g"}"#,
        r#"{"messageType":"DATA_MESSAGE","logEvents":[{"timestamp":5,"message":"a"}]}"#,
        r#"{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":null}"#,
        &format!(r#"{DATA}{{"messageType":"DATA_MESSAGE"}}"#),
        &format!("{DATA} and more"),
        &format!("{DATA}{{}}"),
        &DATA[..DATA.len() - 1],
    ] {
        assert_eq!(content(text).unwrap_err(), text.as_bytes());
    }
}

#[test]
fn every_compression_is_opened() {
    for (name, data) in compressed(DATA.as_bytes()) {
        assert_eq!(opened(&data).unwrap().unwrap(), ["g"], "{name}");
    }
    for text in [&b""[..], b"a line\nanother\n", b"caf\xe9", b"\x1b[31mred\x1b[0m"] {
        for (name, data) in compressed(text) {
            assert_eq!(opened(&data).unwrap().unwrap_err(), text, "{name}");
        }
    }
}

#[test]
fn broken_records_fail_by_name() {
    for (name, data) in compressed(&b"0123456789".repeat(40)) {
        if data.starts_with(b"x^") {
            // These bytes can be text in Latin-1.
            continue;
        }
        let cut = reason(&data[..data.len() - 1]);
        let mut changed = data.clone();
        let last = changed.len() - 2;
        changed[last] ^= 0x10;
        if name == "zstd" {
            // These frames have no checksum.
            assert!(cut.contains("zstd is cut short"), "{cut}");
            continue;
        }
        let changed = reason(&changed);
        if name == "zlib" {
            assert!(cut.contains("not text"), "{cut}");
            assert!(changed.contains("not text"), "{changed}");
        } else {
            assert!(cut.contains(name) && cut.contains("cut short"), "{cut}");
            assert!(changed.contains(name), "{changed}");
        }
    }
    assert!(reason(b"\x1f\x8bnot gzip").starts_with("corrupt gzip near byte 0"));
    assert!(reason(b"\x28\xb5\x2f\xfdnot zstd").contains("zstd"));
    assert!(reason(b"BZh91AY&SYnot bzip2").contains("bzip2"));
}

#[test]
fn text_that_begins_as_compressed_data_do_is_text() {
    for text in [
        &b"x^2 + y^2 = z^2"[..],
        b"x^",
        b"x",
        b"HK 47",
        b"BZh91 is how some bzip2 begins",
        b"BZ",
        b"(a",
        b"P*M",
    ] {
        assert_eq!(
            opened(text).unwrap().unwrap_err(),
            text,
            "{}",
            text.escape_ascii()
        );
    }
}

#[test]
fn a_record_that_inflates_to_too_much_fails() {
    for (name, data) in compressed(&vec![b' '; LIMIT + 1]) {
        assert_eq!(
            reason(&data),
            "inflates to more than 1048576 bytes, the most that is read of one payload",
            "{name}"
        );
    }
}

#[test]
fn data_compressed_twice_are_decompressed_once() {
    for (inner, once) in compressed(b"some text, and some more text, and so on") {
        for (outer, twice) in compressed(&once) {
            let reason = reason(&twice);
            assert!(
                reason.starts_with(&format!("not text: begins as {inner}")),
                "{inner} in {outer}: {reason}"
            );
        }
    }
    let nested = testkit::corpora::kpl::aggregate(&[b"a"]);
    assert!(reason(&gzip(&nested)).starts_with("not text: begins as a KPL aggregate"));
}

#[test]
fn binary_data_fail_compressed_or_not() {
    for binary in [
        &b"\n\x05hello\x12\x03\x01\x02\x03"[..],
        b"PAR1\x15\x04\x15\x10",
        b"a\0b",
    ] {
        assert!(reason(binary).starts_with("not text: "));
        for (name, data) in compressed(binary) {
            assert!(reason(&data).starts_with("not text: "), "{name}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = opened(&bytes);
        for (_, data) in compressed(&bytes) {
            let _ = opened(&data);
            let _ = opened(&[&data[..data.len() / 2], &bytes].concat());
        }
    }

    #[test]
    fn text_comes_back(text in "[a-zA-Z0-9\u{c0}-\u{ff}{}\" \t\n^]{0,300}") {
        prop_assert_eq!(opened(text.as_bytes()).unwrap().unwrap_err(), text.as_bytes());
        for (_, data) in compressed(text.as_bytes()) {
            prop_assert_eq!(opened(&data).unwrap().unwrap_err(), text.as_bytes());
        }
    }
}
