//! Objects of unknown type whose first record shows what they are.

use aws_logs::s3::{Content, ObjectReader, ObjectType, WINDOW};
use proptest::prelude::*;

use crate::s3_support::{Read, drain, fallback, read, read_all, read_to, reader};

/// 2026-03-04T05:06:07Z.
const AT: i128 = 1_772_600_767_000_000_000;
const MILLIS: i128 = 1_000_000;

const WAF: &str = r#"{"timestamp":1772600767034,"formatVersion":1,"webaclId":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/edge/aaaa","action":"ALLOW","httpRequest":{"args":"timestamp=1","headers":[]}}"#;
const EVENT: &str = r#"{"eventVersion":"1.09","eventTime":"2026-03-04T05:06:07Z","eventSource":"sts.amazonaws.com","eventID":"11111111-2222-3333-4444-555555555555"}"#;
const DELIVERY: &str = r#"{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/app","logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"0","timestamp":1795500428123,"message":"a"}]}"#;
const CONTROL: &str = r#"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1795500428000,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}"#;

fn unknown() -> ObjectType {
    ObjectType::text("bucket")
}

/// Returns the records of an object, and what they are.
fn records(bytes: &[u8]) -> (Vec<String>, Content) {
    let mut reader = reader(&unknown());
    reader.feed(bytes);
    reader.finish();
    let mut lines = Vec::new();
    drain(&mut reader, &mut lines).unwrap();
    let content = reader.lines().content();
    (lines.into_iter().map(|line| line.text).collect(), content)
}

