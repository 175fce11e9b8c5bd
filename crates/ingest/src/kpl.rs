//! Aggregates of the Kinesis Producer Library.

use aws_logs::cloudwatch::EventIds;
use aws_logs::kpl::UserRecords;
use aws_logs::record_content::{self, RecordContent, RecordError};
use loki_push::LabelSet;

use crate::item_intake::ItemIntake;
use crate::record::RecordTimes;
use crate::{EntrySink, ObjectStore, ReadError};

/// The number of user records after which the task yields, so that the deadline's timer is polled.
const YIELD_AFTER: usize = 64;

impl<O: ObjectStore, S: EntrySink> ItemIntake<'_, O, S> {
    /// Reads each user record of an aggregate like a record of its own. If one cannot be read, the item fails, and the
    /// other user records are delivered.
    pub(crate) async fn kpl_aggregate(
        &mut self,
        data: &[u8],
        source: &LabelSet,
        times: &mut RecordTimes,
    ) -> Result<(), ReadError> {
        let mut budget = Budget::new(self.intake.settings.bounds.payload);
        let mut inflated = Vec::new();
        for (index, data) in UserRecords::of(data)?.enumerate() {
            let content = match &data {
                Ok(data) => budget.open(data, self.event_ids(), &mut inflated),
                Err(error) => Err(error.clone().into()),
            };
            let read = match content {
                Ok(content) => self.record_content(content, source, times).await,
                Err(error) => Err(error),
            };
            if let Err(error) = read {
                let error = ReadError::UserRecord {
                    number: index + 1,
                    source: Box::new(error),
                };
                self.fail(error.cause(), error);
            }
            if !inflated.is_empty() || index % YIELD_AFTER == 0 {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }
}

/// A budget of the bytes that the user records of one aggregate may still inflate to.
///
/// User records that fail have a separate budget: one that inflates to too much must not use up the budget of the good
/// ones, and a thousand of them must not use up the time of the batch.
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

    /// Decompresses and parses a user record within the budget.
    fn open<'a>(
        &mut self,
        data: &'a [u8],
        ids: EventIds,
        inflated: &'a mut Vec<u8>,
    ) -> Result<RecordContent<'a>, ReadError> {
        let limit = self.good.min(self.failed);
        let compressed = record_content::decompress(data, limit, inflated);
        let len = inflated.len();
        let content = compressed.and_then(|compressed| match compressed {
            true => record_content::content(inflated, ids),
            false => record_content::content(data, ids),
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
