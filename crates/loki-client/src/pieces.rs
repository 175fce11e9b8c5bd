//! A batch that is too large for the server.

use std::sync::Arc;

use loki_push::{Batch, ItemId, LabelSet, PackedBatch, Timestamp};

use crate::client::{Progress, Tries};
use crate::failed_streams::FailedStreams;
use crate::{Client, Deadline, OnReject, PushError, Pushed, Transport, rejection};

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

/// How often a push that times out may be halved: to a thirty-second. A server that never answers must not be asked for
/// each entry.
const MAX_HALVINGS: u32 = 5;
/// Pushes refused for one entry after which the halves of a batch are not split any more, where its items fail anyway.
const MAX_REFUSED: u32 = 256;

/// A batch that is to be pushed, or a part of one.
struct Part {
    batch: Batch,
    /// How often it may be sent; 0 means no limit.
    tries: u32,
    /// How often it was halved since it timed out.
    halvings: u32,
}

/// Why a batch is sent in halves.
enum Cause {
    TooLarge,
    OneEntry,
    TimedOut,
}

impl<T: Transport> Client<T> {
    /// Pushes the batch. When the server says that it is too large, or refuses all of it for one entry, its halves are
    /// pushed in its place, and so on down to single entries; and likewise when it times out twice in a row, down to a
    /// thirty-second. The order of entries is kept.
    pub async fn deliver(&self, batch: Batch, deadline: &Deadline) -> Delivered {
        let mut delivered = Delivered::default();
        let mut failed = FailedStreams::default();
        let mut refused = 0;
        let mut gave_up = false;
        let mut pending = vec![Part {
            batch,
            tries: self.settings().backoff.max_retries,
            halvings: 0,
        }];
        while let Some(Part {
            mut batch,
            tries,
            halvings,
        }) = pending.pop()
        {
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
            let mut progress = Progress::default();
            let terms = Tries {
                // Where a part was given up, the others show with one attempt whether the server answers again.
                most: if gave_up { 1 } else { tries },
                may_split: !gave_up && packed.len() > 1 && halvings < MAX_HALVINGS,
            };
            piece.result = self.push_with(&packed, deadline, terms, &mut progress).await;
            let attempts = match &piece.result {
                Ok(pushed) => pushed.attempts,
                Err(error) => error.attempts(),
            };
            delivered.attempts += u64::from(attempts);
            let cause = match &piece.result {
                Err(PushError::Refused { answer, .. }) if answer.is_too_large() => Some(Cause::TooLarge),
                Err(PushError::Refused { answer, .. }) if rejection::is_of_all_for_one(answer) => {
                    refused += 1;
                    let may_split = refused < MAX_REFUSED || self.settings().on_reject == OnReject::Drop;
                    may_split.then_some(Cause::OneEntry)
                }
                Err(PushError::Exhausted { .. }) if progress.is_too_slow() => {
                    gave_up |= !terms.may_split;
                    terms.may_split.then_some(Cause::TimedOut)
                }
                _ => None,
            };
            match halves(packed, &piece.result, cause.as_ref()) {
                Ok((first, second)) => {
                    let (tries, halvings) = match cause {
                        Some(Cause::TimedOut) => (tries_of_half(tries, attempts), halvings + 1),
                        _ => (tries, halvings),
                    };
                    pending.extend([second, first].map(|batch| Part {
                        batch,
                        tries,
                        halvings,
                    }));
                }
                Err(packed) => {
                    if piece.result.is_err() {
                        piece.streams = packed.oldest_entries().collect();
                        failed.note(&piece);
                    }
                    delivered
                        .pieces
                        .extend(piece.stored_part(packed.body().bytes.len()));
                    delivered.pieces.push(piece);
                }
            }
        }
        delivered
    }
}

/// Returns how often the halves of a push that timed out may be sent: what it left, and at least twice.
fn tries_of_half(tries: u32, attempts: u32) -> u32 {
    match tries {
        0 => 0,
        _ => tries.saturating_sub(attempts).max(2),
    }
}

/// Returns the halves of a batch for which there is a cause, and the batch itself if there is none or it has one entry.
fn halves(
    batch: PackedBatch,
    result: &Result<Pushed, PushError>,
    cause: Option<&Cause>,
) -> Result<(Batch, Batch), PackedBatch> {
    let (Some(cause), Err(error)) = (cause, result) else {
        return Err(batch);
    };
    let entries = batch.len();
    let halves = batch.halves()?;
    match cause {
        Cause::TooLarge => tracing::info!(entries, "push too large, sending it in halves: {error}"),
        Cause::OneEntry => tracing::info!(
            entries,
            "push refused for an entry, sending it in halves: {error}"
        ),
        Cause::TimedOut => tracing::warn!(entries, "push timed out twice, sending it in halves: {error}"),
    }
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

    /// Takes out what Loki stored of a push that it refused in part. Which entries it refused is not known for sure, so all
    /// items of the push keep the error.
    fn stored_part(&mut self, bytes: usize) -> Option<Self> {
        let Err(PushError::Refused { answer, attempts, .. }) = &self.result else {
            return None;
        };
        let refused = rejection::refused_in_part(answer, self.streams.len())
            .filter(|refused| *refused < self.entries)?;
        let (answer, attempts, of) = (answer.clone(), *attempts, self.entries);
        let mut rest = refused;
        for (_, entries) in &mut self.items {
            *entries = rest;
            rest = 0;
        }
        self.entries = refused;
        self.result = Err(PushError::RefusedInPart {
            refused,
            of,
            answer,
            attempts,
        });
        Some(Self {
            entries: of - refused,
            items: Vec::new(),
            streams: Vec::new(),
            tenant: self.tenant.clone(),
            result: Ok(Pushed { attempts, bytes }),
        })
    }
}
