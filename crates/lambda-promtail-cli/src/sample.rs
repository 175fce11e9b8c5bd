//! `sample`: prints sample logs as AWS writes them, for trying out a deployment.

mod catalogue;
mod template;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::json;

use crate::Outcome;
use catalogue::{Kind, SAMPLES, Sample};
use template::{TemplateError, fill};

/// Prints a sample as AWS would write it: an event, or the lines of an object in S3.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The sample.
    #[arg(value_name = "NAME", value_parser = known())]
    sample: &'static Sample,
    /// Write lines of the last five minutes instead of 2026-03-04, because Loki refuses lines older than a week.
    #[arg(long)]
    now: bool,
    /// Write a file below this folder instead, and print its path: an object with its key as path, compressed as in S3,
    /// or NAME.json.
    #[arg(long, value_name = "FOLDER", conflicts_with = "key")]
    into: Option<PathBuf>,
    /// Print only the key of the object.
    #[arg(long)]
    key: bool,
}

const EXAMPLES: &str = "\
Examples:
  Invoke the function with lines of now:
    lambda-promtail-cli sample cloudwatch --now > event.json
    aws lambda invoke --function-name lambda-promtail --payload fileb://event.json summary.json
  Put an object into a bucket, under the key that a load balancer gives it:
    lambda-promtail-cli sample alb --now --into objects
    aws s3 cp --recursive objects s3://example-load-balancer-logs";

/// The time of the samples without `--now`: 2026-03-04T05:10:00Z.
const FIXED: Timestamp = Timestamp::constant(1_772_601_000, 0);

/// An error of printing a sample.
#[derive(Debug, thiserror::Error)]
enum SampleError {
    #[error("the sample {0} is an event, which has no key: leave out --key")]
    NoKey(&'static str),
    #[error("the sample {name}: {source}")]
    Template {
        name: &'static str,
        source: TemplateError,
    },
    #[error("{}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Returns the parser of the names of samples.
fn known() -> impl TypedValueParser<Value = &'static Sample> {
    let names = SAMPLES
        .iter()
        .map(|sample| PossibleValue::new(sample.name).help(sample.about));
    PossibleValuesParser::new(names).try_map(|name| {
        let mut samples = SAMPLES.iter();
        samples
            .find(|sample| sample.name == name)
            .ok_or("there is no such sample")
    })
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let sample = arguments.sample;
    let time = match arguments.now {
        true => Timestamp::now(),
        false => FIXED,
    };
    let printed = if arguments.key {
        format!("{}\n", sample.key(time)?.ok_or(SampleError::NoKey(sample.name))?)
    } else if let Some(folder) = &arguments.into {
        format!("{}\n", sample.write_into(folder, time)?.display())
    } else {
        sample.text(time)?
    };
    io::stdout().lock().write_all(printed.as_bytes())?;
    Ok(())
}

impl Sample {
    /// Returns the key of an object whose last line is of about this time, or `None` for an event.
    fn key(&self, time: Timestamp) -> Result<Option<String>, SampleError> {
        match self.kind {
            Kind::Object(key) => self.filled(key, time).map(Some),
            Kind::Subscription | Kind::Event => Ok(None),
        }
    }

    /// Returns the event, or the lines of the object, whose last is of about this time.
    fn text(&self, time: Timestamp) -> Result<String, SampleError> {
        let text = self.filled(self.template, time)?;
        match self.kind {
            Kind::Object(_) | Kind::Event => Ok(text),
            Kind::Subscription => {
                let data = BASE64_STANDARD.encode(gzip(text.as_bytes()));
                Ok(format!("{}\n", json!({"awslogs": {"data": data}})))
            }
        }
    }

    /// Writes the sample into a file below the folder, and returns its path.
    fn write_into(&self, folder: &Path, time: Timestamp) -> Result<PathBuf, SampleError> {
        let (name, text) = (self.key(time)?, self.text(time)?);
        let name = name.unwrap_or_else(|| format!("{}.json", self.name));
        let bytes = match name.ends_with(".gz") {
            true => gzip(text.as_bytes()),
            false => text.into_bytes(),
        };
        let path = folder.join(name);
        let made = fs::create_dir_all(path.parent().unwrap_or(folder));
        match made.and_then(|()| fs::write(&path, bytes)) {
            Ok(()) => Ok(path),
            Err(source) => Err(SampleError::Write { path, source }),
        }
    }

    fn filled(&self, template: &str, time: Timestamp) -> Result<String, SampleError> {
        fill(template, time).map_err(|source| SampleError::Template {
            name: self.name,
            source,
        })
    }
}

/// Returns the bytes, compressed.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to a vector cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
