//! Records of Kinesis, and what records of streams hold.

use aws_events::KinesisRecord;
use aws_logs::kinesis::{self, RecordContent};
use aws_logs::text::LineTimes;
use aws_logs::{RecordIdentity, delivery_labels};
use loki_push::{LabelSet, Timestamp};

use super::item_intake::ItemIntake;
use super::{EntrySink, ReadError};

impl<S: EntrySink> ItemIntake<'_, S> {
    /// Reads one record of a Kinesis stream.
    pub(super) async fn kinesis_record(&mut self, record: &KinesisRecord) -> Result<(), ReadError> {
        let arrival = record.arrival.and_then(|arrival| {
            let seconds = i64::try_from(arrival.as_secs()).ok()?;
            Timestamp::new(seconds, arrival.subsec_nanos()).ok()
        });
        let sequence_number = record.sequence_number.as_deref();
        let identity = sequence_number.map(RecordIdentity::of_sequence_number);
        let times = arrival.map(|arrival| LineTimes::new(arrival, identity.unwrap_or_default()));
        let times = times.ok_or(ReadError::NoTime("kinesis.approximateArrivalTimestamp"));
        let labels = kinesis::labels(record.stream_arn.as_deref().unwrap_or_default());
        self.record_content(&record.data, labels, times).await
    }

    /// Reads what a record of Kinesis or Kafka holds: subscription data, which has times of its own, or lines of text.
    pub(super) async fn record_content(
        &mut self,
        data: &[u8],
        source: LabelSet,
        times: Result<LineTimes, ReadError>,
    ) -> Result<(), ReadError> {
        let mut inflated = Vec::new();
        let limit = self.intake.settings.bounds.payload;
        match RecordContent::of(kinesis::open_within(data, limit, &mut inflated)?) {
            RecordContent::Subscription(deliveries) => {
                let keep_stream = self.intake.settings.keep_stream;
                for data in &deliveries {
                    let labels = delivery_labels::through(&source, data, keep_stream);
                    self.log_events(data, labels).await;
                }
            }
            RecordContent::Text(text) => self.text_lines(text, source, &mut times?).await,
        }
        Ok(())
    }
}
