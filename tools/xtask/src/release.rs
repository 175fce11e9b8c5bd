//! `release`: makes the artefacts of a release without publishing them.

use std::error::Error;
use std::process::Command;

use crate::run;

/// Makes the Linux artefacts of a release in `target/release-artifacts`, and returns whether that succeeded. The
/// arguments are those of `deploy/release/artifacts`.
///
/// # Errors
/// Returns an error if the script cannot be started.
pub(crate) fn dry_run(arguments: &[&str]) -> Result<bool, Box<dyn Error>> {
    run::passes(Command::new(run::top().join("deploy/release/artifacts")).args(arguments))
}
