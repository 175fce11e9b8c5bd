//! CloudWatch Logs subscription data.

use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};

use aws_logs::cloudwatch::{DeliveryReader, SubscriptionData};
use loki_push::LabelSet;

use super::item_intake::ItemIntake;
use super::{EntrySink, ReadError};

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

    /// Hands on a delivery's log events as the stream that its source labels lead to.
    pub(super) async fn log_events(&mut self, data: &SubscriptionData, labels: LabelSet) {
        if data.is_control_message() {
            tracing::info!("CloudWatch Logs tested the subscription; nothing to ship");
            self.skip();
            return;
        }
        if self.intake.settings.own_log_group.as_deref() == Some(data.log_group()) {
            self.drop_own(data);
            return;
        }
        let Some(labels) = self.stream_labels(labels) else {
            self.drop_relabelled(data.len() as u64);
            return;
        };
        for entry in data.entries(&labels) {
            match entry {
                Ok(entry) => self.take_in(entry),
                Err(error) => self.fail("a log event has no usable time", error),
            }
            if self.must_wait() {
                self.wait().await;
            }
        }
    }

    /// The function's own log: shipping a line would write lines that are shipped, for ever.
    fn drop_own(&mut self, data: &SubscriptionData) {
        self.reading.dropped.own_log_group += data.len() as u64;
        // Once per environment: the warning is itself a line of that log group.
        if !self.intake.warned_of_own_log_group.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                log_group = data.log_group(),
                "this is the function's own log group, and its lines are dropped: remove its subscription filter"
            );
        }
    }
}
