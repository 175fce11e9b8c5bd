//! Reads events, and turns them into entries.

mod bounds;
mod cloudwatch;
mod error;
mod eventbridge;
mod item;
mod item_intake;
mod kafka;
mod kinesis;
mod kpl;
mod local_file;
mod object;
mod own_log;
mod record;
mod s3_event;
mod s3_settings;
mod sink;
mod streams;
mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use aws_clients::{AwsAccess, S3Objects};
use aws_events::{Content, Event, ItemError};
use aws_logs::cloudwatch::DeliveryReader;
use log_pipeline::Pipeline;
use loki_push::ItemId;

use crate::Dropped;
use crate::error_lines::{ErrorLines, cut};

pub use bounds::Bounds;
pub use error::ReadError;
pub use item::Item;
use item_intake::ItemIntake;
pub use local_file::LocalFile;
use own_log::OwnLog;
pub use s3_settings::{ObjectPlan, S3Settings, SkipReason, UnknownS3Type};
pub use sink::EntrySink;

/// The settings for reading events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntakeSettings {
    /// Whether the CloudWatch log stream becomes a label.
    pub keep_stream: bool,
    /// The log group that the function itself logs to. Shipping its own lines would create new lines in an endless
    /// loop.
    pub own_log_group: Option<String>,
    /// The function's name, which tells its lines from those of other functions in a shared log group.
    pub function_name: Option<String>,
    /// The Region that the function runs in.
    pub region: Option<String>,
    /// Whether every line is also written to the function's own log.
    pub print_log_line: bool,
    /// The settings that decide the type of an S3 object.
    pub s3: S3Settings,
    /// The bounds on the data that is held in memory at once.
    pub bounds: Bounds,
}

/// A reader of events that runs their entries through the pipeline.
#[derive(Debug)]
pub struct Intake {
    settings: IntakeSettings,
    pipeline: Pipeline,
    objects: S3Objects,
    delivery_reader: Mutex<DeliveryReader>,
    own_log: OwnLog,
    warned_of_own_log_group: AtomicBool,
}

/// The items and counts of one event while it is read and shipped.
#[derive(Debug, Default)]
pub struct EventProgress {
    /// The event's items, each at the index of its [`ItemId`].
    pub items: Vec<Item>,
    /// The numbers of lines that were dropped on purpose.
    pub dropped: Dropped,
    /// The number of labels to which rules gave names that Loki cannot parse.
    pub labels_renamed: u64,
    /// The number of lines of S3 objects that have no readable time and took another one.
    pub times_guessed: u64,
    /// The values of `metrics` stages.
    pub metrics: BTreeMap<String, f64>,
    /// The number of items that have nothing to ship.
    pub skipped: u64,
    errors: ErrorLines,
    /// The number of items whose error is kept.
    kept_errors: usize,
}

impl Intake {
    /// Creates an intake for the life of a function. It sends no request to AWS until an event announces an object.
    pub fn new(settings: IntakeSettings, pipeline: Pipeline, objects: S3Objects) -> Self {
        Self {
            delivery_reader: Mutex::new(DeliveryReader::within(settings.bounds.payload)),
            own_log: OwnLog::new(&settings),
            settings,
            pipeline,
            objects,
            warned_of_own_log_group: AtomicBool::new(false),
        }
    }

    /// Creates an intake that reads objects with the Region, credentials and endpoints that the SDK finds in the
    /// environment.
    pub fn from_environment(settings: IntakeSettings, pipeline: Pipeline) -> Self {
        Self::with_access(settings, pipeline, Arc::new(AwsAccess::from_environment()))
    }

    /// Creates an intake that reads objects with this access.
    pub fn with_access(settings: IntakeSettings, pipeline: Pipeline, access: Arc<AwsAccess>) -> Self {
        let objects = S3Objects::new(access, aws_clients::S3ClientSettings::default());
        Self::new(settings, pipeline, objects)
    }

    /// Stores the ARN that the function was invoked with, which tells its own log group from those of other accounts.
    pub fn set_invoked(&self, arn: &str) {
        self.own_log.set_invoked(arn);
    }

