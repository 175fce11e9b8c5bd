//! The command line, run as a user would.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use testkit::marked_secrets;
use testkit::parquet::parquet::basic::Compression;
use testkit::parquet::{Column, Layout, file};
use testkit::receiver::Receiver;

use crate::support::{KEY, SAMPLE, cli, text};

#[test]
fn the_sample_shows_what_would_be_pushed() {
    let output = cli(&["ship", SAMPLE], &[]);
    assert!(output.status.success());
    let shown = text(&output.stdout);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 6, "{shown}");
    assert_eq!(
        lines[0],
        r#"{__aws_cloudwatch_log_group="/aws/lambda/checkout", __aws_cloudwatch_owner="123456789012", __aws_log_type="cloudwatch"}"#
    );
    assert_eq!(
        lines[3],
        r#"  2026-11-23T10:00:02.453Z  {"level":"warn","message":"payment provider slow","order":"A-1042","ms":2310}"#
    );
    assert!(text(&output.stderr).contains("5 entries"));
}

#[test]
fn json_output_has_one_document_per_entry_with_the_line_unchanged() {
    let output = cli(
        &["ship", SAMPLE, "--output", "json"],
        &[("EXTRA_LABELS", "team,shop")],
    );
    let entries: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(entries.len(), 5);
    assert_eq!(entries[0]["labels"]["__extra_team"], "shop");
    assert_eq!(entries[0]["timestamp"], "2026-11-23T10:00:00.123Z");
    assert!(entries[0]["line"].as_str().unwrap().ends_with("$LATEST\n"));
}

#[test]
fn a_dry_run_warns_of_more_than_100_streams() {
    let lines: String = (0..101)
        .map(|line| format!("https 2026-03-04T05:06:07.{line:06}Z app/shop/0a1b path{line}\n"))
        .collect();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("lines");
    std::fs::write(&path, lines).unwrap();
    let ship = |variables: &[(&str, &str)]| {
        let output = cli(&["ship", path.to_str().unwrap(), "--key", KEY], variables);
        assert!(output.status.success());
        text(&output.stderr)
    };
    let said = ship(&[]);
    assert!(said.contains("would push 101 entries in 1 stream\n"), "{said}");
    assert!(!said.contains("warning"), "{said}");

    // A stage makes a label of the path, which is different in each line.
    let stages = r#"[{"regex": {"expression": "(?P<path>path\\d+)$"}}, {"labels": {"path": ""}}]"#;
    let said = ship(&[("LOKI_STAGE_CONFIGS", stages)]);
    assert!(said.contains("would push 101 entries in 101 streams\n"), "{said}");
    assert!(said.contains("first path (101 values)"), "{said}");
}

#[tokio::test]
async fn with_an_address_it_pushes_and_says_what_it_did() {
    let receiver = Receiver::start().await;
    let url = receiver.url();
    let ship = move |arguments: &'static [&'static str]| {
        let url = url.clone();
        tokio::task::spawn_blocking(move || cli(arguments, &[("WRITE_ADDRESS", &url)]))
    };
    let output = ship(&["ship", SAMPLE, "--output", "json"]).await.unwrap();
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (summary["entries"].as_u64(), receiver.accepted_count()),
        (Some(5), 5)
    );

    ship(&["ship", SAMPLE, "--dry-run"]).await.unwrap();
    assert_eq!(receiver.requests(), 1, "a dry run pushes nothing");

    receiver.answer_always(testkit::receiver::Answer::status(400).body("not today"));
    let output = ship(&["ship", SAMPLE]).await.unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("not today"));
}

const ALB_LINES: &str = "https 2026-03-04T05:06:07.123456Z app/shop/0a1b first\nhttps 2026-03-04T05:06:08.000000Z app/shop/0a1b second\n";

