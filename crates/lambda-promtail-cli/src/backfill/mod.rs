//! `ship s3://bucket/prefix/`: ships all objects below a prefix, oldest first.

mod candidates;
mod key_date;
mod listing;
mod object_id;
mod prefix;
mod progress;
mod resume;
mod shipping;
mod streams;
mod survey;
mod time_range;

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use indicatif::HumanCount;
use jiff::Timestamp;
use lambda_promtail::{DryRunSettings, Environment, Function};

use crate::Outcome;
use crate::output::Output;
use crate::terminal::Terminal;
use listing::Lister;
pub(crate) use prefix::Prefix;
use progress::Progress;
use resume::Resume;
use shipping::Shipping;
use survey::Survey;
use time_range::{TimeRange, parse_time};

/// The default number of objects that are shipped at a time.
const JOBS: usize = 8;
/// The default number of objects that are held in memory.
const HOLD: usize = 1_000_000;

/// The options for all objects below a prefix.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options for s3://bucket/prefix/")]
pub(crate) struct Options {
    /// Ship only objects whose date is not before this one, such as 2026-03-04 or 2026-03-04T05:06:00Z. The date is that
    /// in the object's key, or the time of writing.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    since: Option<Timestamp>,
    /// Ship only objects whose date is before this one.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    until: Option<Timestamp>,
    /// The number of objects that are shipped at a time; 8 if it is not given.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Record the finished objects in this file, and leave out those that it records already.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// The number of objects that are held in memory, at about 250 bytes each; a million if it is not given. For more,
    /// the bucket is listed again.
    #[arg(long, value_name = "N")]
    hold: Option<NonZeroUsize>,
}

impl Options {
    /// Returns the name of an option that was given and that only a prefix has.
    pub(crate) fn given(&self) -> Option<&'static str> {
        [
            (self.since.is_some(), "--since"),
            (self.until.is_some(), "--until"),
            (self.jobs.is_some(), "--jobs"),
            (self.resume.is_some(), "--resume"),
            (self.hold.is_some(), "--hold"),
        ]
        .into_iter()
        .find_map(|(is_given, name)| is_given.then_some(name))
    }
}

/// The circumstances of a run.
pub(crate) struct Run<'a> {
    pub(crate) dry_run: bool,
    pub(crate) output: Output,
    pub(crate) terminal: &'a Terminal,
    pub(crate) now: Timestamp,
}

/// Ships the objects below the prefix, or says what would be shipped.
///
/// # Errors
/// Returns an error if there is nothing to ship, or if an object failed. All others are shipped nevertheless.
pub(crate) async fn run(
    prefix: Prefix,
    options: Options,
    run: Run<'_>,
    environment: &impl Environment,
) -> Outcome {
    let name = prefix.to_string();
    let settings = DryRunSettings::read(environment)?;
    let function = match run.dry_run {
        true => None,
        false => Some(Arc::new(Function::from_environment(environment)?)),
    };
    let resume = match &options.resume {
        // A dry run makes no file.
        Some(path) if run.dry_run && !path.exists() => None,
        Some(path) => Some(Resume::open(path, &name)?),
        None => None,
    };
    let range = TimeRange {
        since: options.since,
        until: options.until,
    };
    let mut progress = Progress::listing(run.terminal, &name);
    let mut survey = Survey::default();
    // A dry run only counts.
    let hold = options.hold.map_or(HOLD, NonZeroUsize::get);
    let limit = if run.dry_run { 0 } else { hold };
    let mut lister = Lister::new(prefix, settings, range, resume, run.now, limit);
    let first = lister.list(None, &mut survey, &mut progress).await?;
    if let Some(reason) = survey.nothing_to_ship(&name) {
        return Err(reason.into());
    }
    let Some(function) = function else {
        progress.clear();
        match run.output {
            Output::Text => survey.write(io::stdout().lock())?,
            Output::Json => writeln!(io::stdout(), "{}", serde_json::to_string(&survey)?)?,
        }
        for warning in survey.warnings() {
            run.terminal.say(&warning);
        }
        return Ok(());
    };
    for warning in survey.warnings() {
        run.terminal.say(&warning);
    }
    progress.start(survey.to_ship());
    let jobs = options.jobs.map_or(JOBS, NonZeroUsize::get);
    let mut shipping = Shipping::new(function, jobs, run.terminal.clone());
    let mut next = first;
    loop {
        let after = next.more_after.take();
        shipping.ship(next, &mut lister, &mut progress).await?;
        let Some(after) = after else {
            break;
        };
        next = lister
            .list(Some(after), &mut Survey::default(), &mut progress)
            .await?;
    }
    progress.clear();
    run.terminal.say(&progress.summary());
    if let Output::Json = run.output {
        writeln!(io::stdout(), "{}", serde_json::to_string(&progress.totals)?)?;
    }
    let again = match options.resume {
        Some(_) => "the same command again ships only these",
        None => "with --resume FILE, the same command again would ship only these",
    };
    match (progress.totals.failed, progress.totals.held_back) {
        (0, _) => Ok(()),
        (failed, 0) => Err(format!("{} failed; {again}", objects(failed)).into()),
        (failed, held_back) => Err(format!(
            "{} failed, and {} not shipped, so that Loki still accepts older lines of the same streams; {again}",
            objects(failed),
            match held_back {
                1 => "1 was".to_owned(),
                more => format!("{} were", HumanCount(more)),
            }
        )
        .into()),
    }
}

/// Returns a number of objects as text.
pub(crate) fn objects(count: u64) -> String {
    match count {
        1 => "1 object".to_owned(),
        more => format!("{} objects", HumanCount(more)),
    }
}
