//! Kafka records.

use aws_events::KafkaRecord;
use aws_logs::text::LineTimes;
use aws_logs::{RecordIdentity, kafka};
use loki_push::Timestamp;

use crate::item_intake::ItemIntake;
use crate::{EntrySink, ObjectStore, ReadError};

impl<O: ObjectStore, S: EntrySink> ItemIntake<'_, O, S> {
    /// Reads one record of a Kafka topic. Its key and its headers are not part of the log.
    pub(crate) async fn kafka_record(&mut self, record: &KafkaRecord) -> Result<(), ReadError> {
        let Some(value) = &record.value else {
            // A tombstone, logged at debug only: every second record may be one.
            tracing::debug!("a Kafka record without a value; nothing to ship");
            self.skip();
            return Ok(());
        };
        let identity = match (record.partition, record.offset) {
            (Some(partition), Some(offset)) => RecordIdentity::of_kafka(&record.topic, partition, offset),
            _ => RecordIdentity::default(),
        };
        let timestamp = record
            .timestamp
            .and_then(|millis| Timestamp::from_unix_millis(millis).ok());
        let times = timestamp.map(|timestamp| LineTimes::new(timestamp, identity));
        let mut times = times.ok_or("the Kafka record's timestamp");
        let labels = kafka::labels(&record.topic, record.event_source_arn.as_deref());
        self.record(value, &labels, &mut times).await
    }
}