/// A file of more than 8 MiB is read by ranges, a smaller one as a whole.
#[test]
fn a_parquet_file_is_read_as_the_object_its_key_says() {
    const KEY: &str = "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.parquet";
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("anything");
    for len in [1, 1_000_000] {
        let group = vec![
            Column::longs((0..4).map(|row| Some(1_772_600_700 + row))),
            Column::texts((0..4).map(|row| Some(row.to_string().repeat(len)))),
        ];
        let layout = Layout {
            compression: Compression::UNCOMPRESSED,
            dictionary: false,
            ..Layout::default()
        };
        let schema = "message m { optional int64 start; optional binary text (STRING); }";
        std::fs::write(
            &path,
            file(schema, &[group.clone(), group.clone(), group], &layout),
        )
        .unwrap();
        let output = cli(
            &["ship", path.to_str().unwrap(), "--key", KEY, "--output", "json"],
            &[],
        );
        let entries: Vec<Value> = text(&output.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(entries.len(), 12, "{}", text(&output.stderr));
        assert_eq!(entries[11]["timestamp"], "2026-03-04T05:05:03Z");
        let expected = json!({"start": 1_772_600_703, "text": "3".repeat(len)}).to_string();
        assert_eq!(entries[11]["line"], expected);
    }
}

#[test]
fn a_log_file_is_read_as_the_object_its_key_says() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("anything");
    std::fs::write(&path, testkit::compress::gzip(ALB_LINES.as_bytes())).unwrap();
    let path = path.to_str().unwrap();
    let output = cli(&["ship", path, "--key", KEY], &[]);
    assert_eq!(
        text(&output.stdout),
        "{__aws_log_type=\"s3_lb\", __aws_s3_lb=\"shop\", __aws_s3_lb_owner=\"111122223333\"}\n\
         \x20 2026-03-04T05:06:07.123456Z  https 2026-03-04T05:06:07.123456Z app/shop/0a1b first\n\
         \x20 2026-03-04T05:06:08Z  https 2026-03-04T05:06:08.000000Z app/shop/0a1b second\n"
    );
    // A line without a time takes that of the line before it.
    std::fs::write(path, format!("{ALB_LINES}cut\n")).unwrap();
    let output = cli(&["ship", path, "--key", KEY], &[]);
    assert!(text(&output.stdout).ends_with("  2026-03-04T05:06:08.000000001Z  cut\n"));
    let told = text(&output.stderr);
    assert!(
        told.contains("times guessed: 1") && told.contains("without a readable time of their own: 1;"),
        "{told}"
    );
    let output = cli(&["ship", path, "--key", KEY, "--explain"], &[]);
    assert!(text(&output.stdout).contains("2026-03-04T05:06:08.000000001Z  cut"));

    let output = cli(&["ship", path, "--key", "unknown.log"], &[]);
    assert!(
        text(&output.stderr).contains("no known type of AWS log"),
        "{output:?}"
    );
    let output = cli(&["ship", path], &[]);
    assert!(text(&output.stderr).contains("--key"), "{output:?}");
}

#[tokio::test]
async fn an_object_is_shipped_from_s3() {
    let s3 = testkit::s3::S3::start().await;
    s3.put("logs", KEY, testkit::s3::Object::new(ALB_LINES));
    let url = s3.url();
    let output = tokio::task::spawn_blocking(move || {
        let what = format!("s3://logs/{KEY}");
        let credentials = [
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "b"),
            ("AWS_REGION", "eu-west-1"),
        ];
        let variables: Vec<_> = credentials
            .into_iter()
            .chain([("AWS_ENDPOINT_URL_S3", &*url)])
            .collect();
        cli(&["ship", &what, "--output", "json"], &variables)
    });
    let output = output.await.unwrap();
    assert_eq!(text(&output.stdout).lines().count(), 2, "{output:?}");
}

