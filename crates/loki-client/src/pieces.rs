//! A batch that is too large for the server.

use std::sync::Arc;

use loki_push::{Batch, ItemId, LabelSet, PackedBatch, Timestamp};

use crate::failed_streams::FailedStreams;
use crate::{Client, Deadline, PushError, Pushed, Transport};

/// A batch, or a part of one, and what became of it.
#[derive(Debug)]
pub struct Piece {
    /// How many entries it has.
    pub entries: u64,
    /// The items they came from, and how many came from each.
    pub items: Vec<(ItemId, u64)>,
    /// The streams of a push that failed, each with its oldest entry.
    pub streams: Vec<(Arc<LabelSet>, Timestamp)>,
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
        let mut failed = FailedStreams::default();
        let mut pending = vec![batch];
        while let Some(mut batch) = pending.pop() {
            delivered.pieces.extend(failed.hold_back(&mut batch));
            if batch.is_empty() && !delivered.pieces.is_empty() {
                continue;
            }
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
                Ok((first, second)) => pending.extend([second, first]),
                Err(packed) => {
                    if piece.result.is_err() {
                        piece.streams = packed.oldest_entries().collect();
                        failed.note(&piece);
                    }
                    delivered.pieces.push(piece);
                }
            }
        }
        delivered
    }
}

/// Returns the halves of a batch that was too large, and the batch itself if it has none or was not.
fn halves(batch: PackedBatch, result: &Result<Pushed, PushError>) -> Result<(Batch, Batch), PackedBatch> {
    let Err(PushError::Refused { answer, .. }) = result else {
        return Err(batch);
    };
    if !answer.is_too_large() {
        return Err(batch);
    }
    let entries = batch.len();
    let halves = batch.halves()?;
    tracing::info!(entries, "push too large, sending it in halves: {answer}");
    Ok(halves)
}

impl Piece {
    fn of(batch: &Batch) -> Self {
        Self {
            entries: batch.len() as u64,
            items: batch.items(),
            streams: Vec::new(),
            tenant: batch.tenant().map(str::to_owned),
            result: Ok(Pushed::default()),
        }
    }
}
