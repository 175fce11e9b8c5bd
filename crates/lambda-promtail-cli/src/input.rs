//! The input: an event, an S3 object, or a local log that is read like one.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;
use std::time::UNIX_EPOCH;

use aws_events::{Content, Event, EventError, Item, S3Object, Source};
use lambda_promtail::{EntrySink, EventProgress, Intake, LocalFile};
use loki_push::Timestamp;

use crate::log_type::NamedType;

/// The name of standard input.
const STDIN: &str = "-";

/// An input that is shipped.
pub(crate) enum Input {
    Event(Event),
    File(LocalFile, tokio::fs::File),
}

/// The options that make an input a log. Without a key or a type, it is an event.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct LogOptions {
    /// Read the input as a log, compressed or not, whose type is that of this S3 key.
    #[arg(long)]
    key: Option<String>,
    /// Read the input as a log of this type, such as alb, vpc, waf or cloudtrail. Its lines have no label of their source.
    #[arg(long = "type", value_name = "TYPE", value_parser = NamedType::parse, conflicts_with = "key")]
    log_type: Option<NamedType>,
    /// The bucket that the log would be in, for the settings that depend on it.
    #[arg(long, default_value = "bucket")]
    bucket: String,
}

/// An error of opening the input.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    #[error("{name}: {source}")]
    Read { name: String, source: io::Error },
    #[error(
        "{name}: {source}; to ship a log, give its type with --type, or the S3 key that decides it with --key"
    )]
    Event { name: String, source: EventError },
    #[error("{0}: expected s3://bucket/key")]
    S3Uri(String),
}

impl Input {
    /// Opens an S3 URI, a log if its key or type is given, or else an event, from a file or, for `-`, from standard
    /// input. `now` is the time that lines without one have in standard input.
    pub(crate) async fn open(what: &str, log: &LogOptions, now: Timestamp) -> Result<Self, InputError> {
        if let Some(uri) = what.strip_prefix("s3://") {
            return object(uri).ok_or_else(|| InputError::S3Uri(what.to_owned()));
        }
        let failed = |source| InputError::Read {
            name: what.to_owned(),
            source,
        };
        if log.key.is_some() || log.log_type.is_some() {
            return Self::log(what, log, now).await.map_err(failed);
        }
        let json = read(what).map_err(failed)?;
        let event = aws_events::parse(&json).map_err(|source| InputError::Event {
            name: what.to_owned(),
            source,
        })?;
        Ok(Self::Event(event))
    }

    async fn log(path: &str, log: &LogOptions, now: Timestamp) -> io::Result<Self> {
        let file = |last_modified| LocalFile {
            name: path.to_owned(),
            bucket: log.bucket.clone(),
            key: log.key.clone().unwrap_or_else(|| path.to_owned()),
            kind: log.log_type.map(|log_type| log_type.object_type(&log.bucket)),
            last_modified,
        };
        if path == STDIN {
            // Not the buffered reader of the standard library, so that a file redirected to it can be read by ranges.
            let bytes = std::fs::File::from(io::stdin().as_fd().try_clone_to_owned()?);
            return Ok(Self::File(file(now), tokio::fs::File::from_std(bytes)));
        }
        let bytes = tokio::fs::File::open(path).await?;
        // The file's modification time takes the place of an S3 object's LastModified.
        let written = bytes.metadata().await?.modified()?;
        let written = written.duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(written.as_secs()).unwrap_or(i64::MAX);
        let last_modified = Timestamp::new(seconds, 0).unwrap_or(Timestamp::EPOCH);
        Ok(Self::File(file(last_modified), bytes))
    }

    /// Returns the kind of source for the summary.
    pub(crate) fn source(&self) -> &'static str {
        match self {
            Self::Event(event) => event.source.name(),
            Self::File(..) => "file",
        }
    }

    /// Reads the input, and gives its entries to `sink`.
    pub(crate) async fn read(self, intake: &Intake, progress: &mut EventProgress, sink: &mut impl EntrySink) {
        match self {
            Self::Event(event) => intake.read(event, progress, sink).await,
            Self::File(file, bytes) => intake.read_file(&file, bytes, progress, sink).await,
        }
    }
}

/// Returns the event that would announce the object.
fn object(uri: &str) -> Option<Input> {
    let (bucket, key) = uri.split_once('/')?;
    if bucket.is_empty() || key.is_empty() {
        return None;
    }
    let object = S3Object {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        region: None,
        version: None,
        size: None,
        event_name: None,
    };
    Some(Input::Event(Event {
        source: Source::S3,
        items: vec![Item {
            name: format!("s3://{uri}"),
            batch_item: None,
            content: Ok(Content::S3Object(object)),
        }],
        s3_batch: None,
    }))
}

fn read(path: &str) -> io::Result<Vec<u8>> {
    if path == STDIN {
        let mut event = Vec::new();
        io::stdin().lock().read_to_end(&mut event)?;
        return Ok(event);
    }
    std::fs::read(Path::new(path))
}