#[test]
fn the_columns_of_check_never_touch() {
    let long = "name,".to_owned() + &"x".repeat(200);
    let output = cli(
        &["check"],
        &[
            ("WRITE_ADDRESS", "http://127.0.0.1:9/loki/api/v1/push"),
            ("EXTRA_LABELS", &long),
        ],
    );
    let markdown = text(&cli(&["check", "--markdown"], &[]).stdout);
    let rows = markdown.lines().filter_map(|row| row.strip_prefix("| `"));
    let names: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let shown = text(&output.stdout);
    let lines: Vec<&str> = shown.lines().take(names.len()).collect();
    let columns: Vec<usize> = names
        .iter()
        .zip(&lines)
        .map(|(name, line)| {
            let rest = line.strip_prefix(name).unwrap();
            assert!(rest.starts_with("  "), "{line}");
            assert!(
                !line.ends_with("default") || line.ends_with("  default"),
                "{line}"
            );
            line.len() - rest.trim_start().len()
        })
        .collect();
    // The column of values begins in one place; without a value the line ends with "not set", further to the right.
    let first = columns[0];
    assert!(
        columns
            .iter()
            .zip(&lines)
            .all(|(column, line)| *column == first || line.ends_with("  not set"))
    );
    assert!(shown.contains("REPORT_BATCH_ITEM_FAILURES  false"), "{shown}");
}

