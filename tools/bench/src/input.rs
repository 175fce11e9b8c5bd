//! The inputs of the hot path.

use std::fs;
use std::io;
use std::path::Path;

use aws_events::{Content, Event, Item, S3Object, Source as EventSource};
use aws_logs::s3::{ObjectType, OwnTypes};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use ingest::{ObjectPlan, S3TypeSettings};
use testkit::compress::gzip_at;
use testkit::corpora::{Corpus, cloudwatch};

const SEED: u64 = 7;
/// The number of log events in one delivery.
const LOG_EVENTS: u64 = 200;

/// A source of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An S3 object.
    Object(Corpus),
    /// The S3 object of WAF's logs, read as a type that the user describes: JSON lines with a time.
    OwnType,
    /// Deliveries of a CloudWatch Logs subscription filter, each the payload of one event.
    Deliveries,
}

impl Source {
    /// Returns all sources.
    pub fn all() -> impl Iterator<Item = Self> {
        let objects = Corpus::ALL.into_iter().map(Self::Object);
        objects.chain([Self::OwnType, Self::Deliveries])
    }

    /// Returns the source's name, one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object(corpus) => corpus.name(),
            Self::OwnType => "own-json",
            Self::Deliveries => "cloudwatch",
        }
    }

    /// Returns the log in the object, if the source is one.
    pub fn corpus(self) -> Option<Corpus> {
        match self {
            Self::Object(corpus) => Some(corpus),
            Self::OwnType => Some(Corpus::Waf),
            Self::Deliveries => None,
        }
    }

    /// Returns the key of the object.
    fn key(self) -> Option<&'static str> {
        match self {
            Self::OwnType => Some("apps/edge/requests.log.gz"),
            other => other.corpus().map(Corpus::key),
        }
    }

    /// Returns the settings that decide the type of the object.
    pub(crate) fn s3_settings(self) -> S3TypeSettings {
        const OWN_TYPE: &str = r#"[{"name": "s3_app", "key": "^apps/(?P<src>[^/]+)/", "format": "json",
            "time": {"field": "timestamp", "format": "unix_ms"}}]"#;
        S3TypeSettings {
            own: match self {
                Self::OwnType => OwnTypes::parse(OWN_TYPE).unwrap(),
                _ => OwnTypes::default(),
            },
            ..S3TypeSettings::default()
        }
    }

    /// Returns the type of the object, found by its key, if the source is an object.
    pub fn object_type(self) -> Option<ObjectType> {
        let key = self.key()?;
        match self.s3_settings().plan("logs", key) {
            ObjectPlan::Read(kind) => Some(kind),
            other => panic!("{key} should be a log, not {other:?}"),
        }
    }
}

/// Compressed bytes as AWS delivers them, generated and the same every time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The source of the lines.
    pub source: Source,
    /// The gzip data of one object, or of any number of deliveries.
    pub gzips: Vec<Vec<u8>>,
}

impl Input {
    /// Generates an input of at least this many bytes before compression.
    pub fn make(source: Source, bytes: usize) -> Self {
        let gzips = match source.corpus() {
            Some(corpus) => {
                let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
                corpus.write(&mut gzip, bytes as u64, SEED).unwrap();
                vec![gzip.finish().unwrap()]
            }
            None => {
                let mut written = 0;
                let deliveries = (SEED..).map(|number| cloudwatch::delivery(number, LOG_EVENTS));
                let enough = deliveries.take_while(|delivery| {
                    let goes_on = written < bytes;
                    written += delivery.len();
                    goes_on
                });
                enough
                    .map(|delivery| gzip_at(Compression::default(), delivery.as_bytes()))
                    .collect()
            }
        };
        Self { source, gzips }
    }

    /// Returns the object's bytes; none for deliveries, which are in their events.
    pub(crate) fn object(&self) -> Bytes {
        match self.source.corpus() {
            Some(_) => Bytes::from(self.gzips.concat()),
            None => Bytes::new(),
        }
    }

    /// Returns the events that announce the object, or that hold the deliveries.
    pub fn events(&self) -> Vec<Event> {
        let event = |source, content| Event {
            source,
            items: vec![Item {
                name: self.source.name().to_owned(),
                batch_item: None,
                content: Ok(content),
            }],
            s3_batch: None,
        };
        match self.source.key() {
            Some(key) => {
                let object = S3Object {
                    bucket: "logs".to_owned(),
                    key: key.to_owned(),
                    region: None,
                    version: None,
                    size: None,
                    event_name: Some("ObjectCreated:Put".to_owned()),
                };
                vec![event(EventSource::S3, Content::S3Object(object))]
            }
            None => {
                let content = |gzip: &Vec<u8>| Content::CloudWatchLogs { data: gzip.clone() };
                let events = self.gzips.iter().map(content);
                events
                    .map(|content| event(EventSource::CloudWatchLogs, content))
                    .collect()
            }
        }
    }

    /// Writes the input to files in a new folder within `folder`.
    ///
    /// # Errors
    /// Returns an error if a file or the folder cannot be written, or the folder exists already.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let own = folder.join(self.source.name());
        fs::create_dir(&own)?;
        for (index, gzip) in self.gzips.iter().enumerate() {
            fs::write(own.join(format!("{index:06}.gz")), gzip)?;
        }
        Ok(())
    }

    /// Reads an input that [`write`](Self::write) wrote.
    ///
    /// # Errors
    /// Returns an error if the folder is missing or cannot be read.
    pub fn read(source: Source, folder: &Path) -> io::Result<Self> {
        let entries = fs::read_dir(folder.join(source.name()))?;
        let paths: io::Result<Vec<_>> = entries.map(|entry| Ok(entry?.path())).collect();
        let mut paths = paths?;
        paths.sort();
        let gzips: io::Result<_> = paths.iter().map(fs::read).collect();
        Ok(Self {
            source,
            gzips: gzips?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        for source in Source::all() {
            let input = Input::make(source, 100_000);
            assert_eq!(input, Input::make(source, 100_000));
            input.write(folder.path()).unwrap();
            assert_eq!(Input::read(source, folder.path()).unwrap(), input);
        }
    }
}
