//! `generate`: runs the package of that name, which depends on the whole function, while this one is quick to build.

use std::error::Error;
use std::process::Command;

use crate::run;

/// Runs the package `generate` with these arguments, and returns whether it succeeded.
pub(crate) fn run(arguments: &[&str]) -> Result<bool, Box<dyn Error>> {
    // Built as the tests build it. `cargo run` would unite other features, and build the AWS SDK a second time.
    if !run::tests(&["--quiet", "--test", "committed", "--no-run"])? {
        return Ok(false);
    }
    let binary = std::env::current_exe()?.with_file_name("generate");
    run::passes(Command::new(binary).args(arguments))
}
