//! `generate`: runs the package of that name, which depends on the whole function, while this one is quick to build.

use std::error::Error;
use std::process::Command;

/// Runs the package `generate` with these arguments, and returns whether it succeeded.
pub(crate) fn run(arguments: &[&str]) -> Result<bool, Box<dyn Error>> {
    let mut cargo = Command::new(env!("CARGO"));
    // At the top and without `--package`, cargo unites the features of all packages, and uses what
    // `cargo build --workspace` has built.
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    cargo.args(["run", "--quiet", "--bin", "generate", "--"]);
    Ok(cargo.args(arguments).status()?.success())
}
