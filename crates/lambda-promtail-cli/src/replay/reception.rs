//! The receiving of messages until the queue is empty.

use std::time::Duration;

use aws_clients::{Queue, QueueError, QueueMessage};
use tokio::time::Instant;

use super::held::Held;

/// The time that a call waits for the first message. With it, SQS asks all of its servers (AWS's page "Amazon SQS short
/// and long polling").
const WAIT: Duration = Duration::from_secs(1);
/// The number of empty responses in a row after which the queue may be empty.
const EMPTY_RESPONSES: u32 = 3;
/// The time beyond the visibility timeout that is waited for messages which another receiver holds.
const LEEWAY: Duration = Duration::from_secs(5);

/// The messages of a queue, received until it is empty.
pub(crate) struct Reception<'a> {
    queue: &'a Queue,
    held: &'a Held<'a>,
    hidden_for: Duration,
    empty_responses: u32,
    /// The time of the first of the empty responses.
    empty_since: Option<Instant>,
    /// The number of messages that other receivers hold.
    elsewhere: usize,
}

impl<'a> Reception<'a> {
    /// Returns a reception that hides each message for `hidden_for`, and leaves it to `held` to hide it for longer.
    pub(crate) fn new(queue: &'a Queue, held: &'a Held<'a>, hidden_for: Duration) -> Self {
        Self {
            queue,
            held,
            hidden_for,
            empty_responses: 0,
            empty_since: None,
            elsewhere: 0,
        }
    }

    /// Returns the approximate number of messages that are in the queue and could not be received: other receivers hold
    /// them, or they wait for an earlier message of their FIFO group. Known once there are no more messages to receive.
    pub(crate) fn elsewhere(&self) -> usize {
        self.elsewhere
    }

    /// Receives the next messages that are not held already, which can be none. Returns `None` when the queue is empty.
    ///
    /// Messages that another receiver holds, such as a run that was killed, are waited for as long as this run would
    /// hide them.
    ///
    /// # Errors
    /// Returns an error if SQS does not answer, or refuses.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<QueueMessage>>, QueueError> {
        loop {
            let mut messages = self.queue.receive(self.hidden_for, WAIT).await?;
            if !messages.is_empty() {
                self.empty_responses = 0;
                self.empty_since = None;
                messages.retain(|message| self.held.add(message));
                return Ok(Some(messages));
            }
            self.empty_responses += 1;
            let since = *self.empty_since.get_or_insert_with(Instant::now);
            if self.empty_responses < EMPTY_RESPONSES {
                continue;
            }
            let state = self.queue.state().await?;
            let of_others = state.in_flight.saturating_sub(self.held.len());
            self.elsewhere = state.visible.saturating_add(of_others);
            if self.elsewhere == 0 || since.elapsed() > self.hidden_for + LEEWAY {
                self.elsewhere = self.elsewhere.saturating_add(state.delayed);
                return Ok(None);
            }
            if self.empty_responses == EMPTY_RESPONSES {
                let waiting = self.elsewhere;
                tracing::info!("waiting for about {waiting} messages that another receiver holds");
            }
        }
    }
}
