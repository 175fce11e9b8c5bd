//! Events in, entries out: reads what AWS Lambda delivers, and makes log entries of it, which have labels, a time and a
//! line. It knows neither the AWS SDK nor HTTP.
//!
//! [`Intake::read`] takes an event that `aws_events::parse` has taken apart into items, and reads one item after the
//! other:
//!
//! ```text
//! S3 object             ObjectStore -> ByteSource -> Decompressed -> aws_logs::s3::ObjectReader -> lines
//!                       of Parquet: any range -> parquet_rows::RowReader -> rows as JSON -> the same ObjectReader
//! CloudWatch Logs                     payload of the event -> aws_logs::cloudwatch::DeliveryReader -> log events
//! Kinesis, Kafka record            data of the record -> aws_logs::record_content -> log events, or lines of text
//! text, EventBridge event                                      the message itself -> lines of text, or one line
//!                                                                                             |
//!                             log_pipeline::Pipeline: rules once for each stream, stages for each entry
//!                                                                                             |
//!                                                                                         EntrySink
//! ```
//!
//! There are two seams:
//!
//! - [`ObjectStore`] is where S3 objects come from. `aws-clients` implements it for S3.
//! - [`EntrySink`] is where entries go. `lambda-promtail` implements it for the delivery to Loki, and its command line
//!   for the printer of dry runs.
//!
//! An item that cannot be read fails on its own: its error is in [`EventProgress`], and the others are read. What is
//! held in memory is limited by [`Bounds`], not by what an event or an object contains. For one event and the same
//! objects the entries are always the same: nothing here reads the clock.
//!
//! The code per line has no future, allocation or lock. A sink that is full is awaited between two lines, and a task
//! that never has to wait yields after a few thousand lines, so that a deadline can end it.
//!
//! ```
//! use ingest::{DownloadError, EntrySink, EventProgress, Intake, IntakeSettings};
//! use ingest::{ObjectAddress, ObjectStore, ReaderSource, StoredObject};
//! use log_pipeline::Pipeline;
//! use loki_push::{Entry, ItemId, Timestamp};
//!
//! /// A store in which every object has one line.
//! struct Store;
//!
//! impl ObjectStore for Store {
//!     type Body = ReaderSource<&'static [u8]>;
//!
//!     async fn open(&self, address: ObjectAddress<'_>) -> Result<StoredObject<Self::Body>, DownloadError> {
//!         Ok(StoredObject {
//!             last_modified: Timestamp::EPOCH,
//!             etag: None,
//!             body: ReaderSource::new(address.to_string(), &b"http 2026-03-04T05:06:07.123456Z app/shop/0a1b\n"[..]),
//!         })
//!     }
//! }
//!
//! /// A sink that keeps the text of each entry.
//! struct Texts(Vec<String>);
//!
//! impl EntrySink for Texts {
//!     fn accept(&mut self, entry: &Entry<'_>, _: ItemId) {
//!         self.0.push(format!("{} {}", entry.labels, entry.line));
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let event = br#"{"Records": [{"eventSource": "aws:s3", "awsRegion": "eu-west-1", "eventName": "ObjectCreated:Put",
//!     "s3": {"bucket": {"name": "logs"}, "object": {"key":
//!     "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b_20260304T0510Z_10.0.3.4_2et2.log"}}}]}"#;
//!
//! let intake = Intake::new(IntakeSettings::default(), Pipeline::default(), Store);
//! let (mut progress, mut sink) = (EventProgress::default(), Texts(Vec::new()));
//! intake.read(aws_events::parse(event)?, &mut progress, &mut sink).await;
//!
//! assert_eq!(progress.items[0].error(), None);
//! assert_eq!(
//!     sink.0,
//!     [r#"{__aws_log_type="s3_lb", __aws_s3_lb="shop", __aws_s3_lb_owner="111122223333"} http 2026-03-04T05:06:07.123456Z app/shop/0a1b"#]
//! );
//! # Ok(())
//! # }
//! ```

mod bounds;
mod byte_source;
mod cloudwatch;
mod decompressed;
mod download_error;
mod dropped;
mod entry_sink;
mod error_lines;
mod event_progress;
mod eventbridge;
mod file_source;
mod intake;
mod item_intake;
mod item_metadata;
mod item_progress;
mod kafka;
mod kinesis;
mod kpl;
mod local_file;
mod object;
mod object_store;
mod own_log;
#[cfg(feature = "parquet")]
mod parquet;
mod read_ahead;
mod read_error;
mod record;
mod s3_event;
mod s3_type_settings;
mod streams;
mod structured_metadata;
mod tag_source;
mod text;

pub use bounds::Bounds;
pub use byte_source::{ByteSource, ReaderSource};
pub use decompressed::{BLOCK_SIZE, Decompressed};
pub use decompression::Compression;
pub use download_error::DownloadError;
pub use dropped::Dropped;
pub use entry_sink::EntrySink;
pub use event_progress::EventProgress;
pub use intake::{Intake, IntakeSettings};
pub use item_progress::ItemProgress;
pub use local_file::LocalFile;
pub use object_store::{ObjectAddress, ObjectStore, StoredObject};
pub use read_error::ReadError;
pub use s3_type_settings::{ObjectPlan, S3TypeSettings, SkipReason, UnknownS3Type};
pub use structured_metadata::{MetadataField, MetadataFieldError, MetadataFields};
pub use tag_source::{TagLabels, TagLabelsFuture, TagSource};
