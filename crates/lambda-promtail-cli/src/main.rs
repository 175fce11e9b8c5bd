//! The command line of lambda-promtail, for use on a laptop.

mod backfill;
mod check;
mod connections;
mod dry_run;
mod explain;
mod explain_entries;
mod failures;
mod input;
mod log_filter;
mod log_type;
mod output;
mod replay;
mod sample;
mod shell;
mod ship;
mod stream_count;
mod terminal;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use lambda_promtail::ProcessEnvironment;
use lambda_promtail::logging::{self, EscapedListing};
use log_filter::LogFilter;
use terminal::Terminal;

/// Ships AWS logs to Grafana Loki, as the Lambda function does, and checks its settings.
///
/// It reads the same settings as the function, from environment variables.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Ship(ship::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Replay(replay::Arguments),
    Sample(sample::Arguments),
    Completions(shell::Completions),
    Man(shell::Man),
}

/// The result of a command; the error is printed for the user.
type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        // A reader such as `head` closed the pipe, which is not an error.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(&*error);
            ExitCode::FAILURE
        }
    }
}

/// Prints an error for the user. An error of writing to standard error cannot be reported anywhere.
fn print_error(error: &(dyn std::error::Error + 'static)) {
    let _ = writeln!(io::stderr(), "error: {}", EscapedListing(&error.to_string()));
}

async fn run(arguments: Arguments) -> Outcome {
    let terminal = Terminal::default();
    let log = terminal.clone();
    let filter = match &arguments.command {
        Command::Ship(arguments) => log_filter::of_ship(arguments.is_backfill(), &ProcessEnvironment),
        _ => LogFilter::All,
    };
    let is_shown = move |metadata: &tracing::Metadata<'_>| filter.shows(metadata);
    logging::start_filtered(&ProcessEnvironment, move || log.clone(), is_shown)?;
    match arguments.command {
        Command::Ship(arguments) => ship::run(arguments, &terminal, &ProcessEnvironment).await,
        Command::Check(arguments) => check::run(&arguments, &ProcessEnvironment).await,
        Command::Explain(arguments) => explain::run(&arguments, &ProcessEnvironment),
        Command::Replay(arguments) => replay::run(arguments, &ProcessEnvironment).await,
        Command::Completions(arguments) => shell::completions(&arguments, Arguments::command()),
        Command::Man(arguments) => shell::man(&arguments, Arguments::command()),
        Command::Sample(arguments) => sample::run(&arguments),
    }
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
