//! The messages that were received and not deleted, which stay hidden from other receivers.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use aws_clients::{MAX_MESSAGES, Queue, QueueMessage};
use futures_util::{StreamExt, stream};

/// The number of calls at a time. In the third of a minute it is enough for 120,000 messages, which is the most that
/// SQS lets be in flight.
const CALLS: usize = 16;

/// The messages that this run has received and not deleted: those that are being shipped, and those that failed. They
/// stay hidden until the end of the run, so that each is received once.
pub(crate) struct Held<'a> {
    queue: &'a Queue,
    hidden_for: Duration,
    /// The latest handle of each message by its id.
    receipts: RefCell<BTreeMap<String, String>>,
}

/// An error that says that the user ended the work.
#[derive(Debug, thiserror::Error)]
#[error("interrupted: what was not deleted is still in the queue")]
pub(crate) struct Interrupted;

impl<'a> Held<'a> {
    /// Returns an empty set of messages, each of which is hidden for `hidden_for` when it is received.
    pub(crate) fn new(queue: &'a Queue, hidden_for: Duration) -> Self {
        Self {
            queue,
            hidden_for,
            receipts: RefCell::default(),
        }
    }

    /// Adds a message that was received. Returns whether it was not held before: SQS may deliver a message twice.
    pub(crate) fn add(&self, message: &QueueMessage) -> bool {
        let mut receipts = self.receipts.borrow_mut();
        receipts
            .insert(message.id.clone(), message.receipt.clone())
            .is_none()
    }

    /// Returns the latest handle of a message. SQS may ignore a deletion by an earlier one (AWS's page "Amazon SQS queue and
    /// message identifiers").
    pub(crate) fn receipt(&self, message: &QueueMessage) -> String {
        let receipts = self.receipts.borrow();
        receipts.get(&message.id).unwrap_or(&message.receipt).clone()
    }

    /// Removes a message that was deleted.
    pub(crate) fn remove(&self, message: &QueueMessage) {
        self.receipts.borrow_mut().remove(&message.id);
    }

    /// Returns the number of messages.
    pub(crate) fn len(&self) -> usize {
        self.receipts.borrow().len()
    }

    /// Returns whether one of the messages has this handle.
    fn holds(&self, receipt: &str) -> bool {
        self.receipts.borrow().values().any(|held| held == receipt)
    }

    /// Does the work, during which the messages stay hidden. Then makes those visible that are left, also if the user
    /// ends the work with Ctrl-C.
    ///
    /// # Errors
    /// Returns an error if the user ended the work.
    pub(crate) async fn keeping<T>(&self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        let done = tokio::select! {
            done = work => Ok(done),
            never = self.keep() => match never {},
            // Where signals cannot be listened to, they end the process.
            Ok(()) = tokio::signal::ctrl_c() => Err(Interrupted),
        };
        self.hide_all(Duration::ZERO).await;
        done
    }

    /// Hides the messages again and again, three times as often as needed, so that a call may fail.
    async fn keep(&self) -> Infallible {
        loop {
            tokio::time::sleep(self.hidden_for / 3).await;
            self.hide_all(self.hidden_for).await;
        }
    }

    /// Hides all messages from now on. If that fails, a message may be received again, which changes nothing.
    async fn hide_all(&self, hidden_for: Duration) {
        let receipts: Vec<String> = self.receipts.borrow().values().cloned().collect();
        let calls = stream::iter(receipts.chunks(MAX_MESSAGES));
        let hide = |receipts| self.hide(receipts, hidden_for);
        calls.for_each_concurrent(CALLS, hide).await;
    }

    /// Hides some messages from now on.
    async fn hide(&self, receipts: &[String], hidden_for: Duration) {
        match self.queue.hide(receipts, hidden_for).await {
            Ok(failed) => {
                // A message may have been deleted in the meantime.
                for failed in failed.iter().filter(|failed| self.holds(&failed.receipt)) {
                    let reason = &failed.reason;
                    tracing::warn!("the visibility of a message cannot be changed: {reason}");
                }
            }
            Err(error) => tracing::warn!("{error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aws_clients::AwsAccess;

    use super::*;

    #[test]
    fn a_message_that_is_received_again_is_deleted_by_its_latest_handle() {
        let url = "https://sqs.eu-west-1.amazonaws.com/123456789012/failed";
        let queue = Queue::new(Arc::new(AwsAccess::from_environment()), url.parse().unwrap());
        let held = Held::new(&queue, Duration::from_secs(60));
        let received = |receipt: &str| QueueMessage {
            id: "m".to_owned(),
            receipt: receipt.to_owned(),
            body: String::new(),
            system_attributes: BTreeMap::new(),
            attributes: BTreeMap::new(),
        };
        let first = received("first");
        assert!(held.add(&first));
        assert!(!held.add(&received("second")));
        assert_eq!(held.receipt(&first), "second");
        held.remove(&first);
        assert_eq!((held.len(), held.receipt(&first)), (0, "first".to_owned()));
    }
}