#[test]
fn json_records_have_the_time_of_the_member_that_aws_writes() {
    for (record, time) in [
        (WAF, AT + 34 * MILLIS),
        (EVENT, AT),
        (
            r#"{"version":"1.1","query_timestamp":"2026-03-04T05:06:07Z","query_name":"a."}"#,
            AT,
        ),
        (
            r#"{"firewall_name":"fw","event_timestamp":"1772600767","event":{"timestamp":"2026-03-04T05:06:07.123456+0000"}}"#,
            AT + 123_456_000,
        ),
        (
            r#"{"firewall_name":"fw","event_timestamp":"1772600767","event":{}}"#,
            AT,
        ),
        (
            r#"{"startTime":"2026-03-04T05:06:07.034Z","userAgent":"x"}"#,
            AT + 34 * MILLIS,
        ),
        (
            r#"{"connection-log-type":"connection-attempt","connection-start-time":"2026-03-04 05:06:07"}"#,
            AT,
        ),
        (
            r#"{"configurationItemCaptureTime":"2026-03-04T05:06:07.123Z"}"#,
            AT + 123 * MILLIS,
        ),
        (
            r#"{"configurationItem":{},"notificationCreationTime":"2026-03-04T05:06:07.123Z"}"#,
            AT + 123 * MILLIS,
        ),
        (
            r#"{"eventCategory":"Aggregated","timeWindow":{"windowStart":"2026-03-04T05:06:07Z"}}"#,
            AT,
        ),
        (
            r#"{"schemaType":"ModelInvocationLog","timestamp":"2026-03-04T05:06:07Z"}"#,
            AT,
        ),
        (r#"{"date":"2026-03-04","time":"05:06:07","cs(Host)":"a"}"#, AT),
        (
            r#"{"timestamp(ms)":"1772600767034","c-ip":"203.0.113.7"}"#,
            AT + 34 * MILLIS,
        ),
        (
            r#"{"eventTimestamp":"1772600767034","connectionId":"x"}"#,
            AT + 34 * MILLIS,
        ),
        (
            r#"{"type":"https","time":"2026-03-04T05:06:07.000034Z","elb":"app/shop/0"}"#,
            AT + 34_000,
        ),
        (
            r#"{"activity_name":"Access Grant","time":"1772600767034"}"#,
            AT + 34 * MILLIS,
        ),
        (
            r#"{"createdAt":"2026-03-04T05:06:07.000Z","updatedAt":"2026-03-04T05:06:07.123Z"}"#,
            AT + 123 * MILLIS,
        ),
    ] {
        let without = r#"{"a":1}"#;
        let lines = [record, without, "", "text", record].map(str::to_owned);
        let text = lines.join("\r\n");
        let expected = [
            Read::line(record, time),
            Read::line(without, time + 1),
            Read::line("", time + 1),
            Read::line("text", time + 2),
            Read::line(record, time),
        ];
        assert_eq!(read_all(&unknown(), text.as_bytes()), expected, "{record}");

        // Amazon Data Firehose concatenates records as they are.
        let text = [record, without, " ", record].concat();
        let expected = [
            Read::line(record, time),
            Read::line(without, time + 1),
            Read::line(record, time),
        ];
        assert_eq!(read_all(&unknown(), text.as_bytes()), expected, "{record}");
    }
}

#[test]
fn records_of_cloudtrail_and_config_are_cut_out() {
    let aggregated = r#"{"eventId":"0a","eventCategory":"Aggregated","timeWindow":{"windowStart":"2026-03-04T05:06:07Z"}}"#;
    for (text, expected) in [
        (
            format!(r#"{{"Records":[{EVENT},{EVENT}]}}"#),
            vec![Read::line(EVENT, AT), Read::line(EVENT, AT)],
        ),
        (
            format!("{{\n \"Records\" : [\n  {EVENT} ]\n}}\n{{\"Records\":[]}}"),
            vec![Read::line(EVENT, AT)],
        ),
        (
            format!(r#"{{"Records":[{aggregated}]}}"#),
            vec![Read::line(aggregated, AT)],
        ),
        (
            r#"{"fileVersion":"1.0","configurationItems":[{"configurationItemCaptureTime":"2026-03-04T05:06:07Z"}]}"#.to_owned(),
            vec![Read::line(r#"{"configurationItemCaptureTime":"2026-03-04T05:06:07Z"}"#, AT)],
        ),
    ] {
        assert_eq!(read_all(&unknown(), text.as_bytes()), expected, "{text}");
    }
    // The array can be longer than the part of the object that is looked at.
    let text = format!(r#"{{"Records":[{}]}}"#, [EVENT; 2_000].join(","));
    let blocks: Vec<&[u8]> = text.as_bytes().chunks(1_000).collect();
    let (lines, end) = read(&unknown(), &blocks);
    assert_eq!((lines.len(), end), (2_000, Ok(())));
    let cut = format!(r#"{{"Records":[{EVENT},"#);
    let (lines, end) = read(&unknown(), &[cut.as_bytes()]);
    assert_eq!(lines.len(), 1);
    assert!(end.unwrap_err().to_string().contains("cut short"));
}

#[test]
fn deliveries_of_cloudwatch_are_told_by_their_members() {
    let large = DELIVERY.replace("\"a\"", &format!("\"{}\"", "a".repeat(2 * WINDOW)));
    let last = r#"{"logEvents":[],"logGroup":"/app","messageType":"DATA_MESSAGE"}"#;
    for first in [DELIVERY, CONTROL, &large, last] {
        for between in ["", "\n"] {
            let text = [first, between, DELIVERY, between].concat();
            let expected = vec![first.to_owned(), DELIVERY.to_owned()];
            assert_eq!(records(text.as_bytes()), (expected, Content::Deliveries));
        }
    }
    for other in [
        r#"{"messageType":"DATA_MESSAGE"}"#,
        r#"{"messageType":"DATA_MESSAGE","logGroup":"/app"}"#,
        r#"{"messageType":"OTHER","logGroup":"/app","logEvents":[]}"#,
        r#"{"messageType":"DATA_MESSAGE","logGroup":7,"logEvents":[]}"#,
        r#"{"messageType":"DATA_MESSAGE","logGroup":"/app","logEvents":{}}"#,
        r#"{"a":{"messageType":"DATA_MESSAGE","logGroup":"/app","logEvents":[]}}"#,
    ] {
        let expected = vec![other.to_owned()];
        assert_eq!(records(other.as_bytes()), (expected, Content::Lines));
    }
}

#[test]
fn w3c_headers_name_the_column_of_the_time() {
    for (header, line, time) in [
        (
            "#Version: 1.0\n#Fields: date time c-ip",
            "2026-03-04\t05:06:07\t203.0.113.7",
            AT,
        ),
        (
            "#Fields: c-ip timestamp(ms) cs-uri-stem",
            "203.0.113.7\t1772600767034\t/",
            AT + 34 * MILLIS,
        ),
        (
            "#Version: 1.0\n#Fields: type time elb",
            "https 2026-03-04T05:06:07.000034Z app/shop/0",
            AT + 34_000,
        ),
        (
            "#Software: x\n#Date: 2026-03-05\n#Fields: date time a",
            "2026-03-04 05:06:07 b",
            AT,
        ),
    ] {
        let fields = header.lines().last().unwrap_or_default();
        let text = [header, line, "# a comment", "-", fields, line].join("\n");
        let expected = [
            Read::line(line, time),
            Read::line("# a comment", time + 1),
            Read::line("-", time + 2),
            Read::line(line, time),
        ];
        assert_eq!(read_all(&unknown(), text.as_bytes()), expected, "{header}");
    }
}

/// A client cannot write a header, nor a time.
#[test]
fn a_later_header_does_not_move_the_time() {
    let text = "#Fields: cs-uri-stem x date time\n/a\t-\t2026-03-04\t05:06:07\n#Fields: date time\n2020-01-01\t00:00:00\n#Fields:\tdate\ttime\tx\n";
    let expected = [
        Read::line("/a\t-\t2026-03-04\t05:06:07", AT),
        Read::line("#Fields: date time", AT + 1),
        Read::line("2020-01-01\t00:00:00", AT + 2),
        Read::line("#Fields:\tdate\ttime\tx", AT + 3),
    ];
    assert_eq!(read_all(&unknown(), text.as_bytes()), expected);

    let nested = r#"{"timestamp":1772600767034,"uri":"\"timestamp\":1577836800000,\"eventTime\":\"2020-01-01T00:00:00Z\"","args":{"eventTime":"2020-01-01T00:00:00Z"}}"#;
    assert_eq!(
        read_all(&unknown(), nested.as_bytes()),
        [Read::line(nested, AT + 34 * MILLIS)]
    );
    let plain = "http 2020-01-01T00:00:00Z a";
    let text = [WAF, plain].join("\n");
    let expected = [
        Read::line(WAF, AT + 34 * MILLIS),
        Read::line(plain, AT + 34 * MILLIS + 1),
    ];
    assert_eq!(read_all(&unknown(), text.as_bytes()), expected);
}

#[test]
fn flow_logs_and_real_time_logs_are_told_by_their_first_line() {
    let flow = "2 10.0.1.5 203.0.113.7 1772600767 1772600787 ACCEPT";
    let accelerator = "2.0 111122223333 aaaa 1772600767 1772600787";
    let real_time = "1772600767.034\t203.0.113.7\t0.002\t200";
    for (header, line, time) in [
        ("version srcaddr dstaddr start end action\n", flow, AT),
        ("version srcaddr dstaddr start end action\r\n", flow, AT),
        (
            "version account_id accelerator_id start_time end_time\n",
            accelerator,
            AT,
        ),
        ("", real_time, AT + 34 * MILLIS),
    ] {
        let text = [header, line, "\n", line].concat();
        let expected = [Read::line(line, time), Read::line(line, time)];
        assert_eq!(read_all(&unknown(), text.as_bytes()), expected, "{header}");
    }
}

/// Objects without a known form stay text, with all of their lines.
#[test]
fn other_text_stays_as_it_is() {
    for text in [
        "",
        "a\n{\"timestamp\":1772600767034}\nb",
        "\n{\"timestamp\":1772600767034}",
        "{\"level\":\"info\",\"msg\":\"timestamp\"}\n{\"timestamp\":1772600767034}",
        "{\"timestamp\":\"yesterday\"}\n{\"a\":1}",
        // Not the time of a log.
        "{\"timestamp\":17}\n{\"a\":1}",
        "{\"time\":\"1970-01-01T00:00:00Z\"}\n",
        // Pretty-printed, or not JSON lines.
        "{\n  \"timestamp\": 1772600767034\n}\n{\n}\n",
        "{\"timestamp\":1772600767034}, {\"a\":1}\n",
        "{\"timestamp\":1772600767034} text\n",
        "{\"timestamp\":1772600767034",
        "{braces}\n#Fields: date time\n",
        "[{\"eventTime\":\"2026-03-04T05:06:07Z\"}]",
        "{\"Records\":[]}\n",
        "{\"Records\":[{\"eventTime\":\"2026-03-04T05:06:07Z\",\"s3\":{}}]}\n",
        "{\"Records\":[{\"eventID\":\"0a\",\"eventTime\":\"now\"}]}\n",
        "{\"other\":1,\"Records\":[{\"eventTime\":\"2026-03-04T05:06:07Z\",\"eventID\":\"0a\"}]}\n",
        "# a comment\n#Fields: date time\n2026-03-04 05:06:07\n",
        "#Version: 1.0\n#Fields: c-ip cs-uri-stem\na b\n",
        "#Version: 1.0\nmore\n#Fields: date time\n",
        "#!/bin/sh\n#Fields: date time\n",
        "start end\n1 2\n",
        "version srcaddr dstaddr\n1 2 3\n",
        "start the end of type\nversion\n",
        "1772600767.034 203.0.113.7\n",
        "1772600767034\t203.0.113.7\n",
        "0000000017.034\t203.0.113.7\n",
        "2026-03-04T05:06:07Z a\n",
    ] {
        let expected: Vec<Read> = text
            .lines()
            .zip(0..)
            .map(|(line, index)| Read::line(line, fallback(index)))
            .collect();
        assert_eq!(read_all(&unknown(), text.as_bytes()), expected, "{text}");
    }
}

/// A first record that is longer than the part that is looked at says nothing.
#[test]
fn the_first_record_must_be_near() {
    let long = format!(r#"{{"timestamp":1772600767034,"a":"{}"}}"#, "a".repeat(WINDOW));
    let text = [&long, "\n", WAF].concat();
    let expected = [Read::line(&long, fallback(0)), Read::line(WAF, fallback(1))];
    for size in [1_000, WINDOW - 1, WINDOW, WINDOW + 1, text.len()] {
        let blocks: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
        assert_eq!(read(&unknown(), &blocks), (expected.to_vec(), Ok(())), "{size}");
    }
    // The line break after the first record is part of what decides.
    for (more, is_near) in [(0, true), (1, false)] {
        let frame = r#"{"timestamp":1772600767034,"a":""}"#.len() + 1;
        let first = format!(
            r#"{{"timestamp":1772600767034,"a":"{}"}}"#,
            "a".repeat(WINDOW + more - frame)
        );
        let text = [&first, "\n"].concat();
        let time = if is_near { AT + 34 * MILLIS } else { fallback(0) };
        for blocks in [vec![text.as_bytes()], text.as_bytes().chunks(999).collect()] {
            assert_eq!(
                read(&unknown(), &blocks),
                (vec![Read::line(&first, time)], Ok(()))
            );
        }
    }
}

/// All lines are delivered, even if documents are followed by other text.
#[test]
fn lines_may_follow_concatenated_documents() {
    let time = AT + 34 * MILLIS;
    for (rest, lines) in [
        ("text\nmore", vec!["text", "more"]),
        ("[1]\n", vec!["[1]"]),
        ("{\"a\":\"\nb\n\nc", vec!["{\"a\":\"", "b", "", "c"]),
        ("{", vec!["{"]),
    ] {
        let text = [WAF, WAF, rest].concat();
        let (read, end) = read(&unknown(), &[text.as_bytes()]);
        end.unwrap();
        let texts: Vec<&str> = read[2..].iter().map(|line| &*line.text).collect();
        assert_eq!(texts, lines);
        assert!(read[..2].iter().all(|line| *line == Read::line(WAF, time)));
        assert_eq!(read[2].nanos, time + 1);
    }
    // A quote that is not closed could take in the rest of the object.
    let open = format!("{{\"a\":\"{}", "line\n".repeat(1_000));
    let text = [WAF, WAF, &open, WAF, "\n"].concat();
    for size in [1, 100, text.len()] {
        let mut reader = reader(&unknown()).with_longest_line(2_000);
        let mut lines = Vec::new();
        for block in text.as_bytes().chunks(size) {
            reader.feed(block);
            drain(&mut reader, &mut lines).unwrap();
        }
        reader.finish();
        drain(&mut reader, &mut lines).unwrap();
        assert_eq!(lines.len(), 2 + 1_000 + 1);
        assert_eq!(lines.last(), Some(&Read::line(WAF, time)));
    }
}

/// The rest of the object will decide at the next reading, so that nothing is shipped before.
#[test]
fn an_interrupted_object_waits_for_its_form() {
    for text in [&WAF[..40], WAF, "#Version: 1.0\n", "version srcaddr"] {
        let (lines, end) = read_to(&unknown(), &[text.as_bytes()], ObjectReader::interrupt);
        assert_eq!((lines, end), (vec![], Ok(())));
    }
    let text = [WAF, "\n{"].concat();
    let expected = vec![Read::line(WAF, AT + 34 * MILLIS)];
    for end in [ObjectReader::interrupt, ObjectReader::abort] {
        assert_eq!(
            read_to(&unknown(), &[text.as_bytes()], end),
            (expected.clone(), Ok(()))
        );
    }
}

/// This takes minutes if each byte starts the search from the beginning.
#[test]
fn an_object_can_arrive_in_single_bytes() {
    let text = [b"{\"a\":\"".to_vec(), vec![b'a'; 2 * WINDOW]].concat();
    let blocks: Vec<&[u8]> = text.chunks(1).collect();
    let (lines, end) = read(&unknown(), &blocks);
    assert_eq!((lines.len(), end), (1, Ok(())));
}

/// Generates objects whose beginnings are nearly recognised.
fn object_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            WAF,
            EVENT,
            DELIVERY,
            CONTROL,
            "{\"timestamp\":1772600767034}",
            "{\"Records\":[",
            "{\"configurationItems\":[{\"configurationItemCaptureTime\":\"2026-03-04T05:06:07Z\"},",
            "{\"messageType\":\"DATA_MESSAGE\",\"logGroup\":\"\",",
            "\"messageType\":\"OTHER\",",
            "\"logEvents\":[",
            "\"time\":\"2026-03-04T05:06:07Z\"",
            "]}",
            "{",
            "}",
            "\"",
            ",",
            "\n",
            "\r\n",
            " ",
            "#Version: 1.0\n",
            "#Fields: date time x\n",
            "2026-03-04\t05:06:07\t-",
            "version srcaddr start end",
            "1772600767.034\t",
            "text",
        ])
        .prop_map(str::to_owned),
        (WINDOW / 3..WINDOW).prop_map(|len| "a".repeat(len)),
        (0_usize..1_200).prop_map(|len| " ".repeat(len)),
    ];
    proptest::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn the_form_does_not_depend_on_blocks(
        bytes in object_bytes(),
        mut cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
        longest in prop_oneof![Just(usize::MAX), 1_usize..500],
    ) {
        let mut ends: Vec<usize> = cuts.drain(..).map(|cut| cut.index(bytes.len() + 1)).collect();
        ends.extend([0, bytes.len()]);
        ends.sort_unstable();
        let blocks: Vec<&[u8]> = ends.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect();
        let small: Vec<&[u8]> = bytes.chunks(1 + bytes.len() / 500).collect();
        for end in [ObjectReader::finish, ObjectReader::abort, ObjectReader::interrupt] {
            let read = |blocks: &[&[u8]]| {
                let mut reader = reader(&unknown()).with_longest_line(longest);
                let (mut lines, mut result) = (Vec::new(), Ok(()));
                for block in blocks {
                    reader.feed(block);
                    result = result.and_then(|()| drain(&mut reader, &mut lines));
                }
                end(&mut reader);
                result = result.and_then(|()| drain(&mut reader, &mut lines));
                let content = reader.lines().content();
                // The offset of a record that is too long is only near it.
                (lines, result.map_err(|error| std::mem::discriminant(&error)), content)
            };
            let whole = read(&[&bytes]);
            prop_assert_eq!(&read(&blocks), &whole);
            prop_assert_eq!(&read(&small), &whole);
        }
    }
}
