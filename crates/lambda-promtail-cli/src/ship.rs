//! `ship`: ships an event, a local file or an S3 object as the function would.

use std::io::{self, Write};
use std::time::Duration;

use lambda_promtail::{Environment, Function};
use loki_client::Deadline;
use tokio::time::Instant;

use crate::backfill::{self, Prefix};
use crate::input::Input;
use crate::output::Output;
use crate::terminal::Terminal;
use crate::{Outcome, dry_run, explain_entries};

/// Ships to the Loki at WRITE_ADDRESS; if that is not set, prints the entries that would be pushed.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A file with a Lambda event as JSON (- is standard input), a log file (see --key), s3://bucket/key, or
    /// s3://bucket/prefix/ for all objects below it, oldest first.
    what: String,
    /// Read the file as a log, compressed or not, whose type is that of this S3 key.
    #[arg(long)]
    key: Option<String>,
    /// The bucket that the file would be in, for the settings that depend on it.
    #[arg(long, default_value = "bucket")]
    bucket: String,
    /// Print the entries that would be pushed, even if WRITE_ADDRESS is set.
    #[arg(long)]
    dry_run: bool,
    /// Print what each relabelling rule and pipeline stage does to each entry; nothing is pushed.
    #[arg(long)]
    explain: bool,
    /// The format of the output.
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
    #[command(flatten)]
    backfill: backfill::Options,
}

impl Arguments {
    /// Returns whether all objects below a prefix are shipped.
    pub(crate) fn is_backfill(&self) -> bool {
        Prefix::parse(&self.what).is_some()
    }
}

/// The longest timeout of a Lambda function.
const DEADLINE: Duration = Duration::from_secs(15 * 60);

pub(crate) async fn run(
    arguments: Arguments,
    terminal: &Terminal,
    environment: &impl Environment,
) -> Outcome {
    let has_address = environment.text("WRITE_ADDRESS").is_some();
    if let Some(prefix) = Prefix::parse(&arguments.what) {
        if arguments.explain {
            return Err(
                "--explain is for a single object or file, not for all objects below a prefix".into(),
            );
        }
        let run = backfill::Run {
            dry_run: arguments.dry_run || !has_address,
            output: arguments.output,
            terminal,
            now: jiff::Timestamp::now(),
        };
        return backfill::run(prefix, arguments.backfill, run, environment).await;
    }
    if let Some(option) = arguments.backfill.given() {
        return Err(
            format!("{option} is for all objects below a prefix, given as s3://bucket/prefix/").into(),
        );
    }
    let input = Input::open(&arguments.what, arguments.key.as_deref(), &arguments.bucket).await?;
    if arguments.explain {
        return explain_entries::run(input, arguments.output, environment).await;
    }
    if arguments.dry_run || !has_address {
        return dry_run::run(input, arguments.output, environment).await;
    }
    let function = Function::from_environment(environment)?;
    let source = input.source();
    let deadline = Deadline::at(Instant::now() + DEADLINE);
    let summary = function
        .ship(source, deadline, async |intake, progress, delivery| {
            input.read(intake, progress, delivery).await;
        })
        .await?;
    match arguments.output {
        // The summary is in the log already.
        Output::Text => {}
        Output::Json => writeln!(io::stdout(), "{}", serde_json::to_string(&summary)?)?,
    }
    Ok(())
}
