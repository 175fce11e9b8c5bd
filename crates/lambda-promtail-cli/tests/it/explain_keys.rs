//! The type that `explain` gives to keys of all types.

use aws_logs::s3::log_types;

use crate::support::{cli, text};

/// The keys, with the type of each.
const KEYS: &str = include_str!("../data/s3_keys.tsv");
/// The type that has any key, and is not given by a key.
const ANY_KEY: &str = "s3_text";

/// Returns the expected type and the key of each line.
fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    KEYS.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once('\t').unwrap())
}

/// Returns the type that `explain` prints for a key.
fn explained(key: &str) -> String {
    let output = cli(&["explain", key], &[]);
    let shown = text(&output.stdout);
    match shown.split_whitespace().collect::<Vec<_>>()[..] {
        ["type", token, ..] => token.to_owned(),
        ["skipped:", ..] => "skipped".to_owned(),
        [] if text(&output.stderr).contains("no known type of AWS log has such a key") => {
            "unknown".to_owned()
        }
        _ => format!("neither: {shown}{}", text(&output.stderr)),
    }
}

#[test]
fn each_key_has_the_type_meant() {
    let wrong: Vec<String> = rows()
        .map(|(wanted, key)| (wanted, explained(key), key))
        .filter(|(wanted, found, _)| wanted != found)
        .map(|(wanted, found, key)| format!("{found} instead of {wanted}: {key}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_200_keys_and_each_type_has_some() {
    assert!(rows().count() >= 200, "{} keys", rows().count());
    for log_type in log_types() {
        let keys = rows().filter(|(wanted, _)| *wanted == log_type.token()).count();
        assert_eq!(keys > 1, log_type.token() != ANY_KEY, "{}", log_type.token());
    }
}
