//! CloudWatch Logs subscription data.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use aws_logs::cloudwatch::{DeliveryReader, Part, SubscriptionData};
use loki_push::LabelSet;

use super::item_intake::ItemIntake;
use super::{EntrySink, ReadError};

/// The streams of a delivery by account and Region, each made once. None is a stream that the rules drop.
type Streams<'a> = HashMap<(Option<&'a str>, Option<&'a str>), Option<Arc<LabelSet>>>;

/// Streams of a delivery that are kept. AWS's deliveries have a few; who writes into a Kinesis stream can name an account for
/// each log event.
const KEPT_STREAMS: usize = 1_000;

impl<S: EntrySink> ItemIntake<'_, S> {
    /// Reads one delivery of a subscription filter.
    pub(super) async fn subscription_data(&mut self, compressed: &[u8]) -> Result<(), ReadError> {
        let data = self.delivery_reader().read(compressed)?;
        self.rename(format!("log group {}", data.log_group()));
        let labels = data.labels(self.intake.settings.keep_stream);
        self.log_events(&data, labels).await;
        self.delivery_reader().keep(data);
        Ok(())
    }

    /// Never held while anything is waited for.
    fn delivery_reader(&self) -> MutexGuard<'_, DeliveryReader> {
        let reader = self.intake.delivery_reader.lock();
        // It starts over with each delivery.
        reader.unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands on a delivery's log events as the streams that its source labels lead to: one, unless it says that they came
    /// from several accounts or Regions.
    pub(super) async fn log_events(&mut self, data: &SubscriptionData, labels: LabelSet) {
        if data.is_control_message() {
            tracing::info!("CloudWatch Logs tested the subscription; nothing to ship");
            self.skip();
            return;
        }
        let mut streams = Streams::new();
        for part in data.parts() {
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
            for entry in part.entries(&stream) {
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

    /// Drops log events that the function wrote itself.
    fn drop_own(&mut self, data: &SubscriptionData, part: &Part<'_>) {
        self.reading.dropped.own_log_group += part.len() as u64;
        // Once per environment: the warning is itself a line of that log group.
        if self.intake.warned_of_own_log_group.swap(true, Ordering::Relaxed) {
            return;
        }
        let log_group = data.log_group();
        if self.intake.own_log.is_shared() {
            tracing::warn!(
                log_group,
                "the function's own lines in a log group that it shares are dropped: give it its own log group, without a subscription filter"
            );
        } else {
            tracing::warn!(
                log_group,
                "this is the function's own log group, and its lines are dropped: remove its subscription filter"
            );
        }
    }
}
