//! `ship`: an event from a file goes the way of every event.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lambda_promtail::{Environment, Function};
use tokio::time::Instant;

use crate::output::Output;
use crate::{Outcome, dry_run};

/// Ships an event from a file to the Loki at WRITE_ADDRESS; without one, prints what would be pushed.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The Lambda event, as JSON; - is standard input.
    event: PathBuf,
    /// Print what would be pushed, whether or not there is a WRITE_ADDRESS.
    #[arg(long)]
    dry_run: bool,
    /// Whom the output is for.
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
}

/// The longest that Lambda lets an invocation run.
const DEADLINE: Duration = Duration::from_secs(15 * 60);

#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}")]
struct EventFileError {
    path: String,
    source: io::Error,
}

pub(crate) async fn run(arguments: Arguments, environment: &impl Environment) -> Outcome {
    let event = read(&arguments.event).map_err(|source| EventFileError {
        path: arguments.event.display().to_string(),
        source,
    })?;
    if arguments.dry_run || environment.text("WRITE_ADDRESS").is_none() {
        return dry_run::run(&event, arguments.output, environment).await;
    }
    let function = Function::from_environment(environment)?;
    let summary = function.handle(&event, Instant::now() + DEADLINE).await?;
    match arguments.output {
        // The summary is in the log already.
        Output::Text => {}
        Output::Json => writeln!(io::stdout(), "{}", serde_json::to_string(&summary)?)?,
    }
    Ok(())
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut event = Vec::new();
        io::stdin().lock().read_to_end(&mut event)?;
        return Ok(event);
    }
    std::fs::read(path)
}
