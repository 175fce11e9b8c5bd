//! `check --connect`: whether Loki takes pushes with these settings.

use std::process::Output;

use testkit::loki::Loki;
use testkit::receiver::{Answer, Receiver};
use testkit::s3::{self, Object, S3};
use testkit::tls::Authority;

use crate::support::{cli, text};

const TOKEN: (&str, &str) = ("BEARER_TOKEN", "hunter2");

fn check(variables: &[(&str, &str)]) -> Output {
    tokio::task::block_in_place(|| cli(&["check", "--connect"], variables))
}

/// Returns what is said of a failure, without a secret.
fn refusal(variables: &[(&str, &str)]) -> String {
    let output = check(variables);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = text(&output.stderr);
    assert!(said.starts_with("error: ") && !said.contains("hunter2"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_push_without_entries_shows_whether_loki_takes_pushes() {
    let receiver = Receiver::start().await;
    let url = receiver.url();
    let address = ("WRITE_ADDRESS", url.as_str());
    for encoding in ["protobuf", "json"] {
        receiver.clear();
        let output = check(&[address, TOKEN, ("PUSH_ENCODING", encoding)]);
        assert!(output.status.success(), "{output:?}");
        let shown = text(&output.stdout);
        assert!(
            shown.ends_with(&format!("the settings are good\nLoki takes pushes at {url}\n")),
            "{shown}"
        );
        assert_eq!((receiver.requests(), receiver.accepted_count()), (1, 0));
    }
    // Without the option nothing is sent.
    let output = tokio::task::block_in_place(|| cli(&["check"], &[address]));
    assert!(output.status.success() && !text(&output.stdout).contains("takes pushes"));
    assert_eq!(receiver.requests(), 1);

    for (answer, expected) in [
        (
            Answer::status(401),
            &["401", "check BEARER_TOKEN and TENANT_ID"][..],
        ),
        (
            Answer::status(403).body("hunter2 may not"),
            &["403", "*** may not", "check BEARER_TOKEN"],
        ),
        (
            Answer::status(404),
            &["404", "check the host and the path of WRITE_ADDRESS"],
        ),
        (
            Answer::status(422).body("something else"),
            &["422", "something else"],
        ),
        (Answer::status(503).body("not now"), &["503", "not now"]),
    ] {
        receiver.answer_next([answer]);
        let said = refusal(&[address, TOKEN]);
        assert!(said.contains(&url), "{said}");
        for part in expected {
            assert!(said.contains(part), "{said}");
        }
    }
    // A web server that takes anything.
    receiver.answer_next([Answer::status(200).body("<html>")]);
    let output = check(&[address]);
    assert!(
        text(&output.stdout).contains("answers, but not as Loki does"),
        "{output:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_keeps_it_from_connecting_is_said() {
    for (url, expected) in [
        (
            "http://127.0.0.1:9/loki/api/v1/push",
            &["cannot connect to 127.0.0.1:9; check WRITE_ADDRESS", "refused"][..],
        ),
        (
            "http://loki.invalid/loki/api/v1/push",
            &["cannot connect to loki.invalid:80", "dns error"],
        ),
    ] {
        let said = refusal(&[("WRITE_ADDRESS", url), TOKEN]);
        for part in expected {
            assert!(said.contains(part), "{said}");
        }
    }
    let (ours, others) = (Authority::new(), Authority::new());
    let receiver = Receiver::start_tls(&ours).await;
    let url = receiver.url();
    let said = refusal(&[("WRITE_ADDRESS", &url), ("TLS_CA_CERT", others.ca_pem())]);
    assert!(said.contains("certificate"), "{said}");
    let output = check(&[("WRITE_ADDRESS", &url), ("TLS_CA_CERT", ours.ca_pem())]);
    assert!(output.status.success(), "{output:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn objects_are_read_where_they_are_named() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let (loki, store) = (receiver.url(), s3.url());
    let variables = [
        ("WRITE_ADDRESS", loki.as_str()),
        ("AWS_ENDPOINT_URL_S3", &store),
        ("AWS_ACCESS_KEY_ID", "a"),
        ("AWS_SECRET_ACCESS_KEY", "b"),
        ("AWS_REGION", "eu-west-1"),
    ];
    let read = |uris: &[&str]| {
        let mut arguments = vec!["check", "--connect"];
        arguments.extend(uris.iter().flat_map(|uri| ["--read", uri]));
        tokio::task::block_in_place(|| cli(&arguments, &variables))
    };
    s3.put("logs", "AWSLogs/", Object::new(""));
    s3.put("logs", "AWSLogs/one.log.gz", Object::new("x"));

    let output = read(&[
        "s3://logs/AWSLogs/",
        "s3://logs/AWSLogs/one.log.gz",
        "s3://logs/none/",
    ]);
    assert!(output.status.success(), "{output:?}");
    let shown = text(&output.stdout);
    let said: Vec<&str> = shown.lines().rev().take(4).collect();
    assert!(
        said[0].starts_with("warning: s3://logs/none/ can be listed"),
        "{shown}"
    );
    assert_eq!(
        said[1..3],
        ["s3://logs/AWSLogs/one.log.gz can be read"; 2],
        "{shown}"
    );
    assert_eq!(said[3], format!("Loki takes pushes at {loki}"), "{shown}");

    // Everything that cannot be reached is said, each once.
    receiver.answer_next([Answer::status(503).body("not now")]);
    s3.answer_next([s3::Answer::access_denied(), s3::Answer::access_denied()]);
    let output = read(&["s3://logs/AWSLogs/", "s3://logs/AWSLogs/one.log.gz", "logs"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = text(&output.stderr);
    for (line, parts) in said.lines().zip([
        &["error: 4 connections failed:"][..],
        &["http", "503", "not now"],
        &["s3://logs/AWSLogs/: access denied", "s3:ListBucket"],
        &["s3://logs/AWSLogs/one.log.gz", "s3:GetObject"],
        &["logs: expected s3://bucket/key, or s3://bucket/prefix/"],
    ]) {
        assert!(parts.iter().all(|part| line.contains(part)), "{parts:?}: {said}");
    }
    assert_eq!(said.lines().count(), 5, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn a_real_loki_stores_nothing() {
    let loki = Loki::start().await;
    let url = loki.push_url();
    for encoding in ["protobuf", "json"] {
        let output = check(&[
            ("WRITE_ADDRESS", &url),
            ("TENANT_ID", "t"),
            ("PUSH_ENCODING", encoding),
        ]);
        assert!(output.status.success(), "{output:?}");
        assert!(
            text(&output.stdout).ends_with(&format!("Loki takes pushes at {url}\n")),
            "{output:?}"
        );
    }
}
