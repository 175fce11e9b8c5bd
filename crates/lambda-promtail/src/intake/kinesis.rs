//! Kinesis records.

use std::sync::Arc;

use aws_events::KinesisRecord;
use aws_logs::kinesis::{self, RecordContent};
use loki_push::{Entry, Timestamp};

use super::item_intake::ItemIntake;
use super::{EntrySink, ReadError};

impl<S: EntrySink> ItemIntake<'_, S> {
    /// Reads one record: subscription data, or lines of text.
    pub(super) async fn kinesis_record(&mut self, record: &KinesisRecord) -> Result<(), ReadError> {
        let arn = record.stream_arn.as_deref().unwrap_or_default();
        let mut inflated = Vec::new();
        let limit = self.intake.settings.bounds.payload;
        let opened = kinesis::open_within(&record.data, limit, &mut inflated)?;
        match RecordContent::of(opened) {
            RecordContent::Subscription(deliveries) => {
                let keep_stream = self.intake.settings.keep_stream;
                for data in &deliveries {
                    let labels = kinesis::subscription_labels(arn, data, keep_stream);
                    self.log_events(data, labels).await;
                }
            }
            RecordContent::Text(text) => {
                let arrival = record.arrival.and_then(|arrival| {
                    let seconds = i64::try_from(arrival.as_secs()).ok()?;
                    Timestamp::new(seconds, arrival.subsec_nanos()).ok()
                });
                let arrival = arrival.ok_or(ReadError::NoTime("kinesis.approximateArrivalTimestamp"))?;
                let lines = kinesis::text_lines(text, arrival);
                let Some(labels) = self.stream_labels(kinesis::labels(arn)) else {
                    self.drop_relabelled(lines.count() as u64);
                    return Ok(());
                };
                for (timestamp, line) in lines {
                    let entry = Entry {
                        labels: Arc::clone(&labels),
                        timestamp,
                        line,
                        metadata: Vec::new(),
                    };
                    self.take_in(entry);
                    if self.must_wait() {
                        self.wait().await;
                    }
                }
            }
        }
        Ok(())
    }
}
