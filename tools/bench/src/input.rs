//! The inputs of the hot path.

use std::fs;
use std::io;
use std::path::Path;

use aws_events::{Content, Event, Item, S3Object, Source as EventSource};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
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
    /// Deliveries of a CloudWatch Logs subscription filter, each the payload of one event.
    Deliveries,
}

impl Source {
    /// Returns all sources.
    pub fn all() -> impl Iterator<Item = Self> {
        let objects = Corpus::ALL.into_iter().map(Self::Object);
        objects.chain([Self::Deliveries])
    }

    /// Returns the source's name, one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object(corpus) => corpus.name(),
            Self::Deliveries => "cloudwatch",
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
        let gzips = match source {
            Source::Object(corpus) => {
                let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
                corpus.write(&mut gzip, bytes as u64, SEED).unwrap();
                vec![gzip.finish().unwrap()]
            }
            Source::Deliveries => {
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
        match self.source {
            Source::Object(_) => Bytes::from(self.gzips.concat()),
            Source::Deliveries => Bytes::new(),
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
        match self.source {
            Source::Object(corpus) => {
                let object = S3Object {
                    bucket: "logs".to_owned(),
                    key: corpus.key().to_owned(),
                    region: None,
                    version: None,
                    event_name: Some("ObjectCreated:Put".to_owned()),
                };
                vec![event(EventSource::S3, Content::S3Object(object))]
            }
            Source::Deliveries => {
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
