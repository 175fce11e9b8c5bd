//! Whole pages that the command line prints, as `snapshots/` has them.

use insta::assert_snapshot;

use crate::support::{KEY, SAMPLE, cli, text};

/// Runs a command that must succeed, and returns the page that it prints.
fn page(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = cli(arguments, variables);
    assert!(output.status.success(), "{output:?}");
    page_of(&output.stdout)
}

/// Returns a printed page. It ends in one line break, at which a comparison with a snapshot does not look.
fn page_of(printed: &[u8]) -> String {
    let page = text(printed);
    assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{page:?}");
    page
}

#[test]
fn help() {
    assert_snapshot!("help", page(&["--help"], &[]));
    for command in [
        "ship",
        "check",
        "explain",
        "replay",
        "sample",
        "completions",
        "man",
    ] {
        assert_snapshot!(format!("help_{command}"), page(&[command, "--help"], &[]));
    }
}

#[test]
fn help_fits_the_terminal() {
    for columns in [60, 80] {
        for arguments in [["ship", "--help"], ["check", "--help"], ["replay", "--help"]] {
            let page = page(&arguments, &[("COLUMNS", &columns.to_string())]);
            // An address or an example cannot be broken.
            let is_text = |line: &&str| line.trim().contains(' ') && !line.contains("lambda-promtail-cli ");
            let longest = page
                .lines()
                .filter(is_text)
                .max_by_key(|line| line.chars().count());
            let longest = longest.unwrap_or_default();
            assert!(
                longest.chars().count() <= columns,
                "{columns}: {longest:?}\n{page}"
            );
        }
    }
}

#[test]
fn files_for_the_shell_name_the_commands_and_options() {
    for (shell, expected) in [
        ("bash", "complete -F _lambda__promtail__cli"),
        ("zsh", "#compdef lambda-promtail-cli"),
        ("fish", "complete -c lambda-promtail-cli"),
    ] {
        let script = text(&cli(&["completions", shell], &[]).stdout);
        assert!(script.contains(expected) && script.contains("resume"), "{script}");
    }
    let folder = tempfile::tempdir().unwrap();
    let output = cli(&["man", folder.path().to_str().unwrap()], &[]);
    assert!(output.status.success(), "{output:?}");
    let page = std::fs::read_to_string(folder.path().join("lambda-promtail-cli-ship.1")).unwrap();
    assert!(page.contains(".TH") && page.contains("resume"), "{page}");
    let output = cli(&["man", "/no/such/folder"], &[]);
    assert_eq!(
        text(&output.stderr),
        "error: /no/such/folder: No such file or directory (os error 2)\n"
    );
}

#[test]
fn explain_prints_the_type_and_labels_of_a_key() {
    let variables = [("EXTRA_LABELS", "team,shop")];
    assert_snapshot!("explain", page(&["explain", KEY], &variables));
    let skipped = page(&["explain", "x/ELBAccessLogTestFile"], &[]);
    assert_snapshot!("explain_skipped", skipped);
    let output = cli(&["explain", "x.txt"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!("explain_unknown", page_of(&output.stderr));
}

#[test]
fn explain_says_which_entry_of_the_users_types_matches() {
    let types = r#"[
        {"name": "s3_app", "key": "^apps/(?P<app>[^/]+)/(?P<owner>\\d{12})/(?P<none>x)?", "format": "json", "labels": {"app": "${app}"}},
        {"name": "s3_firehose", "key": "^firehose/", "format": "cloudwatch", "labels": {"team": "shop"}}
    ]"#;
    let variables = [("S3_LOG_TYPES", types), ("DROP_LABELS", "app")];
    let app = "apps/checkout/111122223333/1.log";
    assert_snapshot!("explain_own_type", page(&["explain", app], &variables));
    let deliveries = "firehose/2026/03/04/05/x";
    assert_snapshot!(
        "explain_own_deliveries",
        page(&["explain", deliveries], &variables)
    );
    assert_snapshot!("explain_no_own_type", page(&["explain", KEY], &variables));
    let output = cli(&["explain", "x.txt"], &variables);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!("explain_unknown_to_all", page_of(&output.stderr));
}

/// The rules and stages change labels and structured metadata, and drop an entry.
#[test]
fn an_explanation_of_a_delivery() {
    let variables = [
        (
            "RELABEL_CONFIGS",
            r#"[{"action":"labeldrop","regex":"__aws_cloudwatch_owner"},{"source_labels":["__aws_log_type"],"target_label":"source"}]"#,
        ),
        (
            "LOKI_STAGE_CONFIGS",
            r#"[{"json":{"expressions":{"level":""}}},{"labels":{"level":""}},{"drop":{"expression":"^END"}},{"structured_metadata":{"kind":"__aws_log_type"}}]"#,
        ),
    ];
    assert_snapshot!("ship_explain", page(&["ship", SAMPLE, "--explain"], &variables));
}

#[test]
fn check_warns_of_names_values_and_addresses_that_are_probably_wrong() {
    let variables = [
        ("WRITE_ADDRESS", "http://localhost:3100"),
        ("BATCH_SIZE", "0"),
        ("MIN_BACKOFF", "1m"),
        ("TENANTID", "blue"),
    ];
    assert_snapshot!("check_warnings", page(&["check"], &variables));
    // Without the address it is an error, and the warnings follow it.
    let output = cli(
        &["check"],
        &[("WRITE_ADRESS", "http://localhost:3100/loki/api/v1/push")],
    );
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!("check_errors", page_of(&output.stderr));
}
