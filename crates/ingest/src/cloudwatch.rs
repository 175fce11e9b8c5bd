//! Deliveries of CloudWatch Logs subscription filters.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use aws_logs::cloudwatch::{DeliveryReader, EventIds, Part, SubscriptionData, SubscriptionDataError};
use aws_logs::delivery_labels;
use loki_push::LabelSet;

use crate::item_intake::ItemIntake;
use crate::{EntrySink, MetadataField, ObjectStore, ReadError};

/// The label sets of a delivery's streams by account and Region, each computed once. `None` stands for a stream that
/// the relabelling rules drop.
type Streams<'a> = HashMap<(Option<&'a str>, Option<&'a str>), Option<Arc<LabelSet>>>;

/// The most streams of a delivery whose label sets are kept. AWS's own deliveries have a few, but a writer into a
/// Kinesis stream can name a different account for each log event.
const KEPT_STREAMS: usize = 1_000;

/// The number of parts after which the task yields, so that the deadline's timer is polled even if each part is dropped.
const YIELD_AFTER: usize = 1_024;

impl<O: ObjectStore, S: EntrySink> ItemIntake<'_, O, S> {
    /// Reads one delivery of a subscription filter.
    pub(crate) async fn subscription_data(&mut self, compressed: &[u8]) -> Result<(), ReadError> {
        let data = self.delivery_reader().read(compressed)?;
        self.rename(format!("log group {}", data.log_group()));
        let labels = data.labels(self.intake.settings.keep_stream);
        self.log_events(&data, labels).await;
        self.delivery_reader().keep(data);
        Ok(())
    }

    /// Reads one delivery that is a JSON document of an S3 object. Its log events have CloudWatch's labels and the
    /// `additional` ones. A message that only tests the destination is skipped.
    pub(crate) async fn delivery_document(
        &mut self,
        json: &[u8],
        additional: &LabelSet,
    ) -> Result<(), SubscriptionDataError> {
        let data = self.delivery_reader().read_document(json)?;
        if !data.is_control_message() {
            let labels = delivery_labels::through(additional, &data, self.intake.settings.keep_stream);
            self.log_events(&data, labels).await;
        }
        self.delivery_reader().keep(data);
        Ok(())
    }

    /// Locks the reader that all deliveries share. The lock must not be held across an `await`.
    fn delivery_reader(&self) -> MutexGuard<'_, DeliveryReader> {
        let reader = self.intake.delivery_reader.lock();
        // The reader is reset for each delivery, so a panic in an earlier one does not matter.
        reader.unwrap_or_else(PoisonError::into_inner)
    }

    /// Processes a delivery's log events. They belong to one stream, unless the delivery says that they came from
    /// several accounts or Regions.
    pub(crate) async fn log_events(&mut self, data: &SubscriptionData, mut labels: LabelSet) {
        if data.is_control_message() {
            tracing::info!("CloudWatch Logs tested the subscription; nothing to ship");
            self.skip();
            return;
        }
        self.metadata
            .set(MetadataField::LogStream, Some(data.log_stream()));
        self.add_tags(data, &mut labels).await;
        let mut streams = Streams::new();
        for (index, part) in data.parts().enumerate() {
            if index % YIELD_AFTER == YIELD_AFTER - 1 {
                tokio::task::yield_now().await;
            }
            if self.intake.own_log.contains(data, &part) {
                self.drop_own(data, &part);
                continue;
            }
            if streams.len() == KEPT_STREAMS {
                streams.clear();
            }
            let stream = streams.entry((part.account(), part.region()));
            let stream = stream.or_insert_with(|| self.stream_labels(part.labels(&labels)));
            let Some(stream) = stream.clone() else {
                self.drop_relabelled(part.len() as u64);
                continue;
            };
            let account = part.account().or(data.owner());
            self.metadata.set(MetadataField::Account, account);
            self.metadata.set(MetadataField::Region, part.region());
            let keeps_ids = self.event_ids() == EventIds::Kept;
            for (index, entry) in part.entries(&stream).enumerate() {
                if keeps_ids {
                    self.metadata
                        .set(MetadataField::EventId, Some(part.event_id(index)));
                }
                match entry {
                    Ok(entry) => self.take_in(entry),
                    Err(error) => self.fail(error.cause(), error),
                }
                if self.must_wait() {
                    self.wait().await;
                }
            }
        }
    }

    /// Adds the labels of the log group's tags, if there are to be any. Without them the delivery goes on.
    async fn add_tags(&mut self, data: &SubscriptionData, labels: &mut LabelSet) {
        let Some(tags) = &self.intake.tags else {
            return;
        };
        let Some(arn) = self.intake.own_log.log_group_arn(data) else {
            return;
        };
        match tags.labels(arn).await {
            Some(of_tags) => of_tags
                .iter()
                .for_each(|(name, value)| labels.set(name.as_str(), value.as_str())),
            None => self.progress.tags_unread += 1,
        }
    }

    /// Counts log events that the function itself wrote as dropped, and warns of them once.
    fn drop_own(&mut self, data: &SubscriptionData, part: &Part<'_>) {
        self.progress.dropped.own_log_group += part.len() as u64;
        // Only once per environment, because the warning is itself written to that log group.
        if self.intake.warned_of_own_log_group.swap(true, Ordering::Relaxed) {
            return;
        }
        let log_group = data.log_group();
        if self.intake.own_log.is_shared() {
            tracing::warn!(
                log_group,
                "the function logs to a shared log group that has a subscription filter, and its own lines are dropped: give the function its own log group, without a subscription filter"
            );
        } else {
            tracing::warn!(
                log_group,
                "the function's own log group has a subscription filter, and its lines are dropped: remove the subscription filter"
            );
        }
    }
}
