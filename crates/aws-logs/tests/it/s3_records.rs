//! Objects that are one JSON array of records.

use crate::s3_support::{CLOUDTRAIL, CONFIG, Read, drain, fallback, object, read, read_all, reader};

const RECORD: &str = r#"{"eventVersion":"1.09","userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com"},"eventTime":"2026-03-04T05:06:07Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"eu-west-1","eventID":"11111111-2222-3333-4444-555555555555"}"#;
const AT: i128 = 1_772_600_767_000_000_000;

fn texts(json: &str) -> Vec<String> {
    read_all(&object(CLOUDTRAIL), json.as_bytes())
        .into_iter()
        .map(|line| line.text)
        .collect()
}

/// Returns the text of the error, and the number of records before it.
fn error(json: &str) -> (usize, String) {
    let (lines, end) = read(&object(CLOUDTRAIL), &[json.as_bytes()]);
    (lines.len(), end.unwrap_err().to_string())
}

#[test]
fn each_record_is_a_line() {
    let json = format!(r#"{{"Records":[{RECORD},{RECORD}]}}"#);
    assert_eq!(
        read_all(&object(CLOUDTRAIL), json.as_bytes()),
        [Read::line(RECORD, AT), Read::line(RECORD, AT)]
    );
}

#[test]
fn a_configuration_item_is_a_line() {
    let item = r#"{"configurationItemCaptureTime":"2026-03-04T05:06:07.123Z","resourceType":"AWS::EC2::Instance","resourceId":"i-0a1b","awsAccountId":"111122223333","configurationItemStatus":"OK"}"#;
    let json = format!(r#"{{"fileVersion":"1.0","configurationItems":[{item}]}}"#);
    assert_eq!(
        read_all(&object(CONFIG), json.as_bytes()),
        [Read::line(item, AT + 123_000_000)]
    );
}

#[test]
fn a_record_stays_as_it_is_written() {
    for record in [
        r#"{"id":9007199254740993,"n":1.0,"big":1e21,"a":"<b>&</b>","b":1,"a":2}"#,
        r#"{"broken":"\ud800 \udc00","quote":"\"}]{[","back":"\\"}"#,
        "{\n  \"pretty\": [\n    1,\n    {}\n  ]\n}",
        "{ }",
        "[[],{}]",
        "\"a string\"",
        "17",
        "null",
    ] {
        for json in [
            format!(r#"{{"Records":[{record}]}}"#),
            format!("\n{{\n\t\"Records\" : [\r\n {record} , \n{record}\n ]\n}}\n"),
        ] {
            let texts = texts(&json);
            assert!(
                !texts.is_empty() && texts.iter().all(|text| text == record),
                "{json}: {texts:?}"
            );
        }
    }
}

#[test]
fn the_array_may_be_anywhere_at_the_top() {
    for json in [
        r#"{"meta":{"Records":[{"no":1}]},"list":["Records",[]],"n":12,"s":"Records\"","Records":[{"yes":1}],"after":[{"no":2}]}"#,
        r#"{"Records":[{"yes":1}]}{"Records":[]}"#,
        r#"{"Records":[]} {"other":null,"Records":[{"yes":1}]}"#,
    ] {
        assert_eq!(texts(json), [r#"{"yes":1}"#], "{json}");
    }
    assert!(texts(r#"{"Records":[]}"#).is_empty());
    assert!(texts("").is_empty());
    assert!(texts(" \n").is_empty());
}

#[test]
fn the_time_is_the_records_own() {
    for (record, time) in [
        (
            r#"{"requestParameters":{"eventTime":"2020-01-01T00:00:00Z"},"eventTime":"2026-03-04T05:06:07Z"}"#,
            AT,
        ),
        (
            r#"{"a":"\"eventTime\":\"2020-01-01T00:00:00Z\"","eventTime" : "2026-03-04T05:06:07Z"}"#,
            AT,
        ),
        (
            r#"{"requestParameters":{"eventTime":"2020-01-01T00:00:00Z"}}"#,
            fallback(1),
        ),
        (r#"{"eventTime":1772600767}"#, fallback(1)),
        (r#"{"eventTime":"2026-02-29T05:06:07Z"}"#, fallback(1)),
        ("17", fallback(1)),
    ] {
        let json = format!(r#"{{"Records":[{record}]}}"#);
        assert_eq!(
            read_all(&object(CLOUDTRAIL), json.as_bytes()),
            [Read::line(record, time)]
        );
    }
    let json = r#"{"Records":[{"a":1},{"a":1}]}"#;
    let lines = read_all(&object(CLOUDTRAIL), json.as_bytes());
    assert_eq!(
        lines,
        [
            Read::line(r#"{"a":1}"#, fallback(1)),
            Read::line(r#"{"a":1}"#, fallback(2))
        ]
    );
}

#[test]
fn an_object_cut_short_gives_its_whole_records_and_then_an_error() {
    let json = format!(r#"{{"v":1,"Records":[{RECORD},{RECORD}]}}"#);
    let first_ends = r#"{"v":1,"Records":["#.len() + RECORD.len();
    for cut in 1..json.len() {
        let (records, message) = error(&json[..cut]);
        let whole = match cut {
            cut if cut < first_ends => 0,
            cut if cut < first_ends + 1 + RECORD.len() => 1,
            _ => 2,
        };
        assert_eq!(records, whole, "cut at {cut}");
        assert_eq!(
            message,
            format!(r#"JSON array "Records" cut short after {whole} records, at byte {cut}"#)
        );
    }
}

#[test]
fn an_aborted_object_gives_its_complete_records_and_no_error() {
    let mut reader = reader(&object(CLOUDTRAIL));
    let mut lines = Vec::new();
    reader.feed(format!(r#"{{"Records":[{RECORD},{{"half":"#).as_bytes());
    reader.abort();
    reader.finish();
    drain(&mut reader, &mut lines).unwrap();
    assert_eq!(lines, [Read::line(RECORD, AT)]);
}

#[test]
fn the_error_names_what_was_found_in_place_of_records() {
    for (json, records, message) in [
        ("hello", 0, "expected a JSON object at byte 0, found 'h'"),
        ("[]", 0, "expected a JSON object at byte 0, found '['"),
        ("\u{1}", 0, r"expected a JSON object at byte 0, found '\x01'"),
        ("{}", 0, r#"JSON object has no array "Records""#),
        (r#"{"a":[1]}"#, 0, r#"JSON object has no array "Records""#),
        (
            r#"{"Records":[{}]}{}"#,
            1,
            r#"JSON object has no array "Records""#,
        ),
        (r#"{"Records":{}}"#, 0, r#"JSON object has no array "Records""#),
        (r#"{"Records":null}"#, 0, r#"JSON object has no array "Records""#),
        (
            r#"{Records:[]}"#,
            0,
            "expected a name or the end of the JSON object at byte 1, found 'R'",
        ),
        (r#"{"Records"[]}"#, 0, "expected a colon at byte 10, found '['"),
        (r#"{"a":}"#, 0, "expected a JSON value at byte 5, found '}'"),
        (
            r#"{"Records":[{} ;{}]}"#,
            1,
            "expected a JSON value at byte 15, found ';'",
        ),
        (
            r#"{"Records":[{}]}x"#,
            1,
            "expected a JSON object at byte 16, found 'x'",
        ),
    ] {
        assert_eq!(error(json), (records, message.to_owned()), "{json}");
    }
}

#[test]
fn an_error_is_reported_once() {
    let mut reader = reader(&object(CLOUDTRAIL));
    // The object must have enough bytes for the check that it is text.
    reader.feed(&[&b"hello {\"Records\":[{}]}"[..], &[b' '; 1024]].concat());
    assert!(reader.lines().next_line().is_err());
    reader.finish();
    assert_eq!(reader.lines().next_line().unwrap(), None);
}

#[test]
fn an_object_that_is_not_text_is_reported_once() {
    let mut reader = reader(&object(CLOUDTRAIL));
    reader.feed(b"\0\0\0\0");
    reader.finish();
    assert!(reader.lines().next_line().is_err());
    assert_eq!(reader.lines().next_line().unwrap(), None);
}

/// Returns the texts and times of an object with this key, and the error if there is one.
fn documents(key: &str, json: &str) -> (Vec<(String, i128)>, Option<String>) {
    let whole = read(&object(key), &[json.as_bytes()]);
    // However it is cut.
    let bytes: Vec<&[u8]> = json.as_bytes().chunks(1).collect();
    assert_eq!(read(&object(key), &bytes), whole, "{json}");
    let (lines, end) = whole;
    (
        lines.into_iter().map(|line| (line.text, line.nanos)).collect(),
        end.err().map(|error| error.to_string()),
    )
}

#[test]
fn aggregated_events_are_an_array_or_a_list() {
    let key = CLOUDTRAIL.replace("_CloudTrail_", "_CloudTrail-Aggregated_");
    let key = key.replace("/CloudTrail/", "/CloudTrail-Aggregated/");
    let event = r#"{"eventId":"a","timeWindow":{"windowStart":"2026-03-04T05:06:07Z","windowEnd":"2026-03-04T05:10:07Z"},"summary":{"details":[]}}"#;
    for (json, events) in [
        (format!(r#"{{"Records":[{event}]}}"#), 1),
        (format!("[{event}]"), 1),
        (format!(" [\n{event} ,\n{event}] \n"), 2),
        (format!(r#"[{event}][]{{"Records":[{event}]}}[{event}]"#), 3),
        ("[]".to_owned(), 0),
    ] {
        let expected = vec![(event.to_owned(), AT); events];
        assert_eq!(documents(&key, &json), (expected, None), "{json}");
    }
    for (json, events, error) in [
        (
            format!("[{event},"),
            1,
            &*format!(
                r#"JSON array "Records" cut short after 1 records, at byte {}"#,
                event.len() + 2
            ),
        ),
        (format!("[{event}],"), 1, ""),
        (
            r#"{"Other":[]}"#.to_owned(),
            0,
            "JSON object has no array \"Records\"",
        ),
        ("17".to_owned(), 0, "expected a JSON object at byte 0, found '1'"),
    ] {
        let (read, message) = documents(&key, &json);
        assert_eq!(
            (read.len(), message.unwrap_or_default()),
            (events, error.to_owned()),
            "{json}"
        );
    }
}

#[test]
fn an_oversized_notification_is_a_line() {
    let key = "AWSLogs/111122223333/Config/eu-west-1/2026/3/4/OversizedChangeNotification/AWS::EC2::SecurityGroup/sg-0a1b2c3d/111122223333_Config_eu-west-1_ChangeNotification_AWS::EC2::SecurityGroup_sg-0a1b2c3d_20260304T050607Z_1772600767000.json.gz";
    let item = r#""configurationItem":{"configurationItemCaptureTime":"2026-03-04T05:06:07Z","tags":{"notificationCreationTime":"2019-01-01T00:00:00Z"}}"#;
    let with_time = format!("{{\n  {item},\n  \"notificationCreationTime\":\"2026-03-04T05:06:08Z\"\n}}");
    let without = format!("{{{item}}}");
    for (json, expected) in [
        (with_time.clone(), vec![(with_time.clone(), AT + 1_000_000_000)]),
        (format!("{without}\n"), vec![(without.clone(), AT)]),
        (
            format!("{without} {with_time}"),
            vec![(without.clone(), AT), (with_time.clone(), AT + 1_000_000_000)],
        ),
        (String::new(), vec![]),
    ] {
        assert_eq!(documents(key, &json), (expected, None), "{json}");
    }
    let (lines, error) = documents(key, &format!("{without}{{\"a\":"));
    assert_eq!(lines.len(), 1);
    let at = without.len() + 5;
    assert_eq!(
        error,
        Some(format!(
            "JSON document cut short after 1 complete ones, at byte {at}"
        ))
    );
    let (_, error) = documents(key, "[1]");
    assert_eq!(
        error.as_deref(),
        Some("expected a JSON object at byte 0, found '['")
    );
}
