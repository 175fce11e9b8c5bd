//! The start of the real binary in invalid environments.

use std::process::Command;

use testkit::lambda::Outcome;

use crate::support::{binary, function};

#[tokio::test]
async fn a_wrong_environment_names_all_that_is_wrong_and_ends_as_an_init_error() {
    let mut lambda = function()
        .env("EXTRA_LABELS", "a,b,c")
        .env("USERNAME", "me")
        .env("BEARER_TOKEN", "t0ken")
        .env("TIMEOUT", "5 seconds")
        .env("BATCH_SIZE", "128k")
        .start()
        .await;
    let Err(Outcome::InitError(error, Some(status))) = lambda.wait_until_ready().await else {
        panic!("{:#?}", lambda.logs());
    };
    assert_eq!(error.error_type, "InvalidSettings");
    assert!(!status.success());
    let lines: Vec<&str> = error.error_message.lines().collect();
    assert_eq!(lines[0], "6 problems in the environment");
    let variables: Vec<&str> = lines[1..]
        .iter()
        .map(|line| line.trim().split(':').next().unwrap())
        .collect();
    assert_eq!(
        variables,
        [
            "WRITE_ADDRESS",
            "EXTRA_LABELS",
            "BATCH_SIZE",
            "PASSWORD",
            "BEARER_TOKEN",
            "TIMEOUT"
        ]
    );
    let log = lambda.logs().join("\n");
    assert!(log.contains("ERROR") && log.contains("6 problems"), "{log}");
    assert!(!log.contains("t0ken"), "{log}");
}

#[tokio::test]
async fn unusual_values_are_a_warning() {
    let mut lambda = function()
        .env("WRITE_ADDRESS", "http://127.0.0.1:9/push")
        .env("LOG_LEVEL", "loud")
        .env("SKIP_TLS_VERIFY", "true")
        .start()
        .await;
    lambda.wait_until_ready().await.unwrap();
    let log = lambda.logs().join("\n");
    assert!(
        log.contains("LOG_LEVEL: \"loud\"") && log.contains("SKIP_TLS_VERIFY: server certificates"),
        "{log}"
    );
}

#[test]
fn outside_lambda_the_error_says_where_it_runs() {
    let output = Command::new(binary()).env_clear().output().unwrap();
    assert!(!output.status.success());
    let log = String::from_utf8_lossy(&output.stdout);
    assert!(
        log.contains("AWS_LAMBDA_RUNTIME_API is not set") && log.contains("lambda-promtail-cli"),
        "{log}"
    );
}

/// With less memory Lambda gives the function less than the time of one core, whatever number of cores it shows.
#[tokio::test]
async fn pushes_have_a_thread_of_their_own_where_lambda_gives_a_second_core() {
    let cores = std::thread::available_parallelism().unwrap().get();
    for (memory_mb, expected) in [("128", 1), ("1769", 1), ("3008", cores.min(2))] {
        let mut lambda = function()
            .env("WRITE_ADDRESS", "http://127.0.0.1:9/push")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memory_mb)
            .start()
            .await;
        lambda.wait_until_ready().await.unwrap();
        let tasks = format!("/proc/{}/task", lambda.pid().unwrap());
        assert_eq!(
            std::fs::read_dir(tasks).unwrap().count(),
            expected,
            "{memory_mb} MB"
        );
    }
}
