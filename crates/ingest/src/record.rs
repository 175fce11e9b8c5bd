//! The content of Kinesis and Kafka records.

use aws_logs::delivery_labels;
use aws_logs::record_content::{self, RecordContent};
use aws_logs::text::LineTimes;
use loki_push::LabelSet;

use crate::item_intake::ItemIntake;
use crate::{EntrySink, ObjectStore, ReadError};

/// The times for a record's lines of text, or the name of the time field that cannot be read.
pub(crate) type RecordTimes = Result<LineTimes, &'static str>;

impl<O: ObjectStore, S: EntrySink> ItemIntake<'_, O, S> {
    /// Decompresses and reads the data of a record.
    pub(crate) async fn record(
        &mut self,
        data: &[u8],
        source: &LabelSet,
        times: &mut RecordTimes,
    ) -> Result<(), ReadError> {
        let mut inflated = Vec::new();
        let limit = self.intake.settings.bounds.payload;
        let content = record_content::open(data, limit, self.event_ids(), &mut inflated)?;
        self.record_content(content, source, times).await
    }

    /// Processes the content of a record: subscription data, which has its own times, or lines of text, which take
    /// theirs from `times`. The rest of the record continues with the same `times`.
    pub(crate) async fn record_content(
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
                self.metadata.forget_log_events();
                let times = times.as_mut().map_err(|field| ReadError::NoTime(field))?;
                self.text_lines(text, source.clone(), times).await;
            }
        }
        Ok(())
    }
}
