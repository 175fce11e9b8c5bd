//! The command line of lambda-promtail, for use on a laptop.

mod check;
mod dry_run;
mod explain;
mod explain_entries;
mod input;
mod output;
mod sample;
mod ship;
mod stream_count;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lambda_promtail::ProcessEnvironment;
use lambda_promtail::logging::{self, EscapedListing};

/// Ships AWS logs to Grafana Loki, as the Lambda function does, and checks its settings.
///
/// It reads the same settings as the function, from environment variables.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Ship(ship::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Sample(sample::Arguments),
}

/// The result of a command; the error is printed for the user.
type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        // A reader such as `head` closed the pipe, which is not an error.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            // An error of writing to standard error cannot be reported anywhere.
            let _ = writeln!(io::stderr(), "error: {}", EscapedListing(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Outcome {
    logging::start_to(&ProcessEnvironment, io::stderr)?;
    match arguments.command {
        Command::Ship(arguments) => ship::run(arguments, &ProcessEnvironment).await,
        Command::Check(arguments) => check::run(&arguments, &ProcessEnvironment),
        Command::Explain(arguments) => explain::run(&arguments, &ProcessEnvironment),
        Command::Sample(arguments) => sample::run(&arguments),
    }
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
