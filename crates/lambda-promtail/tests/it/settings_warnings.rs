//! Warnings about settings that are valid, but probably not intended.

use std::collections::HashMap;

use lambda_promtail::Settings;

use crate::settings::{ADDRESS, read};

/// Returns the warnings about these variables, set together with a good address unless they have one.
fn warnings(variables: &[(&'static str, &'static str)]) -> Vec<String> {
    let with_address: Vec<_> = [ADDRESS].iter().chain(variables).copied().collect();
    let settings = read(&with_address).unwrap();
    settings.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn names_that_resemble_a_setting_are_a_warning() {
    assert_eq!(
        warnings(&[
            ("WRITE_ADRESS", "x"),
            ("batch_size", "x"),
            ("RELABEL_CONFIG", "x"),
            ("FTP_PROXY", "x"),
            ("http_proxy", "http://proxy:3128"),
            ("AWS_LAMBDA_LOG_LEVEL", "INFO"),
            ("PATH", "/bin"),
        ]),
        [
            "RELABEL_CONFIG: not a setting, and ignored; did you mean RELABEL_CONFIGS?",
            "WRITE_ADRESS: not a setting, and ignored; did you mean WRITE_ADDRESS?",
            "batch_size: not a setting, and ignored; did you mean BATCH_SIZE?",
        ]
    );
}

#[test]
fn an_error_comes_with_the_warnings_that_may_explain_it() {
    let environment: HashMap<&str, &str> = [("WRITE_ADRESS", ADDRESS.1), ("BATCH_SIZE", "0")].into();
    assert_eq!(
        Settings::read(&environment).unwrap_err().to_string(),
        "1 problem in the environment\n  \
         WRITE_ADDRESS: required; an example: https://loki.example.com/loki/api/v1/push\n  \
         warning: BATCH_SIZE: 0 makes each entry a push of its own; expected a number of bytes such as 1048576\n  \
         warning: WRITE_ADRESS: not a setting, and ignored; did you mean WRITE_ADDRESS?"
    );
}

#[test]
fn values_that_contradict_each_other_are_a_warning() {
    for (variables, expected) in [
        (
            &[("MIN_BACKOFF", "1m"), ("MAX_BACKOFF", "1500ms")][..],
            "MIN_BACKOFF: 1m is above MAX_BACKOFF, which is 1500ms; each wait is then 1m",
        ),
        (
            &[("MAX_BACKOFF", "0")],
            "MIN_BACKOFF: 100ms is above MAX_BACKOFF, which is 0s; each wait is then 100ms",
        ),
        (
            &[("BATCH_SIZE", "0")],
            "BATCH_SIZE: 0 makes each entry a push of its own; expected a number of bytes such as 1048576",
        ),
    ] {
        assert_eq!(warnings(variables), [expected]);
    }
    assert_eq!(warnings(&[("MIN_BACKOFF", "30s")]), [""; 0]);
}

#[test]
fn an_address_without_a_path_is_a_warning() {
    let expected =
        "WRITE_ADDRESS: has no path, and is used exactly as given; Loki's push API is at /loki/api/v1/push";
    for address in [
        "http://localhost:3100",
        "http://localhost:3100/",
        "https://me:x@loki/?x=y",
    ] {
        assert_eq!(warnings(&[("WRITE_ADDRESS", address)]), [expected], "{address}");
    }
    assert_eq!(
        warnings(&[("WRITE_ADDRESS", "http://localhost:3100/push")]),
        [""; 0]
    );
}
