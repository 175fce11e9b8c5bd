//! The reasons why a message cannot be shipped.

use aws_clients::{QueueError, StreamError};
use aws_events::{EventError, KinesisBatch};
use lambda_promtail::{InvocationError, ItemProgress};

/// A reason why a message stays in the queue.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReplayError {
    /// The message is not an event that is known.
    #[error(transparent)]
    Event(#[from] EventError),
    /// Some lines were not delivered.
    #[error("{}", not_delivered(.0))]
    NotDelivered(#[from] InvocationError),
    /// The records of a batch cannot be read from their stream.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The stream does not hold all records of a batch any more.
    #[error(
        "the records of the batch have expired: shard {} of {} has {} of the {} records from {} to {}; those were shipped",
        .batch.shard_id, .batch.stream_arn, .found, number(.batch), .batch.first, .batch.last
    )]
    Expired {
        /// The place of the records.
        batch: KinesisBatch,
        /// The number of records that are left.
        found: u64,
    },
    /// The records of a batch were not read in time.
    #[error("the records of the batch were not read from {stream_arn} within the time limit")]
    TooSlow {
        /// The stream's ARN.
        stream_arn: String,
    },
    /// The message was delivered, and cannot be deleted.
    #[error("shipped, but not deleted; shipping it again changes nothing: {0}")]
    NotDeleted(QueueError),
}

impl ReplayError {
    /// Returns whether the reason is one that other messages would probably meet now too, such as a Loki that does not
    /// respond.
    pub(crate) fn is_of_the_target(&self) -> bool {
        match self {
            Self::NotDelivered(InvocationError::NotDelivered { failed, .. }) => {
                failed.iter().all(|item| item.retry_may_help())
            }
            Self::NotDelivered(InvocationError::RedactKey(_)) => true,
            _ => false,
        }
    }

    /// Returns the number of entries that were delivered nevertheless.
    pub(crate) fn entries(&self) -> u64 {
        match self {
            Self::NotDelivered(InvocationError::NotDelivered { summary, .. }) => summary.entries,
            _ => 0,
        }
    }
}

/// The most failed items that an error names.
const NAMED_ITEMS: usize = 10;

/// Returns why items were not delivered. Unlike the error of an invocation it does not repeat the message's id, beside
/// which it is printed.
fn not_delivered(error: &InvocationError) -> String {
    let InvocationError::NotDelivered { failed, summary, .. } = error else {
        return error.to_string();
    };
    let mut reasons: Vec<String> = failed.iter().take(NAMED_ITEMS).filter_map(reason).collect();
    if failed.len() > NAMED_ITEMS {
        reasons.push(format!("and {} more", failed.len() - NAMED_ITEMS));
    }
    let reasons = reasons.join("; ");
    match summary.items {
        1 => reasons,
        items => format!("{} of {items} items not delivered: {reasons}", failed.len()),
    }
}

/// Returns why an item was not delivered. It is named unless its name is that of the message.
fn reason(item: &ItemProgress) -> Option<String> {
    let (name, error) = (item.name(), item.error()?);
    let is_message = name.starts_with("SQS message ");
    Some(match is_message || error.starts_with(name) {
        true => error.to_owned(),
        false => format!("{name}: {error}"),
    })
}

fn number(batch: &KinesisBatch) -> String {
    batch
        .records
        .map_or_else(|| "batch's".to_owned(), |records| records.to_string())
}