/// The commands in the README, and those of access-log mode, work as printed there.
#[test]
fn the_readmes_commands_do_what_it_says() {
    let readme = concat!(
        include_str!("../../../../README.md"),
        include_str!("../../../../docs/src/access-log-mode.md")
    );
    let start = "cargo run --release -p lambda-promtail-cli -- ";
    let commands = readme.lines().filter_map(|line| line.split_once(start));
    let mut run = 0;
    for (variables, arguments) in commands {
        // Not a command block, but a command within a sentence.
        if variables.contains('`') {
            continue;
        }
        let variables: Vec<(&str, &str)> = variables
            .split_whitespace()
            .filter_map(|it| it.split_once('='))
            .map(|(name, value)| (name, value.trim_matches('\'')))
            .collect();
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let output = Command::new(env!("CARGO_BIN_EXE_lambda-promtail-cli"))
            .args(&arguments)
            .env_clear()
            .envs(variables.iter().copied())
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        if let ["ship", "samples/alb.log", ..] = arguments[..] {
            assert!(
                text(&output.stdout).contains(r#"{source="alb", status_code="502"}"#),
                "{output:?}"
            );
        }
        if arguments.contains(&"--explain") {
            let shown = text(&output.stdout);
            let labelled = shown.split("stage [1].labels").nth(2).unwrap();
            assert!(labelled.contains(r#", level="info"}"#), "{shown}");
        }
        run += 1;
    }
    assert_eq!(run, 5, "the commands of the README and of access-log mode");
}

#[test]
fn an_event_may_come_from_standard_input() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lambda-promtail-cli"))
        .args(["ship", "-"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(&std::fs::read(SAMPLE).unwrap())
        .unwrap();
    assert_eq!(text(&child.wait_with_output().unwrap().stdout).lines().count(), 6);
}

#[test]
fn errors_are_printed_and_set_the_exit_code() {
    for (arguments, variables, expected) in [
        (
            &["ship", "/no/such/event.json"][..],
            &[][..],
            "/no/such/event.json: No such file",
        ),
        (
            &["ship", SAMPLE],
            &[("BATCH_SIZE", "x"), ("TIMEOUT", "y")],
            "2 problems",
        ),
        (
            &["ship", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")],
            &[],
            "the event cannot be read",
        ),
        (&["check"], &[], "WRITE_ADDRESS: required"),
        (
            &["check"],
            &[("WRITE_ADDRESS", "x"), ("TIMEOUT", "y")],
            "2 problems",
        ),
    ] {
        let output = cli(arguments, variables);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
fn check_prints_the_effective_settings_with_secrets_masked() {
    let output = cli(
        &["check"],
        &[
            ("WRITE_ADDRESS", "https://me:hunter2@loki.example.com/push"),
            ("BEARER_TOKEN", "hunter2"),
            ("KEEP_STREAM", "yes"),
        ],
    );
    assert!(output.status.success());
    let shown = text(&output.stdout);
    assert!(shown.contains("https://me:***@loki.example.com/push"), "{shown}");
    assert!(
        shown.contains("warning: KEEP_STREAM") && shown.contains("the settings are good"),
        "{shown}"
    );
    let batch_size = shown.lines().find(|line| line.starts_with("BATCH_SIZE")).unwrap();
    assert!(
        batch_size.contains("1048576") && batch_size.ends_with("default"),
        "{batch_size}"
    );
    assert!(!shown.contains("hunter2"), "{shown}");
}

/// In the JSON output every step has all values, and entries that were held back follow at the end of their item.
#[test]
fn an_explanation_follows_each_entry_through_the_pipeline() {
    let variables = [
        (
            "RELABEL_CONFIGS",
            r#"[{"action":"labeldrop","regex":"__aws_cloudwatch_owner"}]"#,
        ),
        (
            "LOKI_STAGE_CONFIGS",
            r#"[{"multiline":{"firstline":"^START"}},{"structured_metadata":{"kind":"__aws_log_type"}}]"#,
        ),
        ("STRUCTURED_METADATA", "account"),
    ];
    let output = cli(&["ship", SAMPLE, "--explain", "--output", "json"], &variables);
    assert!(output.status.success(), "{output:?}");
    let stdout = text(&output.stdout);
    let lines: Vec<serde_json::Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let first = &lines[0];
    let places: Vec<&str> = first["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["place"].as_str().unwrap())
        .collect();
    assert_eq!(places, ["labels", "rule [0].labeldrop", "stage [0].multiline"]);
    assert!(first["steps"][0]["labels"]["__aws_cloudwatch_owner"].is_string());
    assert!(first["steps"][1]["labels"]["__aws_cloudwatch_owner"].is_null());
    assert_eq!(first["steps"][0]["metadata"]["aws_account"], "123456789012");
    assert_eq!(first["steps"][2]["extracted"]["aws_account"], "123456789012");
    assert_eq!(first["steps"][2]["effect"], "held");
    let last = lines.last().unwrap();
    assert!(last["entry"].is_null(), "{last}");
    let pushed = &last["pushed"][0];
    assert_eq!(pushed["metadata"]["kind"], "cloudwatch");
    assert!(pushed["line"].as_str().unwrap().starts_with("START"), "{pushed}");
}

/// The sender of an event chooses the names in it.
#[test]
fn text_of_an_event_never_begins_a_log_line() {
    let key = "x\nERROR FORGED\r\u{1b}[2K\u{2028}FORGED";
    let record = |event: Value| json!({ "Records": [event] });
    for (event, arguments) in [
        (
            record(
                json!({"eventSource": "aws:s3", "awsRegion": "r", "s3": {"bucket": {"name": "b"}, "object": {"key": key}}}),
            ),
            &["ship"][..],
        ),
        (record(json!({ key: 1 })), &["ship"]),
        (json!({ key: 1 }), &["ship", "--explain"]),
    ] {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), event.to_string()).unwrap();
        let arguments = [arguments, &[file.path().to_str().unwrap()]].concat();
        let output = cli(&arguments, &[]);
        assert!(!output.status.success());
        let shown = text(&output.stderr);
        assert!(shown.contains("FORGED"), "{shown}");
        for line in shown.lines() {
            assert!(!line.starts_with("ERROR FORGED"), "{shown}");
            assert!(
                !line.contains(|raw: char| raw.is_control() || raw == '\u{2028}'),
                "{shown:?}"
            );
        }
    }
}

#[test]
fn check_repeats_no_secret() {
    // Every eleventh case; the library's tests use all of them.
    for variables in marked_secrets::broken().iter().step_by(11) {
        let given: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let output = cli(&["check"], &given);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(said.contains("WRITE_ADDRESS"), "{said}");
        assert_eq!(marked_secrets::found_in(&said), None, "{variables:?}: {said}");
    }
}
