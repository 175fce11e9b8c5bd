//! All entries of one event, on their way.

use loki_push::{Batch, Batches, Entry, ItemId};

use crate::{Client, PushError, Transport};

/// Takes the entries of one event, pushes each batch when it is full, and remembers what became of it.
///
/// A batch that fails does not stop the others.
#[derive(Debug)]
pub struct Delivery<'c, T> {
    client: &'c Client<T>,
    batches: Batches,
    outcome: Outcome,
}

/// What became of the entries of one event.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Entries that Loki acknowledged.
    pub delivered: u64,
    /// Bytes sent in acknowledged pushes.
    pub bytes: u64,
    /// Pushes that Loki acknowledged.
    pub pushes: u64,
    /// Attempts beyond the first of each push.
    pub retries: u64,
    /// The pushes that were not delivered.
    pub failures: Vec<Failure>,
}

/// A push that was not delivered.
#[derive(Debug)]
pub struct Failure {
    /// The items its entries came from, and how many came from each.
    pub items: Vec<(ItemId, u64)>,
    /// How many entries it had.
    pub entries: u64,
    /// Why.
    pub error: PushError,
}

impl Outcome {
    /// Entries that Loki refused for good.
    pub fn rejected(&self) -> u64 {
        self.count(PushError::is_final)
    }

    /// Entries that were not delivered, refused or not.
    pub fn failed(&self) -> u64 {
        self.count(|_| true)
    }

    fn count(&self, which: impl Fn(&PushError) -> bool) -> u64 {
        let failures = self.failures.iter().filter(|failure| which(&failure.error));
        failures.map(|failure| failure.entries).sum()
    }
}

impl<'c, T: Transport> Delivery<'c, T> {
    /// Nothing is on its way yet.
    pub fn new(client: &'c Client<T>) -> Self {
        let settings = client.settings();
        Self {
            client,
            batches: Batches::new(settings.encoding, settings.batch_size),
            outcome: Outcome::default(),
        }
    }

    /// Takes an entry that `item` brought; pushes the batch that had no room for it.
    pub async fn add(&mut self, entry: &Entry<'_>, item: ItemId) {
        if let Some(batch) = self.batches.add(entry, item) {
            self.push(batch).await;
        }
    }

    /// Pushes what is left, and says what became of everything.
    pub async fn finish(mut self) -> Outcome {
        for batch in self.batches.take() {
            self.push(batch).await;
        }
        self.outcome
    }

    async fn push(&mut self, batch: Batch) {
        let entries = batch.len() as u64;
        let (attempts, failed) = match self.client.push(&batch).await {
            Ok(pushed) => {
                self.outcome.delivered += entries;
                self.outcome.bytes += pushed.bytes as u64;
                self.outcome.pushes += 1;
                (pushed.attempts, None)
            }
            Err(error) => (error.attempts(), Some(error)),
        };
        self.outcome.retries += u64::from(attempts.saturating_sub(1));
        if let Some(error) = failed {
            tracing::error!(entries, tenant = batch.tenant(), "{error}");
            self.outcome.failures.push(Failure {
                items: batch.items(),
                entries,
                error,
            });
        }
    }
}
