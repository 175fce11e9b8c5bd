//! Entries of `S3_LOG_TYPES` that are wrong, and what is said about them.

use aws_logs::s3::OwnTypes;
use insta::assert_snapshot;

/// The members of an entry that is right but for the one that a row adds.
const NAME: &str = r#""name": "s3_app""#;
const KEY: &str = r#""key": "^apps/(?P<app>[^/]+)/""#;
const LINES: &str = r#""format": "lines""#;
const JSON: &str = r#""format": "json""#;

/// Returns entries with one error each, or a few.
fn wrong() -> Vec<String> {
    let entry = |members: &[&str]| format!("[{{{}}}]", members.join(", "));
    let with = |member: &str| entry(&[NAME, KEY, LINES, member]);
    let time = |time: &str| entry(&[NAME, KEY, JSON, &format!(r#""time": {time}"#)]);
    let labels = |labels: &str| entry(&[NAME, KEY, LINES, &format!(r#""labels": {labels}"#)]);
    let key = |key: &str| entry(&[NAME, LINES, &format!(r#""key": {key}"#)]);
    let name = |name: &str| entry(&[KEY, LINES, &format!(r#""name": {name}"#)]);
    let mut wrong = [
        "apps",
        "[{]",
        "{}",
        "\"s3_app\"",
        "7",
        "- name: s3_app\n  key: ^apps/",
    ]
    .map(str::to_owned)
    .to_vec();
    wrong.extend(["[null]", "[[]]", r#"["s3_app"]"#, "[{}]"].map(str::to_owned));
    wrong.extend([
        entry(&[KEY, LINES]),
        entry(&[NAME, LINES]),
        entry(&[NAME, KEY]),
        name("null"),
        name("7"),
        name("\"\""),
        name("\"s3-app\""),
        name("\"s3 app\""),
        name("\"é\""),
        key("true"),
        key("\"\""),
        key("\"(?P<app>\""),
        key("\"(?=apps)\""),
        key("\"a**\""),
        key("\"(?P<a-b>x)\""),
        entry(&[NAME, KEY, r#""format": "jsonl""#]),
        entry(&[NAME, KEY, r#""format": "JSON""#]),
        entry(&[NAME, KEY, r#""format": """#]),
        entry(&[NAME, KEY, r#""format": ["json"]"#]),
        with(r#""recrods": "Records""#),
        with(r#""Labels": {}"#),
        with(r#""timestamp": {}"#),
        with(r#""comment": "x""#),
        with(r#""records": "Records""#),
        entry(&[NAME, KEY, r#""format": "json_array", "records": """#]),
        entry(&[NAME, KEY, r#""format": "json_array", "records": 1"#]),
        entry(&[NAME, KEY, r#""format": "cloudwatch", "time": {"field": "ts", "format": "unix"}"#]),
        entry(&[NAME, KEY, r#""format": "cloudwatch", "records": "logEvents""#]),
        time("\"ts\""),
        time("{}"),
        time(r#"{"field": "ts"}"#),
        time(r#"{"format": "RFC3339"}"#),
        time(r#"{"field": "ts", "regex": "(.*)", "format": "RFC3339"}"#),
        time(r#"{"field": "", "format": "RFC3339"}"#),
        time(r#"{"field": 1, "format": "RFC3339"}"#),
        time(r#"{"feild": "ts", "format": "RFC3339"}"#),
        time(r#"{"field": "ts", "layout": "2006"}"#),
        time(r#"{"field": "ts", "format": ""}"#),
        time(r#"{"field": "ts", "format": 1}"#),
        time(r#"{"field": "ts", "format": "rfc3339"}"#),
        time(r#"{"field": "ts", "format": "UnixMs"}"#),
        time(r#"{"field": "ts", "format": "yyyy-MM-dd"}"#),
        time(r#"{"field": "ts", "format": "15:04:05"}"#),
        time(r#"{"field": "ts", "format": "2006-01-02 03:04:05"}"#),
        time(r#"{"regex": "", "format": "unix"}"#),
        time(r#"{"regex": "[", "format": "unix"}"#),
        time(r#"{"regex": "^\\S+", "format": "unix"}"#),
        time(r#"{"regex": "^(\\d+)-(\\d+)", "format": "unix"}"#),
        with(r#""time": {"field": "ts", "format": "RFC3339"}"#),
        labels("[]"),
        labels(r#"{"app": 1}"#),
        labels(r#"{"app": null}"#),
        labels(r#"{"my-app": "x"}"#),
        labels(r#"{"": "x"}"#),
        labels(r#"{"app": "${ap}"}"#),
        labels(r#"{"app": "$app_name"}"#),
        labels(r#"{"app": "${2}"}"#),
        labels(r#"{"app": "${my-app}"}"#),
        labels(r#"{"app": "costs $"}"#),
        entry(&[NAME, r#""key": "^apps/""#, LINES, r#""labels": {"app": "${app}"}"#]),
        labels(r#"{"__aws_log_type": "app", "__aws_s3_app": "x", "__aws_s3_app_owner": "y"}"#),
        // Several errors in several entries are all reported.
        format!(
            r#"[{{{NAME}, {KEY}, {JSON}}}, {{"name": "", "format": "xml"}}, {{{NAME}, "key": "(", "format": "csv", "x": 1, "time": {{"field": "ts", "format": "?"}}}}]"#
        ),
    ]);
    wrong
}

#[test]
fn each_error_names_the_entry_and_the_member() {
    let wrong = wrong();
    assert!(wrong.len() >= 60, "{}", wrong.len());
    let mut all = String::new();
    for json in wrong {
        let errors = OwnTypes::parse(&json).expect_err(&json);
        all += &format!("{json}\n");
        for error in errors.0 {
            all += &format!("    {error}\n");
        }
    }
    assert_snapshot!("own_type_errors", all);
}

#[test]
fn what_is_empty_describes_no_types() {
    for json in ["", "null", "[]", " [ ] "] {
        assert!(OwnTypes::parse(json).unwrap().is_empty(), "{json:?}");
    }
    // Terraform writes a missing attribute as null.
    let json =
        r#"[{"name": "a", "key": "x", "format": "csv", "records": null, "time": null, "labels": null}]"#;
    assert_eq!(OwnTypes::parse(json).unwrap().len(), 1);
}
