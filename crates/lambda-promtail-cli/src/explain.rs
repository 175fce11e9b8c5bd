//! `explain`: what an S3 key leads to.

use std::io::{self, Write};

use lambda_promtail::{DryRunSettings, Environment, ObjectPlan};

use crate::Outcome;

/// Prints the type and the labels that an S3 key leads to, or why none.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The object's key, as S3 shows it.
    key: String,
    /// The bucket it lies in, for the settings that look at it.
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