    /// Reads the event, and gives its entries to `sink`. An item that cannot be read fails, and the others are read
    /// nevertheless. If the future is dropped, `progress` holds the items that were not read.
    pub async fn read(&self, event: Event, progress: &mut EventProgress, sink: &mut impl EntrySink) {
        let items = event.items.into_iter().map(|item| {
            let id = progress.add(Item::new(item.name, item.batch_item));
            (id, item.content)
        });
        for (id, content) in items.collect::<Vec<_>>() {
            match content {
                Ok(content) => self.read_item(content, id, progress, sink).await,
                Err(error) => progress.fail(id, cause_of_item(&error), error),
            }
            progress.set_read(id);
        }
    }

    async fn read_item(
        &self,
        content: Content,
        item: ItemId,
        progress: &mut EventProgress,
        sink: &mut impl EntrySink,
    ) {
        let mut intake = ItemIntake::new(self, item, progress, sink);
        let read = match content {
            Content::CloudWatchLogs { data } => intake.subscription_data(&data).await,
            Content::Kinesis(record) => intake.kinesis_record(&record).await,
            Content::Kafka(record) => intake.kafka_record(&record).await,
            Content::Text(message) => intake.text_message(&message).await,
            Content::EventBridge(event) => intake.eventbridge_event(&event).await,
            Content::S3Object(object) => intake.s3_object(&object).await,
            Content::S3TestEvent => {
                tracing::info!("S3 tested the notification; nothing to ship");
                intake.skip();
                Ok(())
            }
            Content::CloudTrailValidation => {
                tracing::info!("CloudTrail tested the topic; nothing to ship");
                intake.skip();
                Ok(())
            }
        };
        intake.finish(read).await;
    }
}

impl EventProgress {
    fn add(&mut self, item: Item) -> ItemId {
        // An event has at most 6 MB, so its items can be counted in 32 bits.
        let id = ItemId(self.items.len() as u32);
        self.items.push(item);
        id
    }

    /// Marks an item as read to its end, or to an error.
    fn set_read(&mut self, item: ItemId) {
        self.items[item.0 as usize].set_read();
    }

    /// Marks the items whose reading has not ended as failed by the deadline.
    pub(crate) fn cut_off(&mut self) {
        for item in 0..self.items.len() {
            if !self.items[item].is_read() {
                self.items[item].set_retry_may_help();
                self.fail(
                    ItemId(item as u32),
                    ReadError::Deadline.cause(),
                    ReadError::Deadline,
                );
            }
        }
    }

    /// Writes how many errors were left out of the log, and resets the counts.
    pub(crate) fn close_errors(&mut self) {
        self.errors.close();
    }

    /// Logs and counts that a line, or the rest of an item, could not be read.
    fn fail(&mut self, item: ItemId, cause: &'static str, error: impl fmt::Display) {
        if self.errors.count(cause) {
            let name = cut(self.items[item.0 as usize].name());
            tracing::error!(item = name, "{}", cut(&error));
        }
        self.fail_lines(item, 1, error);
    }

    /// Counts this many lines of an item as not delivered. Only the first errors of an event are kept: a
    /// message of 1 MB may hold thousands of objects, each with an error of a kilobyte.
    pub(crate) fn fail_lines(&mut self, item: ItemId, lines: u64, error: impl fmt::Display) {
        let item = &mut self.items[item.0 as usize];
        if item.error().is_some() {
            item.fail(lines, "");
        } else if self.kept_errors < KEPT_ERRORS {
            self.kept_errors += 1;
            item.fail(lines, cut(error));
        } else {
            item.fail(
                lines,
                "failed like other items of the event; their errors are in the log",
            );
        }
    }
}

/// The most items of one event whose error is kept.
const KEPT_ERRORS: usize = 100;

/// Returns the cause under which an item's error is counted.
fn cause_of_item(error: &ItemError) -> &'static str {
    match error {
        ItemError::NotAnObject => "a record is not a JSON object",
        ItemError::UnknownRecord { .. } => "unknown kind of record",
        ItemError::Field(_) => "a field that its kind always has cannot be read",
        ItemError::Message(_) | ItemError::TextWithoutTime { .. } => "what a message holds cannot be read",
        ItemError::NotAList => "the records of a partition are not a list",
    }
}
