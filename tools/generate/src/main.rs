//! `cargo xtask generate`: writes the parts of documents and deployments that follow from the code.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command for developers that prints what it found"
)]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let top = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let files = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => generate::write(top),
        ["--check"] => generate::stale(top),
        _ => {
            eprintln!("Usage: cargo xtask generate [--check]");
            return ExitCode::from(2);
        }
    };
    match (files, arguments.is_empty()) {
        (Ok(written), true) => {
            for file in written {
                println!("wrote {file}");
            }
            ExitCode::SUCCESS
        }
        (Ok(stale), false) if stale.is_empty() => ExitCode::SUCCESS,
        (Ok(stale), false) => {
            for file in stale {
                eprintln!("{file} is not what the code says; run `cargo xtask generate`");
            }
            ExitCode::FAILURE
        }
        (Err(error), _) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
