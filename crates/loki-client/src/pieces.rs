//! A batch that is too large for the server.

use loki_push::Batch;

use crate::{Client, Deadline, PushError, Pushed, Transport};

/// A batch, or a part of one, and what became of it.
#[derive(Debug)]
pub struct Piece {
    /// Its entries.
    pub batch: Batch,
    /// What became of them.
    pub result: Result<Pushed, PushError>,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct Delivered {
    /// Every entry of the batch is in one of these.
    pub pieces: Vec<Piece>,
    /// How often something was sent, pushes that were too large included.
    pub attempts: u64,
}

impl<T: Transport> Client<T> {
    /// Pushes the batch. When the server says that it is too large, its halves are pushed in its place, and
    /// so on down to single entries. The order of entries is kept.
    pub async fn deliver(&self, batch: Batch, deadline: &Deadline) -> Delivered {
        let mut delivered = Delivered::default();
        let mut pending = vec![batch];
        while let Some(batch) = pending.pop() {
            let result = self.push(&batch, deadline).await;
            let attempts = match &result {
                Ok(pushed) => pushed.attempts,
                Err(error) => error.attempts(),
            };
            delivered.attempts += u64::from(attempts);
            let batch = match &result {
                Err(PushError::Refused { answer, .. }) if answer.is_too_large() => match batch.halves() {
                    Ok((first, second)) => {
                        tracing::info!(
                            entries = first.len() + second.len(),
                            "push too large, sending it in halves: {answer}"
                        );
                        pending.extend([second, first]);
                        continue;
                    }
                    Err(single) => single,
                },
                _ => batch,
            };
            delivered.pieces.push(Piece { batch, result });
        }
        delivered
    }
}
