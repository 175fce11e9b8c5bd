//! The list of settings for the checks of the deployments, which are Python.

use lambda_promtail::settings::{Setting, all};

/// Returns each setting's name, and whether its value is a secret.
pub(crate) fn settings() -> String {
    let row = |setting: &Setting| {
        let kind = if setting.is_secret() { "secret" } else { "shown" };
        format!("{}\t{kind}\n", setting.name)
    };
    all().map(row).collect()
}
