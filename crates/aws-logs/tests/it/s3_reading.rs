//! Properties of objects of all types, however they are cut into blocks.

use aws_logs::s3::{AccessLog, ObjectReader, ObjectType};
use loki_push::LabelSet;
use proptest::prelude::*;

use crate::s3_support;
use crate::s3_support::{
    LOAD_BALANCER, MSK, Read, all, drain, fallback, object, read, read_all, read_to, reader,
};

fn texts(object: &ObjectType, bytes: &[u8]) -> Vec<String> {
    read_all(object, bytes)
        .into_iter()
        .map(|line| line.text)
        .collect()
}

/// Returns one object of each type, and those whose type no key determines.
fn objects() -> Vec<ObjectType> {
    let mut objects: Vec<ObjectType> = all().collect();
    objects.push(ObjectType::text("bucket"));
    objects.push(ObjectType::cloudwatch(LabelSet::default()));
    objects.extend([AccessLog::Alb, AccessLog::CloudFront, AccessLog::Unknown].map(ObjectType::access_log));
    objects
}

#[test]
fn lines_end_as_upstreams_do() {
    let object = object(LOAD_BALANCER);
    for (bytes, lines) in [
        (&b"a\nb\n"[..], vec!["a", "b"]),
        (b"a\nb", vec!["a", "b"]),
        (b"a\r\nb\r", vec!["a", "b"]),
        (b"a\r\r\nb\rc", vec!["a\r", "b\rc"]),
        // Empty lines are lines: the caller decides whether to ship them.
        (b"\n\r\n\na", vec!["", "", "", "a"]),
        (b"", vec![]),
        (b"\n", vec![""]),
        (b"\r", vec![""]),
    ] {
        assert_eq!(texts(&object, bytes), lines, "{bytes:?}");
    }
}

#[test]
fn invalid_utf8_is_replaced_and_the_time_still_read() {
    let lines = read_all(
        &ObjectType::access_log(AccessLog::Alb),
        b"http 2026-03-04T05:06:07Z a\xff\xfeb - - - - - 200 \xe2\x82\n\xf0\x9f\x99\x82 1 2 3 4 5 6 7 \xff",
    );
    assert_eq!(
        lines,
        [
            Read::with_status(
                "http 2026-03-04T05:06:07Z a\u{fffd}\u{fffd}b - - - - - 200 \u{fffd}",
                1_772_600_767_000_000_000,
                "200"
            ),
            Read::with_status("🙂 1 2 3 4 5 6 7 \u{fffd}", 1_772_600_767_000_000_001, "Unknown"),
        ]
    );
}

#[test]
fn a_long_line_is_whole_and_alone() {
    let long = "x".repeat(3 << 20);
    let bytes = format!("before\n{long}\nafter\n");
    let blocks: Vec<&[u8]> = bytes.as_bytes().chunks(65_536).collect();
    let (lines, end) = read(&object(MSK), &blocks);
    end.unwrap();
    assert_eq!(
        lines,
        [
            Read::line("before", fallback(1)),
            Read::line(&long, fallback(2)),
            Read::line("after", fallback(3))
        ]
    );
}

