//! Kinesis records.

use std::sync::Arc;

use aws_events::KinesisRecord;
use aws_logs::kinesis;
use aws_logs::kpl::{self, UserRecords};
use aws_logs::record_content::{self, RecordContent, RecordError};
use loki_push::{Entry, Timestamp};

use super::item_intake::ItemIntake;
use super::{EntrySink, ReadError};

/// User records of an aggregate after which the task yields, so that the deadline is seen.
const YIELD_AFTER: usize = 64;

impl<S: EntrySink> ItemIntake<'_, S> {
    /// Reads one record: subscription data, lines of text, or an aggregate of both.
    pub(super) async fn kinesis_record(&mut self, record: &KinesisRecord) -> Result<(), ReadError> {
        if kpl::is_aggregate(&record.data) {
            return self.kpl_aggregate(record).await;
        }
        let mut inflated = Vec::new();
        let limit = self.intake.settings.bounds.payload;
        let content = record_content::open(&record.data, limit, &mut inflated)?;
        self.record_content(record, content, 0).await?;
        Ok(())
    }

    /// Reads each user record as if it had come alone. One that cannot be read fails the item, and the others are
    /// delivered.
    async fn kpl_aggregate(&mut self, record: &KinesisRecord) -> Result<(), ReadError> {
        let mut budget = Budget::new(self.intake.settings.bounds.payload);
        let (mut inflated, mut lines) = (Vec::new(), 0);
        for (index, data) in UserRecords::of(&record.data)?.enumerate() {
            let content = match &data {
                Ok(data) => budget.open(data, &mut inflated),
                Err(error) => Err(error.clone().into()),
            };
            let read = match content {
                Ok(content) => self.record_content(record, content, lines).await,
                Err(error) => Err(error),
            };
            match read {
                Ok(more) => lines += more,
                Err(error) => {
                    let error = ReadError::UserRecord {
                        number: index + 1,
                        source: Box::new(error),
                    };
                    self.fail(error.cause(), error);
                }
            }
            if !inflated.is_empty() || index % YIELD_AFTER == 0 {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    /// Hands on what a record holds, and returns the number of its lines of text. `lines` are those before it in the same
    /// Kinesis record: they share its time, and each line needs one of its own.
    async fn record_content(
        &mut self,
        record: &KinesisRecord,
        content: RecordContent<'_>,
        lines: u64,
    ) -> Result<u64, ReadError> {
        match content {
            RecordContent::Subscription(deliveries) => {
                let arn = record.stream_arn.as_deref().unwrap_or_default();
                let keep_stream = self.intake.settings.keep_stream;
                for data in &deliveries {
                    let labels = kinesis::subscription_labels(arn, data, keep_stream);
                    self.log_events(data, labels).await;
                }
                Ok(0)
            }
            RecordContent::Text(text) => self.record_text(record, text, lines).await,
        }
    }

    async fn record_text(
        &mut self,
        record: &KinesisRecord,
        text: &[u8],
        before: u64,
    ) -> Result<u64, ReadError> {
        let arn = record.stream_arn.as_deref().unwrap_or_default();
        let arrival = record.arrival.and_then(|arrival| {
            let seconds = i64::try_from(arrival.as_secs()).ok()?;
            Timestamp::new(seconds, arrival.subsec_nanos()).ok()
        });
        let arrival = arrival.ok_or(ReadError::NoTime("kinesis.approximateArrivalTimestamp"))?;
        let lines = kinesis::text_lines(text, arrival.plus_nanos(before));
        let Some(labels) = self.stream_labels(kinesis::labels(arn)) else {
            let count = lines.count() as u64;
            self.drop_relabelled(count);
            return Ok(count);
        };
        let mut count = 0;
        for (timestamp, line) in lines {
            count += 1;
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
        Ok(count)
    }
}

/// What the user records of one aggregate may still inflate to.
///
/// Those that fail have a bound of their own: one that inflates to too much must not take the place of good ones, and
/// a thousand of them must not take the time of the batch.
struct Budget {
    limit: usize,
    good: usize,
    failed: usize,
}

impl Budget {
    const fn new(limit: usize) -> Self {
        Self {
            limit,
            good: limit,
            failed: limit.saturating_mul(4),
        }
    }

    /// Opens a user record within the budget.
    fn open<'a>(
        &mut self,
        data: &'a [u8],
        inflated: &'a mut Vec<u8>,
    ) -> Result<RecordContent<'a>, ReadError> {
        let limit = self.good.min(self.failed);
        let compressed = record_content::decompress(data, limit, inflated);
        let len = inflated.len();
        let content = compressed.and_then(|compressed| match compressed {
            true => record_content::content(inflated),
            false => record_content::content(data),
        });
        let budget = match &content {
            Ok(_) => &mut self.good,
            Err(_) => &mut self.failed,
        };
        *budget = budget.saturating_sub(len);
        content.map_err(|error| match error {
            RecordError::TooLarge { .. } => ReadError::AggregateTooLarge { limit: self.limit },
            error => ReadError::Record(error),
        })
    }
}
