//! Commands that run other programs at the top of the repository.

use std::error::Error;
use std::path::Path;
use std::process::Command;

/// Runs the named parts of `.ci/run`, or all of them if none is named, and returns whether they passed.
///
/// # Errors
/// Returns an error if the script cannot be started.
pub(crate) fn ci(parts: &[&str]) -> Result<bool, Box<dyn Error>> {
    passes(Command::new(top().join(".ci/run")).args(parts))
}

/// Runs the tests of the whole workspace, because features, and with them the builds of dependencies, differ for a
/// part of it. Returns whether they passed.
///
/// # Errors
/// Returns an error if cargo cannot be started.
pub(crate) fn tests(arguments: &[&str]) -> Result<bool, Box<dyn Error>> {
    passes(
        Command::new("cargo")
            .args(["test", "--workspace"])
            .args(arguments),
    )
}

/// Runs the command at the top of the repository, and returns whether it succeeded.
///
/// # Errors
/// Returns an error if the command cannot be started.
pub(crate) fn passes(command: &mut Command) -> Result<bool, Box<dyn Error>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.current_dir(top()).status();
    let status = status.map_err(|error| format!("cannot start {program}: {error}"))?;
    Ok(status.success())
}

/// Returns the top folder of the repository.
pub(crate) fn top() -> &'static Path {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    top.unwrap_or_else(|| Path::new("."))
}
