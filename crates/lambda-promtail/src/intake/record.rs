//! What records of Kinesis and Kafka hold.

use aws_logs::delivery_labels;
use aws_logs::record_content::{self, RecordContent};
use aws_logs::text::LineTimes;
use loki_push::LabelSet;

use super::item_intake::ItemIntake;
use super::{EntrySink, ReadError};

/// The times of a record's lines of text, or the name of the field that should give the record its time.
pub(super) type RecordTimes = Result<LineTimes, &'static str>;

impl<S: EntrySink> ItemIntake<'_, S> {
    /// Reads the data of a record, compressed or not.
    pub(super) async fn record(
        &mut self,
        data: &[u8],
        source: &LabelSet,
        times: &mut RecordTimes,
    ) -> Result<(), ReadError> {
        let mut inflated = Vec::new();
        let limit = self.intake.settings.bounds.payload;
        let content = record_content::open(data, limit, &mut inflated)?;
        self.record_content(content, source, times).await
    }

    /// Hands on what a record holds: subscription data, which has times of its own, or lines of text. What is left of
    /// `times` is for the rest of the record.
    pub(super) async fn record_content(
        &mut self,
        content: RecordContent<'_>,
        source: &LabelSet,
        times: &mut RecordTimes,
    ) -> Result<(), ReadError> {
        match content {
            RecordContent::Subscription(deliveries) => {
                let keep_stream = self.intake.settings.keep_stream;
                for data in &deliveries {
                    let labels = delivery_labels::through(source, data, keep_stream);
                    self.log_events(data, labels).await;
                }
            }
            RecordContent::Text(text) => {
                let times = times.as_mut().map_err(|field| ReadError::NoTime(field))?;
                self.text_lines(text, source.clone(), times).await;
            }
        }
        Ok(())
    }
}
