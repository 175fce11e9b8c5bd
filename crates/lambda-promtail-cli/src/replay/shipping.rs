//! The shipping of messages, each of which is deleted when Loki has acknowledged it.

use std::sync::Arc;
use std::time::Duration;

use aws_clients::{AwsAccess, Queue, QueueMessage};
use futures_util::future::join_all;
use lambda_promtail::Function;
use loki_client::Deadline;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::contents::Contents;
use super::error::ReplayError;
use super::held::Held;
use super::kinesis;
use super::reception::Reception;
use super::report::Report;

/// The source in the summaries of the log. It is none of the function's, so that the rest of a large object is not handed
/// over to another invocation.
pub(crate) const SOURCE: &str = "replay";
/// The time limit of a message. SQS hides a message for 12 hours at most, however often that is extended.
const DEADLINE: Duration = Duration::from_secs(60 * 60);
/// The number of messages in a row that may fail because Loki does not take them. Without a limit the whole queue would
/// be tried during an outage.
const MOST_FAILURES: usize = 10;

/// The queue whose messages are shipped, with the function that ships them.
#[derive(Clone, Copy)]
pub(crate) struct Shipping<'a> {
    pub(crate) function: &'a Function,
    pub(crate) access: &'a Arc<AwsAccess>,
    pub(crate) queue: &'a Queue,
    pub(crate) queue_arn: &'a str,
    pub(crate) held: &'a Held<'a>,
    /// Batches of Kinesis are read one after the other: a shard takes only five calls a second.
    pub(crate) streams: &'a Mutex<()>,
}

impl Shipping<'_> {
    /// Ships all messages of the queue, or stops after several in a row that Loki does not take. Messages that were received
    /// together are shipped together.
    pub(crate) async fn ship_all(self, mut reception: Reception<'_>) -> Report {
        let mut report = Report::default();
        let mut failures_in_a_row = 0;
        loop {
            let messages = match reception.next().await {
                Ok(Some(messages)) => messages,
                Ok(None) => break,
                Err(error) => {
                    report.stopped = Some(error.to_string());
                    break;
                }
            };
            let shipped = join_all(messages.iter().map(|message| self.ship(message))).await;
            for (message, shipped) in messages.iter().zip(shipped) {
                match &shipped {
                    Err(error) if error.is_of_the_target() => failures_in_a_row += 1,
                    _ => failures_in_a_row = 0,
                }
                report.add(&message.id, shipped);
            }
            if failures_in_a_row >= MOST_FAILURES {
                report.stopped = Some(format!(
                    "{failures_in_a_row} messages in a row were not delivered"
                ));
                break;
            }
        }
        report.elsewhere = reception.elsewhere();
        report
    }

    /// Ships a message and deletes it. Returns the number of entries that Loki acknowledged.
    async fn ship(&self, message: &QueueMessage) -> Result<u64, ReplayError> {
        let deadline = || Deadline::at(Instant::now() + DEADLINE);
        let entries = match Contents::read(message, self.queue_arn)? {
            Contents::Event(event) => {
                let summary = self
                    .function
                    .ship(SOURCE, deadline(), async |intake, progress, delivery| {
                        intake.read(event, progress, delivery).await;
                    })
                    .await?;
                summary.entries
            }
            Contents::KinesisBatch(batch) => {
                let _one_at_a_time = self.streams.lock().await;
                kinesis::ship(self.function, self.access, batch, deadline()).await?
            }
        };
        self.queue
            .delete(&self.held.receipt(message))
            .await
            .map_err(ReplayError::NotDeleted)?;
        self.held.remove(message);
        Ok(entries)
    }
}
