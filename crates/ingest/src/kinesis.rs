//! Kinesis records.

use aws_events::KinesisRecord;
use aws_logs::text::LineTimes;
use aws_logs::{RecordIdentity, kinesis, kpl};
use loki_push::Timestamp;

use crate::item_intake::ItemIntake;
use crate::{EntrySink, MetadataField, ObjectStore, ReadError};

impl<O: ObjectStore, S: EntrySink> ItemIntake<'_, O, S> {
    /// Reads one record: subscription data, lines of text, or a KPL aggregate of both.
    pub(crate) async fn kinesis_record(&mut self, record: &KinesisRecord) -> Result<(), ReadError> {
        let arrival = record.arrival.and_then(|arrival| {
            let seconds = i64::try_from(arrival.as_secs()).ok()?;
            Timestamp::new(seconds, arrival.subsec_nanos()).ok()
        });
        let sequence_number = record.sequence_number.as_deref();
        self.metadata.set(MetadataField::KinesisSequence, sequence_number);
        let identity = sequence_number.map(RecordIdentity::of_sequence_number);
        let times = arrival.map(|arrival| LineTimes::new(arrival, identity.unwrap_or_default()));
        let mut times = times.ok_or("kinesis.approximateArrivalTimestamp");
        let labels = kinesis::labels(record.stream_arn.as_deref().unwrap_or_default());
        if kpl::is_aggregate(&record.data) {
            return self.kpl_aggregate(&record.data, &labels, &mut times).await;
        }
        self.record(&record.data, &labels, &mut times).await
    }
}
