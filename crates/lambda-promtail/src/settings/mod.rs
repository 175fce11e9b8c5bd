//! Settings: environment variables, read once at start into checked types.
//!
//! Each variable is declared once, in [`SETTINGS`]: name, default, meaning, and how it is read. Reading
//! it has no side effects, and all problems are found before the first is reported.

mod duration;
mod effective;
mod fault;
mod markdown;
mod pem;
mod problems;
mod raw;
mod read;
mod resolve;
mod setting;
mod table;

pub use duration::{DurationError, parse_duration};
pub use effective::{Effective, Origin, effective};
pub use markdown::markdown_table;
pub use problems::{Problem, Problems};
pub use setting::{DefaultValue, Given, Setting, Shown};
pub use table::SETTINGS;

use std::sync::Arc;

use aws_clients::AwsAccess;
use log_pipeline::Pipeline;
use loki_client::ClientSettings;
use tracing::level_filters::LevelFilter;

use crate::{Environment, IntakeSettings, InvocationSettings};

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What is read from an event, and how.
    pub intake: IntakeSettings,
    /// What is done to every entry.
    pub pipeline: Pipeline,
    /// How Loki is reached.
    pub client: ClientSettings,
    /// What the clients of AWS's services share. Nothing of it is loaded yet.
    pub aws: Arc<AwsAccess>,
    /// How an invocation ends.
    pub invocation: InvocationSettings,
    /// What is usable, but probably not meant.
    pub warnings: Vec<Problem>,
}

/// The settings of a run that pushes nothing: all but how Loki is reached.
#[derive(Clone, Debug)]
pub struct DryRunSettings {
    /// What is read from an event, and how.
    pub intake: IntakeSettings,
    /// What is done to every entry.
    pub pipeline: Pipeline,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// With every problem there is, each naming its variable and what would be right.
    pub fn read(environment: &impl Environment) -> Result<Self, Problems> {
        let (raw, findings) = read::read(environment);
        resolve::settings(raw, findings)
    }
}

impl DryRunSettings {
    /// Reads the environment, in which `WRITE_ADDRESS` may be missing; all else is checked as ever.
    ///
    /// # Errors
    /// With every problem there is, each naming its variable and what would be right.
    pub fn read(environment: &impl Environment) -> Result<Self, Problems> {
        let (raw, findings) = read::read(environment);
        resolve::dry_run_settings(raw, findings)
    }
}

/// The level of `LOG_LEVEL`, which logging needs before everything else is read.
pub fn log_level(environment: &impl Environment) -> LevelFilter {
    read::read(environment).0.log_level
}