#[test]
fn a_long_record_is_whole_and_alone() {
    let long = format!(r#"{{"a":"{}"}}"#, "x\\\"".repeat(1 << 20));
    let bytes = format!(r#"{{"Records":[{{}},{long},{{}}]}}"#);
    let blocks: Vec<&[u8]> = bytes.as_bytes().chunks(65_536).collect();
    let (lines, end) = read(&object(s3_support::CLOUDTRAIL), &blocks);
    end.unwrap();
    assert_eq!(
        lines,
        [
            Read::line("{}", fallback(1)),
            Read::line(&long, fallback(2)),
            Read::line("{}", fallback(3))
        ]
    );
}

#[test]
fn memory_is_bounded_by_the_longest_line() {
    let mut reader = reader(&object(LOAD_BALANCER));
    let block = "a line of some length\n".repeat(3000);
    for _ in 0..200 {
        reader.feed(block.as_bytes());
        while reader.lines().next_line().unwrap().is_some() {}
    }
    assert!(reader.space().capacity() < 4 * block.len());
}

#[test]
fn half_a_line_is_never_shipped() {
    for (object, time) in [
        (object(MSK), fallback(1)),
        (ObjectType::text("bucket"), fallback(0)),
    ] {
        let mut reader = reader(&object);
        let mut lines = Vec::new();
        reader.feed(b"whole\nhal");
        reader.abort();
        drain(&mut reader, &mut lines).unwrap();
        assert_eq!(lines, [Read::line("whole", time)]);
    }
}

#[test]
fn blocks_can_be_appended_in_place() {
    let mut reader = reader(&object(MSK));
    let mut lines = Vec::new();
    for block in [&b"a\nb"[..], b"c\n", b"", b"d"] {
        reader.space().extend_from_slice(block);
        drain(&mut reader, &mut lines).unwrap();
    }
    reader.finish();
    drain(&mut reader, &mut lines).unwrap();
    let texts: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
    assert_eq!(texts, ["a", "bc", "d"]);
}

#[test]
fn text_is_anything_but_binary_data() {
    assert_eq!(
        read_all(&ObjectType::text("bucket"), b"one\n\ttwo \xff\n"),
        [
            Read::line("one", fallback(0)),
            Read::line("\ttwo \u{fffd}", fallback(1))
        ]
    );
    for object in objects() {
        // The result does not depend on the blocks, the bytes before or the key.
        let (lines, end) = read(&object, &[b"{\"a\":1}\n", b"\x15\x00\x15"]);
        assert_eq!(lines, []);
        assert_eq!(
            end.unwrap_err().to_string(),
            "not text: binary data with a NUL at byte 9; only text and JSON are read; a filter of the bucket's \
             notification leaves such objects out"
        );
        let (lines, end) = read(&object, &[b"PAR", b"1\x15", b"\x04"]);
        assert_eq!(lines, []);
        let end = end.unwrap_err().to_string();
        assert!(end.starts_with("not text: begins as Parquet; "), "{end}");
    }
    // Far into the object, such a line is a line like others.
    let late = [vec![b'a'; 1023], b"\n\0\n".to_vec()].concat();
    for object in [ObjectType::text("bucket"), object(MSK)] {
        assert_eq!(texts(&object, &late)[1], "\0");
    }
}

/// A byte order mark of UTF-8 is text, and stays in the first line.
#[test]
fn a_mark_of_utf8_is_text() {
    assert_eq!(
        texts(&object(MSK), b"\xef\xbb\xbfone\ntwo\n"),
        ["\u{feff}one", "two"]
    );
}

/// Generates bytes that are significant to the readers.
fn object_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "\n",
            "\n",
            "\r\n",
            " ",
            "\t",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "#Fields: date time\n",
            "{\"Records\":[",
            "{\"configurationItems\":[",
            "\"eventTime\":\"2026-03-04T05:06:07Z\"",
            "version start end\n",
            "2026-03-04",
            "T05:06:07Z",
            "05:06:07",
            "1772600767034",
            "{\"timestamp\":1772600767034}\n",
            "[2026-03-04 05:06:07,123]",
            "[04/Mar/2026:05:06:07 +0000]",
            "-",
            "\"Records\"",
            "]}",
            "é",
            "null",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..4),
    ];
    // Some are longer than the bytes in which binary data are detected.
    let before = prop_oneof![3 => Just(0), 1 => 1_000..1_030_usize];
    (before, proptest::collection::vec(piece, 0..40)).prop_map(|(before, pieces)| {
        let mut bytes = vec![b' '; before];
        bytes.extend(pieces.concat());
        bytes
    })
}

proptest! {
    #[test]
    fn blocks_do_not_matter(bytes in object_bytes(), cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..8)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let blocks: Vec<&[u8]> = cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect();
        let single: Vec<&[u8]> = bytes.chunks(1 + bytes.len() / 200).collect();
        for object in objects() {
            for end in [ObjectReader::finish, ObjectReader::abort, ObjectReader::interrupt] {
                let whole = read_to(&object, &[&bytes], end);
                prop_assert_eq!(&read_to(&object, &blocks, end), &whole);
                prop_assert_eq!(&read_to(&object, &single, end), &whole);
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for object in objects() {
            let _ = read(&object, &[&bytes]);
        }
    }

    #[test]
    fn records_come_out_as_they_went_in(strings in proptest::collection::vec(any::<String>(), 0..5), pretty in any::<bool>()) {
        let records: Vec<String> = strings
            .iter()
            .map(|text| {
                let value = serde_json::json!({"a": [text, {text: null}], "b": {"c": [1, -2.5, true]}});
                if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() }
            })
            .collect();
        let json = format!(r#"{{"Records":[{}]}}"#, records.join(",\n"));
        prop_assert_eq!(texts(&object(s3_support::CLOUDTRAIL), json.as_bytes()), records);
    }
}
