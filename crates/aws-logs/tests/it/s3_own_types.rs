//! Objects of types that users describe.

use aws_logs::s3::{ObjectReader, ObjectType, OwnTypes};
use proptest::prelude::*;

use crate::s3_support::{Read, fallback, read, read_all, read_to};

/// 2026-03-04T05:06:07Z.
const AT: i128 = 1_772_600_767_000_000_000;
const SECOND: i128 = 1_000_000_000;

/// Returns the type that these members describe, besides the name and a key.
fn object(members: &str) -> ObjectType {
    let json = format!(r#"[{{"name": "s3_app", "key": ".", {members}}}]"#);
    let types = OwnTypes::parse(&json).unwrap();
    types.find("apps/1.log").unwrap()
}

fn with_time(format: &str, time: &str) -> ObjectType {
    object(&format!(r#""format": "{format}", "time": {time}"#))
}

fn labels(types: &str, key: &str) -> Option<String> {
    let object = OwnTypes::parse(types).unwrap().find(key)?;
    Some(object.labels().to_string())
}

/// Returns the error of an object, and the number of lines before it.
fn error(object: &ObjectType, bytes: &str) -> (usize, String) {
    let (lines, end) = read(object, &[bytes.as_bytes()]);
    (lines.len(), end.unwrap_err().to_string())
}

#[test]
fn labels_come_from_the_groups_of_the_key() {
    let types = r#"[
        {"name": "s3_app", "key": "^apps/(?P<app>[^/]+)/(?<owner>\\d{12})/(?:(?P<src>[a-z]+)-)?", "format": "lines",
         "labels": {"app": "${app}", "path": "$1/$src$$", "team": "shop"}},
        {"name": "s3_app", "key": "^legacy/(?P<src>.+)\\.txt$", "format": "lines"},
        {"name": "s3_lb", "key": "albs/", "format": "lines"}
    ]"#;
    for (key, expected) in [
        (
            "apps/checkout/111122223333/web-1.log",
            Some(
                r#"{__aws_log_type="s3_app", __aws_s3_app="web", __aws_s3_app_owner="111122223333", app="checkout", path="checkout/web$", team="shop"}"#,
            ),
        ),
        (
            "apps/checkout/111122223333/1.log",
            Some(
                r#"{__aws_log_type="s3_app", __aws_s3_app_owner="111122223333", app="checkout", path="checkout/$", team="shop"}"#,
            ),
        ),
        (
            "legacy/a/b.txt",
            Some(r#"{__aws_log_type="s3_app", __aws_s3_app="a/b"}"#),
        ),
        ("my/albs/x", Some(r#"{__aws_log_type="s3_lb"}"#)),
        ("x/apps/checkout/111122223333/", None),
        ("legacy/.txt", None),
        ("", None),
    ] {
        assert_eq!(labels(types, key).as_deref(), expected, "{key}");
    }
}

#[test]
fn lines_have_the_time_that_an_expression_finds() {
    let object = with_time(
        "lines",
        r#"{"regex": "^\\[([^\\]]+)\\]", "format": "2006-01-02 15:04:05.000"}"#,
    );
    let text = "[2026-03-04 05:06:07.250] a\r\n  at b [2026-03-04 05:06:08.000]\n[2026-03-04 05:06:09.000] \u{fffd}\n";
    let lines = [
        Read::line("[2026-03-04 05:06:07.250] a", AT + SECOND / 4),
        Read::line("  at b [2026-03-04 05:06:08.000]", AT + SECOND / 4 + 1),
        Read::line("[2026-03-04 05:06:09.000] \u{fffd}", AT + 2 * SECOND),
    ];
    assert_eq!(read_all(&object, text.as_bytes()), lines);
    let invalid = [&text.as_bytes()[..text.len() - 4], b"\xff\n"].concat();
    assert_eq!(read_all(&object, &invalid), lines);
}

#[test]
fn an_object_without_times_has_that_of_its_writing() {
    for (format, text, expected) in [
        ("lines", "a\nb\n", ["a", "b"]),
        ("json", "{\"a\":1}{\"b\":2}", ["{\"a\":1}", "{\"b\":2}"]),
        ("json_array", "[1,\n\"b\"]", ["1", "\"b\""]),
        ("csv", "x,y\n1,2\n3,4\n", ["1,2", "3,4"]),
        ("w3c", "x y\n1 2\n3 4\n", ["1 2", "3 4"]),
    ] {
        let object = object(&format!(r#""format": "{format}""#));
        let lines = read_all(&object, text.as_bytes());
        let [first, second] = expected;
        assert_eq!(
            lines,
            [Read::line(first, fallback(0)), Read::line(second, fallback(1))],
            "{format}"
        );
    }
}

#[test]
fn a_document_has_the_time_of_a_member() {
    let object = with_time("json", r#"{"field": "event.ts", "format": "RFC3339"}"#);
    let text = r#"{"event":{"ts":"2026-03-04T05:06:07Z"},"m":"{\"ts\":\"2030-01-01T00:00:00Z\"}"}
{"event.ts":"2026-03-04T05:06:08Z"}{"ts":"2030-01-01T00:00:00Z","event":{"ts":null}}
{
  "event": {"note": "2030-01-01T00:00:00Z", "ts": "2026-03-04T05:06:09Z"}
}"#;
    let times: Vec<i128> = read_all(&object, text.as_bytes())
        .iter()
        .map(|line| line.nanos)
        .collect();
    assert_eq!(times, [AT, AT + SECOND, AT + SECOND + 1, AT + 2 * SECOND]);
}

#[test]
fn a_member_may_be_a_number_or_a_string() {
    for (format, value) in [
        ("unix", "1772600767"),
        ("unix", "\"1772600767.0\""),
        ("unix_ms", "1772600767000"),
        ("unix_us", "\"1772600767000000\""),
        ("unix_ns", "1772600767000000000"),
        ("02\\/Jan\\/2006 15:04:05", r#""04\/Mar\/2026 05:06:07""#),
        ("RFC3339", r#""2026-03-04T05:06:07\u005a""#),
    ] {
        let object = with_time("json", &format!(r#"{{"field": "t", "format": "{format}"}}"#));
        let lines = read_all(&object, format!(r#"{{"t":{value}}}"#).as_bytes());
        assert_eq!(lines[0].nanos, AT, "{format}: {value}");
    }
    let object = with_time("json", r#"{"field": "t", "format": "unix"}"#);
    for value in [
        "true",
        "null",
        "[1772600767]",
        "{\"t\":1772600767}",
        "\"\"",
        "1e9",
        "99999999999999",
    ] {
        let lines = read_all(&object, format!(r#"{{"t":{value}}}"#).as_bytes());
        assert_eq!(lines[0].nanos, fallback(1), "{value}");
    }
}

#[test]
fn records_are_the_elements_of_an_array() {
    let time = r#""time": {"field": "t", "format": "unix"}"#;
    let named = object(&format!(r#""format": "json_array", "records": "items", {time}"#));
    let text = r#"{"n":[1],"items":[{"t":1},{"t":2}]}{"items":[]}"#;
    let records = [
        Read::line(r#"{"t":1}"#, SECOND),
        Read::line(r#"{"t":2}"#, 2 * SECOND),
    ];
    assert_eq!(read_all(&named, text.as_bytes()), records);
    assert_eq!(
        error(&named, "{\"n\":[]}"),
        (0, "JSON object has no array \"items\"".to_owned())
    );
    let cut_short = "JSON array \"items\" cut short after 1 records, at byte 18";
    assert_eq!(error(&named, r#"{"items":[{"t":1},"#), (1, cut_short.to_owned()));

    let list = object(&format!(r#""format": "json_array", {time}"#));
    assert_eq!(read_all(&list, br#"[{"t":1}, {"t":2}]"#), records);
    assert_eq!(
        error(&list, text),
        (0, "expected a JSON array at byte 0, found '{'".to_owned())
    );
    assert_eq!(
        error(&list, r#"[{"t":1},"#),
        (1, "JSON array cut short after 1 records, at byte 9".to_owned())
    );
}

#[test]
fn csv_records_have_the_time_of_a_column() {
    let object = with_time(
        "csv",
        r#"{"field": "event time", "format": "2006-01-02 15:04:05"}"#,
    );
    let text = "\u{feff}level,\"event time\",\"what \"\"is\"\" it\"\r\n\
        info,2026-03-04 05:06:07,\"a, \"\"b\"\"\r\nc\"\r\n\
        warn,\"2026-03-04 05:06:08\",\r\n\
        \"x,2026-03-04 05:06:09\",no time,5\" pipe\n\
        info,2026-03-04 05:06:09,one,more\n\
        info,2026-03-04 05:06:09,last";
    assert_eq!(
        read_all(&object, text.as_bytes()),
        [
            Read::line("info,2026-03-04 05:06:07,\"a, \"\"b\"\"\r\nc\"", AT),
            Read::line("warn,\"2026-03-04 05:06:08\",", AT + SECOND),
            Read::line("\"x,2026-03-04 05:06:09\",no time,5\" pipe", AT + SECOND + 1),
            Read::line("info,2026-03-04 05:06:09,one,more", AT + SECOND + 2),
            Read::line("info,2026-03-04 05:06:09,last", AT + 2 * SECOND),
        ]
    );
    let no_column =
        "the header before byte 4 has no column \"event time\", which the type's time is read from";
    assert_eq!(error(&object, "a,b\nc,d\n"), (0, no_column.to_owned()));
    let open = "CSV record cut short within a quoted field, after 1 complete records, at byte 16";
    assert_eq!(error(&object, "event time\n\"open"), (0, open.to_owned()));
}

#[test]
fn w3c_lines_have_the_time_of_a_column() {
    let object = with_time("w3c", r#"{"field": "x-time", "format": "unix"}"#);
    for text in [
        "#Version: 1.0\n#Fields: c-ip x-time cs-uri\n1.2.3.4 5 /a\n1.2.3.4 6 /#Fields:\n",
        "#Version: 1.0\n#Fields: c-ip x-time cs-uri\n1.2.3.4\t5\t/a\n1.2.3.4\t6\t/#Fields:\n",
        "#Fields:\tc-ip\tx-time\tcs-uri\n1.2.3.4\t5\t/a b\n1.2.3.4\t6\t/c d\n",
        "#Fields: x-time,cs-uri\n5,a b\n6,\n",
        "\nc-ip x-time cs-uri\n1.2.3.4 \"5\" /a\n1.2.3.4 6 \"/a b\"\n",
        "msg|x-time|y\n2030 a, b|5|c\n|6|\n",
        "x-time message\n5 with some spaces\n6\n",
        "x-time\n5\n6\n",
        "\u{feff}\"x-time\";y\n5;\n6;\n",
    ] {
        let lines = read_all(&object, text.as_bytes());
        let times: Vec<i128> = lines
            .iter()
            .filter(|line| !line.text.is_empty())
            .map(|line| line.nanos)
            .collect();
        assert_eq!(times, [5 * SECOND, 6 * SECOND], "{text}");
    }
    // A space too many: text of a client may have shifted the fields.
    let lines = read_all(&object, b"a x-time c\n1 7 3\n1 8 9 3\n");
    assert_eq!(lines[1].nanos, 7 * SECOND + 1);
    let no_column = "the header before byte 16 has no column \"x-time\", which the type's time is read from";
    assert_eq!(
        error(&object, "#Fields: a time\n1 2\n"),
        (0, no_column.to_owned())
    );
}

/// IIS writes its directives again when it starts.
#[test]
fn directives_may_come_again_where_no_client_writes_the_first_field() {
    let object = with_time(
        "w3c",
        r#"{"regex": "^(\\S+ \\S+)", "format": "2006-01-02 15:04:05"}"#,
    );
    let lines = |fields: &str| -> Vec<String> {
        let text = format!(
            "#Software: x\n#Fields: {fields}\n2026-03-04 05:06:07 a\n#Date: 2026-03-04\n#Fields: date time b\n2026-03-04 05:06:08 b\n#no directive\n"
        );
        let lines = read_all(&object, text.as_bytes());
        lines.into_iter().map(|line| line.text).collect()
    };
    let records = ["2026-03-04 05:06:07 a", "2026-03-04 05:06:08 b", "#no directive"];
    assert_eq!(lines("date time cs-uri"), records);
    assert_eq!(
        lines("cs-uri date time").len(),
        5,
        "lines of a client are not hidden"
    );
}

/// Returns types of every format, with every kind of time.
fn all() -> Vec<ObjectType> {
    let field = r#""time": {"field": "t", "format": "unix"}"#;
    let nested = r#""time": {"field": "a.t", "format": "RFC3339"}"#;
    let regex = r#""time": {"regex": "(\\d+)", "format": "unix"}"#;
    [
        format!(r#""format": "lines", {regex}"#),
        format!(r#""format": "json", {field}"#),
        format!(r#""format": "json", {nested}"#),
        format!(r#""format": "json", {regex}"#),
        r#""format": "json""#.to_owned(),
        format!(r#""format": "json_array", {field}"#),
        format!(r#""format": "json_array", "records": "a", {field}"#),
        format!(r#""format": "csv", {field}"#),
        format!(r#""format": "csv", {regex}"#),
        r#""format": "csv""#.to_owned(),
        format!(r#""format": "w3c", {field}"#),
        format!(r#""format": "w3c", {regex}"#),
        r#""format": "w3c""#.to_owned(),
        r#""format": "cloudwatch""#.to_owned(),
    ]
    .iter()
    .map(|members| object(members))
    .collect()
}

/// Pieces of which objects of all formats consist.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&[u8]; 25] = [
        b"\n",
        b"\r\n",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\"",
        b"\"\"",
        b"\\",
        b" ",
        b"\t",
        b"t",
        b"5",
        b"\"t\":5",
        b"\"a\":{",
        b"\"a\":[",
        b"{\"t\":5}",
        b"{\"a\":{\"t\":\"2026-03-04T05:06:07Z\"}}\n",
        b"t,x\n",
        b"#Fields: t x\n",
        b"#Fields: date t\n",
        b"\xff",
        b"\xef\xbb\xbf",
    ];
    let pieces = proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..40)
        .prop_map(|pieces| pieces.concat());
    prop_oneof![pieces, proptest::collection::vec(any::<u8>(), 0..200)]
}

proptest! {
    #[test]
    fn lines_do_not_depend_on_the_blocks(bytes in pieces(), cuts in proptest::collection::vec(0..200_usize, 0..4)) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|at| at.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let blocks: Vec<&[u8]> = cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect();
        for object in all() {
            for end in [ObjectReader::finish, ObjectReader::abort] {
                let whole = read_to(&object, &[&bytes], end);
                prop_assert_eq!(&read_to(&object, &blocks, end), &whole);
                // Nothing but headers and what separates records is left out.
                let longest: usize = whole.0.iter().map(|line| line.text.len()).sum();
                prop_assert!(longest <= 3 * bytes.len());
            }
        }
    }
}

/// A JSON value of any shape.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::vec((text(), inner), 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A text that the setting may contain.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(
            &[
                "name",
                "key",
                "format",
                "records",
                "time",
                "field",
                "regex",
                "labels",
                "lines",
                "json",
                "json_array",
                "csv",
                "w3c",
                "cloudwatch",
                "RFC3339",
                "unix",
                "unix_ms",
                "2006-01-02 15:04:05",
                "t",
                "a.b",
                "(.*)",
                "^a/(?P<src>[^/]+)",
                "(?P<owner>\\d+)",
                "${src}",
                "$1$$",
                "s3_app",
                "__aws_x",
                "\\pL{9}",
                "",
            ][..]
        )
        .prop_map(str::to_owned),
        "[(|)*+?.^$\\[\\]{}0-9a-c<>P:\\\\]{0,12}",
        any::<String>(),
    ]
}

/// An entry that may be right, with members of any text.
fn entry() -> impl Strategy<Value = serde_json::Value> {
    let format = proptest::sample::select(&["lines", "json", "json_array", "csv", "w3c", "cloudwatch"][..]);
    let time = prop_oneof![
        Just(serde_json::Value::Null),
        (text(), text()).prop_map(|(field, format)| serde_json::json!({"field": field, "format": format})),
        (text(), text()).prop_map(|(regex, format)| serde_json::json!({"regex": regex, "format": format})),
        json(),
    ];
    (format, text(), time, text()).prop_map(|(format, key, time, label)| {
        serde_json::json!({"name": "s3_app", "key": key, "format": format, "time": time, "labels": {"app": label}})
    })
}

proptest! {
    /// Whatever the entries, the keys and the objects are: no panic, and work that is bounded by their size.
    #[test]
    fn no_entry_panics(
        entries in proptest::collection::vec(prop_oneof![json(), entry()], 0..4),
        key in prop_oneof![Just("a/b/7".to_owned()), any::<String>()],
        bytes in pieces(),
    ) {
        let json = serde_json::Value::from(entries).to_string();
        let Ok(types) = OwnTypes::parse(&json) else {
            return Ok(());
        };
        prop_assert_eq!(&OwnTypes::parse(&json).unwrap(), &types);
        if let Some(object) = types.find(&key) {
            let (lines, _) = read(&object, &[&bytes]);
            prop_assert!(lines.len() <= bytes.len() + 1);
            prop_assert!(object.own_type().unwrap().groups(&key).len() <= key.len() + json.len());
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = OwnTypes::parse(&text);
    }
}
