//! A batch that is too large for the server.

use loki_push::{Batch, ItemId, PackedBatch};

use crate::{Client, Deadline, PushError, Pushed, Transport};

/// A batch, or a part of one, and what became of it.
#[derive(Debug)]
pub struct Piece {
    /// How many entries it has.
    pub entries: u64,
    /// The items they came from, and how many came from each.
    pub items: Vec<(ItemId, u64)>,
    /// The tenant they asked for.
    pub tenant: Option<String>,
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
            let mut piece = Piece::of(&batch);
            let packed = match batch.pack() {
                Ok(packed) => packed,
                Err(error) => {
                    piece.result = Err(error.into());
                    delivered.pieces.push(piece);
                    continue;
                }
            };
            piece.result = self.push(&packed, deadline).await;
            let attempts = match &piece.result {
                Ok(pushed) => pushed.attempts,
                Err(error) => error.attempts(),
            };
            delivered.attempts += u64::from(attempts);
            match halves(packed, &piece.result) {
                Some((first, second)) => pending.extend([second, first]),
                None => delivered.pieces.push(piece),
            }
        }
        delivered
    }
}

/// The halves of a batch that was too large, if it has any.
fn halves(batch: PackedBatch, result: &Result<Pushed, PushError>) -> Option<(Batch, Batch)> {
    let Err(PushError::Refused { answer, .. }) = result else {
        return None;
    };
    if !answer.is_too_large() {
        return None;
    }
    let entries = batch.len();
    let halves = batch.halves().ok()?;
    tracing::info!(entries, "push too large, sending it in halves: {answer}");
    Some(halves)
}

impl Piece {
    fn of(batch: &Batch) -> Self {
        Self {
            entries: batch.len() as u64,
            items: batch.items(),
            tenant: batch.tenant().map(str::to_owned),
            result: Ok(Pushed::default()),
        }
    }
}
