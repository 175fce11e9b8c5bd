//! The settings: environment variables that are read into checked types at start.
//!
//! The table under `table/` declares each variable once, with its name, default, meaning and parser; [`all`] returns it. Reading has no side effects,
//! and all errors are collected before they are reported.

mod contradictions;
mod duration;
mod duration_text;
mod effective;
mod error;
mod extra_headers;
mod markdown;
mod near_names;
mod pem;
mod raw;
mod read;
mod resolve;
mod setting;
mod table;
mod value;
mod value_issue;

pub use duration::{DurationError, parse_duration};
pub use effective::{Effective, Origin, effective};
pub use error::{Finding, SettingsError};
pub use markdown::markdown_table;
pub use setting::{DefaultValue, Setting, Shown, ValueForm};
pub use table::all;

use std::sync::Arc;

use aws_clients::{AwsAccess, QueueUrl, TagKeys};
use log_pipeline::Pipeline;
use loki_client::ClientSettings;
use tracing::level_filters::LevelFilter;

use crate::secrets::KeptRedactKey;
use crate::{Environment, IntakeSettings, InvocationSettings, MetricsSettings};

/// All settings, parsed and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The settings for reading events.
    pub intake: IntakeSettings,
    /// The pipeline that every entry runs through.
    pub pipeline: Pipeline,
    /// The settings of the Loki client.
    pub client: ClientSettings,
    /// The configuration that the clients of AWS services share. It is loaded when it is first needed.
    pub aws: Arc<AwsAccess>,
    /// The queue that takes the rest of objects that one invocation cannot ship.
    pub continuation_queue: Option<QueueUrl>,
    /// The keys of the tags of log groups that become labels.
    pub tag_keys: TagKeys,
    /// The key of stages that hash, if it must be fetched from AWS.
    pub(crate) redact_key: Option<KeptRedactKey>,
    /// The settings for the end of an invocation.
    pub invocation: InvocationSettings,
    /// The settings of the metrics, if they are wanted.
    pub metrics: Option<MetricsSettings>,
    /// The values that are usable but probably not intended.
    pub warnings: Vec<Finding>,
}

/// The settings of a run that pushes nothing: all except those of the Loki client.
#[derive(Clone, Debug)]
pub struct DryRunSettings {
    /// The settings for reading events.
    pub intake: IntakeSettings,
    /// The pipeline that every entry runs through.
    pub pipeline: Pipeline,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// Returns all errors that were found; each names its variable and says what would be right.
    pub fn read(environment: &impl Environment) -> Result<Self, SettingsError> {
        let (raw, findings) = read::read(environment);
        resolve::settings(raw, findings)
    }
}

impl DryRunSettings {
    /// Reads the environment, in which `WRITE_ADDRESS` may be missing. Everything else is checked as usual.
    ///
    /// # Errors
    /// Returns all errors that were found; each names its variable and says what would be right.
    pub fn read(environment: &impl Environment) -> Result<Self, SettingsError> {
        let (raw, findings) = read::read(environment);
        resolve::dry_run_settings(raw, findings)
    }
}

/// Returns the level of `LOG_LEVEL`, which logging needs before the settings are read. It reads no other variable.
pub fn log_level(environment: &impl Environment) -> LevelFilter {
    let level = read::read_one(&table::LOG_LEVEL, environment).log_level;
    level.unwrap_or(LevelFilter::INFO)
}
