//! `explain`: prints the log type and labels of an S3 key.

use std::io::{self, Write};

use aws_logs::s3::{ObjectType, OwnType};
use lambda_promtail::{DryRunSettings, Environment, ObjectPlan};

use crate::Outcome;

/// Prints the log type and the labels for an S3 key, or the reason why the object is skipped or fails.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The object's key, as the S3 console shows it.
    key: String,
    /// The object's bucket, for the settings that depend on it.
    #[arg(long, default_value = "bucket")]
    bucket: String,
}

pub(crate) fn run(arguments: &Arguments, environment: &impl Environment) -> Outcome {
    let settings = DryRunSettings::read(environment)?;
    let s3 = &settings.intake.s3;
    let mut out = io::stdout().lock();
    match s3.plan(&arguments.bucket, &arguments.key) {
        ObjectPlan::Read(kind) => {
            writeln!(out, "type    {}", type_name(&kind))?;
            match kind.own_type() {
                Some(own) => writeln!(out, "match   {}", reason(own, &arguments.key))?,
                None if s3.own.is_empty() => {}
                None => writeln!(out, "match   built-in; {NO_OWN_TYPE}")?,
            }
            if kind.is_of_deliveries() {
                writeln!(
                    out,
                    "source  those of each delivery, and {}",
                    kind.delivery_labels()
                )?;
                return Ok(());
            }
            let source = kind.labels();
            writeln!(out, "source  {source}")?;
            let labels = settings
                .pipeline
                .stream_labels(source.clone(), &mut Default::default());
            match labels {
                Some(labels) => writeln!(out, "stream  {labels}")?,
                None => writeln!(out, "stream  dropped by a relabelling rule")?,
            }
        }
        ObjectPlan::Skip(reason) => writeln!(out, "skipped: {reason}")?,
        ObjectPlan::Fail(unknown) if s3.own.is_empty() => return Err(unknown.into()),
        ObjectPlan::Fail(unknown) => return Err(format!("{unknown}, and {NO_OWN_TYPE}").into()),
    }
    Ok(())
}

const NO_OWN_TYPE: &str = "the key matches no entry of S3_LOG_TYPES";

/// Returns the value of `__aws_log_type`, or of `source` in access-log mode.
pub(crate) fn type_name(kind: &ObjectType) -> &str {
    let labels = kind.labels();
    let name = labels.get("__aws_log_type").or_else(|| labels.get("source"));
    match name {
        None if kind.is_of_deliveries() => "cloudwatch",
        name => name.unwrap_or_default(),
    }
}

/// Returns the entry of `S3_LOG_TYPES`, and what it found in the key.
fn reason(own: &OwnType, key: &str) -> String {
    let groups: Vec<String> = own
        .groups(key)
        .iter()
        .map(|(name, text)| format!("{name}={text:?}"))
        .collect();
    let with = if groups.is_empty() { "" } else { " with " };
    format!(
        "S3_LOG_TYPES[{}] ({}): the key matches {}{with}{}",
        own.index(),
        own.name(),
        own.key(),
        groups.join(", ")
    )
}
