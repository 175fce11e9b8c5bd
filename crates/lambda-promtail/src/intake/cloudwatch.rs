//! CloudWatch Logs subscription data.

use std::sync::atomic::Ordering;

use aws_logs::cloudwatch::{self, SubscriptionData, SubscriptionDataError};
use loki_push::ItemId;

use super::{EntrySink, Intake, Reading};

impl Intake {
    /// Reads one delivery of a subscription filter.
    pub(super) async fn read_subscription_data(
        &self,
        compressed: &[u8],
        item: ItemId,
        reading: &mut Reading,
        sink: &mut impl EntrySink,
    ) -> Result<(), SubscriptionDataError> {
        let mut json = Vec::new();
        cloudwatch::inflate(compressed, &mut json)?;
        let data = SubscriptionData::parse(&json)?;
        reading.items[item.0 as usize].rename(format!("log group {}", data.log_group()));
        if data.is_control_message() {
            tracing::info!("CloudWatch Logs tested the subscription; nothing to ship");
            return Ok(());
        }
        if self.settings.own_log_group.as_deref() == Some(data.log_group()) {
            self.drop_own(&data, reading);
            return Ok(());
        }
        let labels = self
            .pipeline
            .stream_labels(data.labels(self.settings.keep_stream));
        for entry in data.entries(&labels) {
            match entry {
                Ok(entry) => self.hand_on(entry, item, &mut reading.dropped, sink).await,
                Err(error) => reading.fail(item, error),
            }
        }
        Ok(())
    }

    /// The function's own log: shipping a line would write lines that are shipped, for ever.
    fn drop_own(&self, data: &SubscriptionData<'_>, reading: &mut Reading) {
        reading.dropped.own_log_group += data.len() as u64;
        // Once per environment: the warning is itself a line of that log group.
        if !self.warned_of_own_log_group.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                log_group = data.log_group(),
                "this is the function's own log group, and its lines are dropped: remove its subscription filter"
            );
        }
    }
}
