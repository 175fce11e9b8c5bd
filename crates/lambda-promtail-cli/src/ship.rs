//! `ship`: ships events, local logs or S3 objects as the function would.

use std::io::{self, Write};
use std::time::Duration;

use lambda_promtail::{DryRunSettings, Environment, Function, InvocationError, Settings};
use loki_client::Deadline;
use loki_push::Timestamp;
use tokio::time::Instant;

use crate::backfill::{self, Prefix};
use crate::input::{Input, LogOptions};
use crate::output::Output;
use crate::terminal::Terminal;
use crate::{Outcome, dry_run, explain_entries, failures, is_broken_pipe, print_error};

/// Ships to the Loki at WRITE_ADDRESS; if that is not set, prints the entries that would be pushed.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Files with Lambda events as JSON, or with logs (see --key and --type); - for standard input; s3://bucket/key for an
    /// object; or s3://bucket/prefix/ for all objects below it, oldest first.
    #[arg(required = true)]
    what: Vec<String>,
    #[command(flatten)]
    log: LogOptions,
    /// Print the entries that would be pushed, even if WRITE_ADDRESS is set. Of a prefix, list the objects by type.
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

const EXAMPLES: &str = "\
Examples:
  Print what the event of a subscription becomes:
    lambda-promtail-cli ship event.json
  Ship a load balancer's logs from standard input:
    zcat *.log.gz | WRITE_ADDRESS=http://localhost:3100/loki/api/v1/push lambda-promtail-cli ship - --type alb
  List the objects of a bucket, then ship them:
    lambda-promtail-cli ship s3://bucket/AWSLogs/ --dry-run
    lambda-promtail-cli ship s3://bucket/AWSLogs/ --since 2026-03-01 --resume march.state";

/// The time limit of an input. A laptop has none: only the number of attempts at a push is limited.
const NO_LIMIT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The attempts at a push, if the settings do not say otherwise: somebody waits for the result.
const ATTEMPTS: u32 = 3;
/// The longest wait between two attempts, if the settings do not say otherwise.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

impl Arguments {
    /// Returns whether all objects below a prefix are shipped.
    pub(crate) fn is_backfill(&self) -> bool {
        self.what.iter().any(|what| Prefix::parse(what).is_some())
    }
}

/// What is done with an input.
enum Action {
    Ship(Box<Function>, String),
    Print(DryRunSettings),
    Explain(DryRunSettings),
}

pub(crate) async fn run(
    arguments: Arguments,
    terminal: &Terminal,
    environment: &impl Environment,
) -> Outcome {
    let now = jiff::Timestamp::now();
    let has_address = environment.text("WRITE_ADDRESS").is_some();
    if arguments.is_backfill() {
        let prefix = arguments.what.first().and_then(|what| Prefix::parse(what));
        let Some(prefix) = prefix.filter(|_| arguments.what.len() == 1) else {
            return Err("a prefix is shipped by itself: give the others to another command".into());
        };
        if arguments.explain {
            return Err(
                "--explain is for a single object or file, not for all objects below a prefix".into(),
            );
        }
        let run = backfill::Run {
            dry_run: arguments.dry_run || !has_address,
            output: arguments.output,
            terminal,
            now,
        };
        return backfill::run(prefix, arguments.backfill, run, environment).await;
    }
    if let Some(option) = arguments.backfill.given() {
        return Err(
            format!("{option} is for all objects below a prefix, given as s3://bucket/prefix/").into(),
        );
    }
    let action = match (arguments.explain, arguments.dry_run || !has_address) {
        (true, _) => Action::Explain(DryRunSettings::read(environment)?),
        (false, true) => Action::Print(DryRunSettings::read(environment)?),
        (false, false) => ship_to(environment)?,
    };
    let now = Timestamp::new(now.as_second(), 0).unwrap_or(Timestamp::EPOCH);
    let mut failed = 0;
    for what in &arguments.what {
        let Err(error) = one(what, &arguments, &action, now).await else {
            continue;
        };
        if arguments.what.len() == 1 || is_broken_pipe(&*error) {
            return Err(error);
        }
        failed += 1;
        print_error(&*error);
    }
    match failed {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} inputs failed", arguments.what.len()).into()),
    }
}

/// Returns the function with fewer and quicker attempts than in Lambda, and the address of Loki for errors.
fn ship_to(environment: &impl Environment) -> Result<Action, Box<dyn std::error::Error>> {
    let mut settings = Settings::read(environment)?;
    let is_set = |name| environment.text(name).is_some();
    let backoff = &mut settings.client.backoff;
    if !is_set("MAX_RETRIES") {
        backoff.max_retries = ATTEMPTS;
    }
    if !is_set("MAX_BACKOFF") {
        backoff.max = LONGEST_WAIT.max(backoff.min);
    }
    for warning in &settings.warnings {
        tracing::warn!("{warning}");
    }
    let address = settings.client.write_address.to_string();
    Ok(Action::Ship(Box::new(Function::new(settings)?), address))
}

/// Does with one input what is asked for.
async fn one(what: &str, arguments: &Arguments, action: &Action, now: Timestamp) -> Outcome {
    let input = Input::open(what, &arguments.log, now).await?;
    let (function, address) = match action {
        Action::Print(settings) => return dry_run::run(input, arguments.output, settings.clone()).await,
        Action::Explain(settings) => {
            return explain_entries::run(input, arguments.output, settings.clone()).await;
        }
        Action::Ship(function, address) => (function, address),
    };
    let source = input.source();
    let deadline = Deadline::at(Instant::now() + NO_LIMIT);
    let shipped = function.ship(source, deadline, async |intake, progress, delivery| {
        input.read(intake, progress, delivery).await;
    });
    let summary = match shipped.await {
        Ok(summary) => summary,
        Err(InvocationError::NotDelivered { failed, summary, .. }) => {
            let what = format!("not delivered to {address}");
            let error = failures::listed(&failed, summary.items, &what);
            return Err(error.unwrap_or(what).into());
        }
        Err(error) => return Err(error.into()),
    };
    match arguments.output {
        // The summary is in the log already.
        Output::Text => {}
        Output::Json => writeln!(io::stdout(), "{}", serde_json::to_string(&summary)?)?,
    }
    Ok(())
}
