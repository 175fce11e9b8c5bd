//! The messages that were received and not deleted, which stay hidden from other receivers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
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
    /// The latest reception of each message by its id.
    receptions: RefCell<BTreeMap<String, Reception>>,
}

/// The latest reception of a message.
struct Reception {
    /// The handle.
    receipt: String,
    /// The message group, in a FIFO queue.
    group: Option<String>,
    /// Whether the message was made visible again, to be received together with those behind it.
    is_released: bool,
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
            receptions: RefCell::default(),
        }
    }

    /// Adds a message that was received. Returns whether it was not held before: SQS may deliver a message twice.
    pub(crate) fn add(&self, message: &QueueMessage) -> bool {
        let reception = Reception {
            receipt: message.receipt.clone(),
            group: group(message).map(str::to_owned),
            is_released: false,
        };
        let mut receptions = self.receptions.borrow_mut();
        receptions.insert(message.id.clone(), reception).is_none()
    }

    /// Returns the latest handle of a message. SQS may ignore a deletion by an earlier one (AWS's page "Amazon SQS queue and
    /// message identifiers").
    pub(crate) fn receipt(&self, message: &QueueMessage) -> String {
        let receptions = self.receptions.borrow();
        let reception = receptions.get(&message.id);
        reception
            .map_or(&message.receipt, |latest| &latest.receipt)
            .clone()
    }

    /// Removes a message that was deleted.
    pub(crate) fn remove(&self, message: &QueueMessage) {
        self.receptions.borrow_mut().remove(&message.id);
    }

    /// Returns the number of messages.
    pub(crate) fn len(&self) -> usize {
        self.receptions.borrow().len()
    }

    /// Returns the message groups of a FIFO queue of which messages are held.
    pub(crate) fn groups(&self) -> BTreeSet<String> {
        let receptions = self.receptions.borrow();
        let groups = receptions
            .values()
            .filter_map(|reception| reception.group.clone());
        groups.collect()
    }

    /// Makes the messages of a group visible, so that SQS returns them again and those behind them, too. They still count
    /// as held.
    pub(crate) async fn release(&self, group: &str) {
        let mut receipts = Vec::new();
        for reception in self.receptions.borrow_mut().values_mut() {
            if reception.group.as_deref() == Some(group) {
                reception.is_released = true;
                receipts.push(reception.receipt.clone());
            }
        }
        self.hide_each(&receipts, Duration::ZERO).await;
    }

    /// Returns whether one of the messages has this handle.
    fn holds(&self, receipt: &str) -> bool {
        let receptions = self.receptions.borrow();
        receptions.values().any(|held| held.receipt == receipt)
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
        let mut receipts = Vec::new();
        for reception in self.receptions.borrow().values() {
            if !reception.is_released {
                receipts.push(reception.receipt.clone());
            }
        }
        self.hide_each(&receipts, hidden_for).await;
    }

    async fn hide_each(&self, receipts: &[String], hidden_for: Duration) {
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

/// Returns the group of a message of a FIFO queue.
pub(crate) fn group(message: &QueueMessage) -> Option<&str> {
    message
        .system_attributes
        .get("MessageGroupId")
        .map(String::as_str)
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
