//! `explain`: prints the log type and labels of an S3 key.

use std::io::{self, Write};

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
    let mut out = io::stdout().lock();
    match settings.intake.s3.plan(&arguments.bucket, &arguments.key) {
        ObjectPlan::Read(kind) => {
            let source = kind.labels();
            let name = source.get("__aws_log_type").or_else(|| source.get("source"));
            writeln!(out, "type    {}", name.unwrap_or_default())?;
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
        ObjectPlan::Fail(unknown) => return Err(unknown.into()),
    }
    Ok(())
}
