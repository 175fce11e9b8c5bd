//! The input: an event, an S3 object, or a local file that is read like one.

use std::io::{self, Read};
use std::path::Path;
use std::time::UNIX_EPOCH;

use aws_events::{Content, Event, EventError, Item, S3Object, Source};
use lambda_promtail::{EntrySink, EventProgress, Intake, LocalFile};
use loki_push::Timestamp;

/// An input that is shipped.
pub(crate) enum Input {
    Event(Event),
    File(LocalFile, tokio::fs::File),
}

/// An error of opening the input.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    #[error("{name}: {source}")]
    Read { name: String, source: io::Error },
    #[error("{name}: {source}; to ship a log file, give the S3 key that decides its type with --key")]
    Event { name: String, source: EventError },
    #[error("{0}: expected s3://bucket/key")]
    S3Uri(String),
}

impl Input {
    /// Opens an S3 URI, a log file if a key is given, or else an event from a file or, for `-`, from standard input.
    pub(crate) async fn open(what: &str, key: Option<&str>, bucket: &str) -> Result<Self, InputError> {
        if let Some(uri) = what.strip_prefix("s3://") {
            return object(uri).ok_or_else(|| InputError::S3Uri(what.to_owned()));
        }
        let failed = |source| InputError::Read {
            name: what.to_owned(),
            source,
        };
        match key {
            Some(key) => Self::file(what, key, bucket).await.map_err(failed),
            None => {
                let json = read(what).map_err(failed)?;
                let event = aws_events::parse(&json).map_err(|source| InputError::Event {
                    name: what.to_owned(),
                    source,
                })?;
                Ok(Self::Event(event))
            }
        }
    }

    async fn file(path: &str, key: &str, bucket: &str) -> io::Result<Self> {
        let bytes = tokio::fs::File::open(path).await?;
        // The file's modification time takes the place of an S3 object's LastModified.
        let written = bytes.metadata().await?.modified()?;
        let written = written.duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(written.as_secs()).unwrap_or(i64::MAX);
        let file = LocalFile {
            name: path.to_owned(),
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            last_modified: Timestamp::new(seconds, 0).unwrap_or(Timestamp::EPOCH),
        };
        Ok(Self::File(file, bytes))
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
    if path == "-" {
        let mut event = Vec::new();
        io::stdin().lock().read_to_end(&mut event)?;
        return Ok(event);
    }
    std::fs::read(Path::new(path))
}
