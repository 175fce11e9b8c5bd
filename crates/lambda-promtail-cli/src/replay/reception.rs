//! The receiving of messages until the queue is empty.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_clients::{Queue, QueueError, QueueMessage};
use tokio::time::Instant;

use super::held::{self, Held};
use super::report;

/// The time that a call waits for the first message. With it, SQS asks all of its servers (AWS's page "Amazon SQS short
/// and long polling").
const WAIT: Duration = Duration::from_secs(1);
/// The number of responses in a row without new messages after which the queue may be empty.
const RESPONSES_WITHOUT_NEWS: u32 = 3;
/// The time beyond the visibility timeout that is waited for messages which another receiver holds.
const LEEWAY: Duration = Duration::from_secs(5);

/// The messages of a queue, received until it is empty.
pub(crate) struct Reception<'a> {
    queue: &'a Queue,
    held: &'a Held<'a>,
    hidden_for: Duration,
    /// The number of responses in a row without a message that is not held already.
    without_news: u32,
    /// The time of the first of these responses.
    without_news_since: Option<Instant>,
    /// The number of messages that other receivers hold.
    elsewhere: usize,
    /// The groups of a FIFO queue whose held messages were made visible, and brought nothing new behind them.
    tried_groups: BTreeSet<String>,
}

impl<'a> Reception<'a> {
    /// Returns a reception that hides each message for `hidden_for`, and leaves it to `held` to hide it for longer.
    pub(crate) fn new(queue: &'a Queue, held: &'a Held<'a>, hidden_for: Duration) -> Self {
        Self {
            queue,
            held,
            hidden_for,
            without_news: 0,
            without_news_since: None,
            elsewhere: 0,
            tried_groups: BTreeSet::new(),
        }
    }

    /// Returns the approximate number of messages that are in the queue and could not be received: other receivers hold
    /// them, or they wait for an earlier message of their FIFO group. The number is known after the last reception.
    pub(crate) fn elsewhere(&self) -> usize {
        self.elsewhere
    }

    /// Receives the next messages that are not held already. Returns `None` when the queue has no others.
    ///
    /// Messages that another receiver holds, such as a run that was killed, are waited for as long as this run would
    /// hide them.
    ///
    /// # Errors
    /// Returns an error if SQS does not answer, or refuses.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<QueueMessage>>, QueueError> {
        loop {
            let mut messages = self.queue.receive(self.hidden_for, WAIT).await?;
            messages.retain(|message| self.held.add(message));
            if !messages.is_empty() {
                self.without_news = 0;
                self.without_news_since = None;
                for group in messages.iter().filter_map(held::group) {
                    self.tried_groups.remove(group);
                }
                return Ok(Some(messages));
            }
            if self.release_a_group().await {
                continue;
            }
            self.without_news += 1;
            let since = *self.without_news_since.get_or_insert_with(Instant::now);
            if self.without_news < RESPONSES_WITHOUT_NEWS {
                continue;
            }
            let state = self.queue.state().await?;
            let present = state.visible.saturating_add(state.in_flight);
            self.elsewhere = present.saturating_sub(self.held.len());
            if self.elsewhere == 0 || since.elapsed() > self.hidden_for + LEEWAY {
                self.elsewhere = self.elsewhere.saturating_add(state.delayed);
                return Ok(None);
            }
            if self.without_news == RESPONSES_WITHOUT_NEWS {
                let waiting = report::messages(self.elsewhere as u64);
                tracing::info!("waiting for about {waiting} that another receiver may hold");
            }
        }
    }

    /// Makes the held messages of one group of a FIFO queue visible, if that was not tried since the group's last new
    /// message. Returns whether there was such a group.
    ///
    /// SQS returns no message of a group while an earlier one is hidden, so that one that cannot be shipped would keep all
    /// others of its group back. Received again, it brings those behind it: up to ten come together. It is one group at a
    /// time, or the held messages of several could fill the response.
    async fn release_a_group(&mut self) -> bool {
        if !self.queue.url().is_fifo() {
            return false;
        }
        let groups = self.held.groups();
        let Some(group) = groups.difference(&self.tried_groups).next() else {
            return false;
        };
        self.held.release(group).await;
        self.tried_groups.insert(group.clone());
        true
    }
}
