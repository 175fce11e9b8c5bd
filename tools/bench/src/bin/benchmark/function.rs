//! The programs that are measured.

use std::path::PathBuf;

use testkit::lambda::{Lambda, LambdaBuilder};

/// Returns the release binary, which cargo puts into the same folder as this one.
pub(crate) fn release(settings: &[(String, String)]) -> LambdaBuilder {
    Lambda::builder(beside_this("lambda-promtail")).envs(settings.iter().cloned())
}

/// Returns the path of a program in the same folder as this one.
pub(crate) fn beside_this(name: &str) -> PathBuf {
    let path = std::env::current_exe().unwrap().with_file_name(name);
    assert!(
        path.exists(),
        "{} is missing: cargo build --release -p lambda-promtail -p bench",
        path.display()
    );
    path
}
