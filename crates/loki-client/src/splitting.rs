//! A batch that is too large for the server.

use std::sync::Arc;

use loki_push::{Batch, ItemId, LabelSet, PackedBatch, Timestamp};

use crate::client::{AttemptLimits, Progress};
use crate::failed_streams::FailedStreams;
use crate::{Acknowledgement, Client, Deadline, OnReject, PushError, Transport, rejection};

/// A batch, or a part of one, and what became of it.
#[derive(Debug)]
pub struct PartOutcome {
    /// How many entries it has.
    pub entries: u64,
    /// The items they came from, and how many came from each.
    pub items: Vec<(ItemId, u64)>,
    /// The streams of a push that failed, each with its oldest entry.
    pub streams: Vec<(Arc<LabelSet>, Timestamp)>,
    /// The tenant they asked for.
    pub tenant: Option<String>,
    /// What became of them.
    pub result: Result<Acknowledgement, PushError>,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct BatchOutcome {
    /// Every entry of the batch is in one of these.
    pub parts: Vec<PartOutcome>,
    /// How often something was sent, pushes that were too large included.
    pub attempts: u64,
}

/// How often a push that times out may be halved: to a thirty-second. A server that never answers must not be asked for
/// each entry.
const MAX_HALVINGS: u32 = 5;
/// Pushes refused for one entry after which the halves of a batch are not split any more, where its items fail anyway.
const MAX_REFUSED: u32 = 256;

/// A batch that is to be pushed, or a part of one.
struct PendingPart {
    batch: Batch,
    /// How often it may be sent; 0 means no limit.
    tries: u32,
    /// How often it was halved since it timed out.
    halvings: u32,
}

/// Why a batch is sent in halves.
enum SplitCause {
    TooLarge,
    OneEntry,
    TimedOut,
}

impl<T: Transport> Client<T> {
    /// Pushes the batch. When the server says that it is too large, or refuses all of it for one entry, its halves are
    /// pushed in its place, and so on down to single entries; and likewise when it times out twice in a row, down to a
    /// thirty-second. The order of entries is kept.
    pub async fn deliver(&self, batch: Batch, deadline: &Deadline) -> BatchOutcome {
        let mut delivered = BatchOutcome::default();
        let mut failed = FailedStreams::default();
        let mut refused = 0;
        let mut gave_up = false;
        let mut pending = vec![PendingPart {
            batch,
            tries: self.settings().backoff.max_retries,
            halvings: 0,
        }];
        while let Some(PendingPart {
            mut batch,
            tries,
            halvings,
        }) = pending.pop()
        {
            delivered.parts.extend(failed.hold_back(&mut batch));
            if batch.is_empty() && !delivered.parts.is_empty() {
                continue;
            }
            let mut part = PartOutcome::of(&batch);
            let packed = match batch.pack() {
                Ok(packed) => packed,
                Err(error) => {
                    part.result = Err(error.into());
                    delivered.parts.push(part);
                    continue;
                }
            };
            let mut progress = Progress::default();
            let limits = AttemptLimits {
                // Where a part was given up, the others show with one attempt whether the server answers again.
                max_attempts: if gave_up { 1 } else { tries },
                may_split: !gave_up && packed.len() > 1 && halvings < MAX_HALVINGS,
            };
            part.result = self.push_with(&packed, deadline, limits, &mut progress).await;
            let attempts = match &part.result {
                Ok(pushed) => pushed.attempts,
                Err(error) => error.attempts(),
            };
            delivered.attempts += u64::from(attempts);
            let cause = match &part.result {
                Err(PushError::Refused { response, .. }) if response.is_too_large() => {
                    Some(SplitCause::TooLarge)
                }
                Err(PushError::Refused { response, .. }) if rejection::is_of_all_for_one(response) => {
                    refused += 1;
                    let may_split = refused < MAX_REFUSED || self.settings().on_reject == OnReject::Drop;
                    may_split.then_some(SplitCause::OneEntry)
                }
                Err(PushError::Exhausted { .. }) if progress.is_too_slow() => {
                    gave_up |= !limits.may_split;
                    limits.may_split.then_some(SplitCause::TimedOut)
                }
                _ => None,
            };
            match halves(packed, &part.result, cause.as_ref()) {
                Ok((first, second)) => {
                    let (tries, halvings) = match cause {
                        Some(SplitCause::TimedOut) => (tries_of_half(tries, attempts), halvings + 1),
                        _ => (tries, halvings),
                    };
                    pending.extend([second, first].map(|batch| PendingPart {
                        batch,
                        tries,
                        halvings,
                    }));
                }
                Err(packed) => {
                    if part.result.is_err() {
                        part.streams = packed.oldest_entries().collect();
                        failed.record(&part);
                    }
                    delivered
                        .parts
                        .extend(part.stored_part(packed.body().bytes.len()));
                    delivered.parts.push(part);
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
    result: &Result<Acknowledgement, PushError>,
    cause: Option<&SplitCause>,
) -> Result<(Batch, Batch), PackedBatch> {
    let (Some(cause), Err(error)) = (cause, result) else {
        return Err(batch);
    };
    let entries = batch.len();
    let halves = batch.halves()?;
    match cause {
        SplitCause::TooLarge => tracing::info!(entries, "push too large, sending it in halves: {error}"),
        SplitCause::OneEntry => tracing::info!(
            entries,
            "push refused for an entry, sending it in halves: {error}"
        ),
        SplitCause::TimedOut => {
            tracing::warn!(entries, "push timed out twice, sending it in halves: {error}")
        }
    }
    Ok(halves)
}

impl PartOutcome {
    fn of(batch: &Batch) -> Self {
        Self {
            entries: batch.len() as u64,
            items: batch.items(),
            streams: Vec::new(),
            tenant: batch.tenant().map(str::to_owned),
            result: Ok(Acknowledgement::default()),
        }
    }

    /// Takes out what Loki stored of a push that it refused in part. Which entries it refused is not known for sure, so all
    /// items of the push keep the error.
    fn stored_part(&mut self, bytes: usize) -> Option<Self> {
        let Err(PushError::Refused {
            response, attempts, ..
        }) = &self.result
        else {
            return None;
        };
        let refused = rejection::refused_in_part(response, self.streams.len())
            .filter(|refused| *refused < self.entries)?;
        let (response, attempts, of) = (response.clone(), *attempts, self.entries);
        let mut rest = refused;
        for (_, entries) in &mut self.items {
            *entries = rest;
            rest = 0;
        }
        self.entries = refused;
        self.result = Err(PushError::RefusedInPart {
            refused,
            of,
            response,
            attempts,
        });
        Some(Self {
            entries: of - refused,
            items: Vec::new(),
            streams: Vec::new(),
            tenant: self.tenant.clone(),
            result: Ok(Acknowledgement { attempts, bytes }),
        })
    }
}
