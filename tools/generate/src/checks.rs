//! The list of settings for the checks of the deployments, which are Python.

use lambda_promtail::settings::{Setting, all};

use crate::check;

/// Returns each setting's name, whether its value is a secret, and a value that it takes.
pub(crate) fn settings() -> String {
    let row = |setting: &Setting| {
        let kind = if setting.is_secret() { "secret" } else { "shown" };
        let name = setting.name;
        let example = match check::of(setting) {
            Some(check) => check.example().to_owned(),
            None if setting.is_boolean() => "true".to_owned(),
            None => format!("given for {name}"),
        };
        format!("{name}\t{kind}\t{example}\n")
    };
    all().map(row).collect()
}
