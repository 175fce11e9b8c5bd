//! The commands of this repository that cargo does not have: `cargo xtask --help`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command for developers that prints what it found"
)]

mod comments;
mod docs;
mod generate;
mod language;
mod release;
mod run;
mod source;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask <COMMAND>

Commands:
  check             Runs everything that needs no test: formatting, lints, docs, language, spelling, dependencies, book
  test [ARGS]       Runs the tests of the workspace; ARGS are those of `cargo test`
  ci [PART...]      Runs everything that a change must pass, or the named parts: check, docs, test, speed, fuzz, services,
                    arm64, deploy
  language          Counts function docs and comments that are not plain English, and fails above the limits
  language --list   The same, and prints each of them with its place
  generate          Writes the parts of documents and deployments that follow from the code
  generate --check  Fails if one of them is not what the code says, and names its file
  release --dry-run [--static] [ARCHITECTURE...]
                    Makes the Linux artefacts of a release in target/release-artifacts. A tag makes the release itself:
                    docs/releasing.md";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let passed = match arguments.as_slice() {
        ["check"] => run::ci(&["check", "docs"]),
        ["test", rest @ ..] => run::tests(rest),
        ["ci", parts @ ..] => run::ci(parts),
        ["language"] => language::check(false),
        ["language", "--list"] => language::check(true),
        ["generate"] => generate::run(&[]),
        ["generate", "--check"] => generate::run(&["--check"]),
        ["release", "--dry-run", rest @ ..] => release::dry_run(rest),
        ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match passed {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
