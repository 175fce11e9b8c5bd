//! `completions` and `man`: files for the shell, made of the command line's own description.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Command;
use clap_complete::Shell;

use crate::Outcome;

/// The name of the executable.
const NAME: &str = "lambda-promtail-cli";

/// Prints a script that completes commands and options in a shell.
#[derive(clap::Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

/// Writes manual pages, one for each command.
#[derive(clap::Args)]
pub(crate) struct Man {
    /// The folder for the pages, such as ~/.local/share/man/man1. It must exist.
    folder: PathBuf,
}

pub(crate) fn completions(arguments: &Completions, mut command: Command) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, NAME, &mut script);
    io::stdout().write_all(&script)?;
    Ok(())
}

pub(crate) fn man(arguments: &Man, command: Command) -> Outcome {
    clap_mangen::generate_to(command.name(NAME), &arguments.folder)
        .map_err(|error| format!("{}: {error}", arguments.folder.display()))?;
    Ok(())
}
