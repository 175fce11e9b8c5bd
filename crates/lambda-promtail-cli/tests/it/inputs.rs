//! The inputs of `ship`: standard input, logs of a type, several files; and what is said of those that fail.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use testkit::receiver::{Answer, Receiver};

use crate::support::{KEY, SAMPLE, cli, text};

const LINE: &str = "https 2026-03-04T05:06:07.123456Z app/shop/0a1b first\n";

/// Runs the command line with this standard input.
fn piped(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lambda-promtail-cli"))
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_log_may_come_from_standard_input() {
    let entry = "  2026-03-04T05:06:07.123456Z  https 2026-03-04T05:06:07.123456Z app/shop/0a1b first\n";
    let with_source = r#"{__aws_log_type="s3_lb", __aws_s3_lb="shop", __aws_s3_lb_owner="111122223333"}"#;
    for input in [LINE.as_bytes().to_vec(), testkit::compress::gzip(LINE.as_bytes())] {
        let output = piped(&["ship", "-", "--key", KEY], &input);
        assert_eq!(
            text(&output.stdout),
            format!("{with_source}\n{entry}"),
            "{output:?}"
        );
        for name in ["alb", "lb", "s3_lb"] {
            let output = piped(&["ship", "-", "--type", name], &input);
            assert_eq!(
                text(&output.stdout),
                format!("{{__aws_log_type=\"s3_lb\"}}\n{entry}"),
                "{output:?}"
            );
        }
    }
    // Of text, the first record says what it is.
    let json = br#"{"time": "2026-03-04T05:06:07Z", "message": "m"}"#;
    let output = piped(&["ship", "-", "--type", "text", "--bucket", "mine"], json);
    let shown = text(&output.stdout);
    assert!(
        shown.starts_with(r#"{__aws_log_type="s3_text", __aws_s3_text="mine"}"#),
        "{shown}"
    );
    assert!(shown.contains("  2026-03-04T05:06:07Z  {"), "{shown}");

    let output = piped(&["ship", "-", "--type", "apache"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("expected one of alb, nlb, elb, vpc,"),
        "{output:?}"
    );
    let output = piped(&["ship", "-", "--type", "alb", "--key", KEY], b"");
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn several_inputs_are_shipped_and_those_that_fail_are_named() {
    let receiver = Receiver::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("bad.json"), "{}").unwrap();
    let (bad, missing) = (path("bad.json"), path("missing.json"));
    let arguments = ["ship", &bad, SAMPLE, &missing, SAMPLE];
    let address = receiver.url();
    let output = tokio::task::block_in_place(|| cli(&arguments, &[("WRITE_ADDRESS", &address)]));
    let said = text(&output.stderr);
    let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(errors.len(), 3, "{said}");
    assert!(errors[0].contains("bad.json: unknown kind of event"), "{said}");
    assert!(errors[1].contains("missing.json: No such file"), "{said}");
    assert_eq!(errors[2], "error: 2 of 4 inputs failed");
    assert_eq!((receiver.accepted_count(), receiver.distinct_count()), (10, 5));
}

/// Somebody waits for the command, so that it gives up after two quick retries, unless the settings say otherwise.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_failure_is_said_once_with_the_address() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::status(500).body("not today"));
    for (variables, attempts) in [
        (&[][..], 3),
        (&[("MAX_RETRIES", "5"), ("MIN_BACKOFF", "1ms")][..], 5),
    ] {
        receiver.clear();
        let address = receiver.url().replace("http://", "http://me:hunter2@");
        let address = address.as_str();
        let variables = [variables, &[("WRITE_ADDRESS", address), ("LOG_LEVEL", "error")]].concat();
        let output = tokio::task::block_in_place(|| cli(&["ship", SAMPLE], &variables));
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stderr);
        let shown = receiver.url().replace("http://", "http://me:***@");
        assert!(
            said.contains(&format!("\nerror: not delivered to {shown}:\n  log group ")),
            "{said}"
        );
        assert_eq!(said.matches("not today").count(), 1, "{said}");
        assert_eq!(receiver.requests(), attempts, "{said}");
        assert!(said.contains(&format!("after {attempts} attempt(s)")), "{said}");
    }
}
