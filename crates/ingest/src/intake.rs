//! The intake, which reads the items of an event one after the other.

use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use aws_events::{Content, Event, S3Object};
use aws_logs::cloudwatch::DeliveryReader;
use log_pipeline::Pipeline;
use loki_push::ItemId;

use crate::event_progress::cause_of_item;
use crate::item_intake::ItemIntake;
use crate::own_log::OwnLog;
use crate::read_ahead::{Item, ReadAhead, RequestedObject};
use crate::{
    Bounds, EntrySink, EventProgress, ItemProgress, MetadataFields, ObjectPlan, ObjectStore, S3TypeSettings,
    TagSource, s3_event,
};

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
    /// The facts about the source that are attached to each entry as structured metadata.
    pub structured_metadata: MetadataFields,
    /// Whether every line is also written to the function's own log.
    pub print_log_line: bool,
    /// The settings that decide the type of an S3 object.
    pub s3: S3TypeSettings,
    /// The bounds on the data that is held in memory at once.
    pub bounds: Bounds,
    /// The most objects of an event that are requested ahead of the one being read.
    pub read_ahead: usize,
    /// A number that differs for settings that lead to different entries. An object is only continued with the settings
    /// with which reading it began.
    pub fingerprint: u64,
}

/// A reader of events that runs their entries through the pipeline. It reads S3 objects from the store `O`.
#[derive(Debug)]
pub struct Intake<O> {
    pub(crate) settings: IntakeSettings,
    pub(crate) pipeline: Pipeline,
    pub(crate) objects: Arc<O>,
    /// The source of labels from tags, if there are to be any.
    pub(crate) tags: Option<Box<dyn TagSource>>,
    pub(crate) delivery_reader: Mutex<DeliveryReader>,
    pub(crate) own_log: OwnLog,
    pub(crate) warned_of_own_log_group: AtomicBool,
}

impl<O: ObjectStore> Intake<O> {
    /// Creates an intake for the life of a function. It requests nothing from the store until an event announces an
    /// object.
    pub fn new(settings: IntakeSettings, pipeline: Pipeline, objects: O) -> Self {
        Self {
            delivery_reader: Mutex::new(
                DeliveryReader::within(settings.bounds.payload)
                    .with_event_ids(settings.structured_metadata.event_ids()),
            ),
            own_log: OwnLog::new(&settings),
            settings,
            pipeline,
            objects: Arc::new(objects),
            tags: None,
            warned_of_own_log_group: AtomicBool::new(false),
        }
    }

    /// Returns the intake with a source of labels from the tags of log groups.
    #[must_use]
    pub fn with_tags(self, tags: impl TagSource + 'static) -> Self {
        Self {
            tags: Some(Box::new(tags)),
            ..self
        }
    }

    /// Stores the ARN that the function was invoked with, which tells its own log group from those of other accounts.
    pub fn set_invoked(&self, arn: &str) {
        self.own_log.set_invoked(arn);
    }

    /// Prepares the store of objects for the first request, if the settings say that events will announce objects.
    pub async fn prepare(&self) {
        let S3TypeSettings { alb, cloudfront, .. } = &self.settings.s3;
        if alb.is_some() || cloudfront.is_some() {
            self.objects.prepare().await;
        }
    }

    /// Reads the event, and gives its entries to `sink`. An item that cannot be read fails, and the others are read
    /// nevertheless. If the future is dropped, `progress` holds the items that were not read.
    pub async fn read(&self, event: Event, progress: &mut EventProgress, sink: &mut impl EntrySink) {
        let items = event.items.into_iter().map(|item| {
            let id = progress.add(ItemProgress::new(item.name, item.batch_item));
            (id, item.content)
        });
        let mut to_come: VecDeque<Item> = items.collect();
        let mut ahead = ReadAhead::new(self);
        while let Some((id, content)) = to_come.pop_front() {
            let requested = ahead.advance(id, &to_come);
            match content {
                Ok(content) => self.read_item(content, requested, id, progress, sink).await,
                Err(error) => progress.fail(id, cause_of_item(&error), error),
            }
            progress.set_read(id);
        }
    }

    /// Returns whether reading the object begins with a request for it.
    pub(crate) fn requests_object(&self, object: &S3Object) -> bool {
        s3_event::without_new_content(object).is_none()
            && matches!(
                self.settings.s3.plan(&object.bucket, &object.key),
                ObjectPlan::Read(_)
            )
    }

    async fn read_item(
        &self,
        content: Content,
        requested: Option<RequestedObject<O::Body>>,
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
            // Boxed, because the compiler limits how deep futures may be nested.
            Content::S3Object(object) => Box::pin(intake.s3_object(&object, requested)).await,
            Content::Continuation(continuation) => {
                Box::pin(intake.continuation(&continuation, requested)).await
            }
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
