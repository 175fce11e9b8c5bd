//! Pushing a batch, in parts where the server does not take the whole.

use std::sync::Arc;

use loki_push::{Batch, ItemId, LabelSet, PackedBatch, Timestamp};

use crate::client::{AttemptLimits, Progress};
use crate::failed_streams::FailedStreams;
use crate::{Acknowledgement, Client, Deadline, OnReject, PushError, PushResponse, Transport, rejection};

/// The outcome of a batch, or of a part of one.
#[derive(Debug)]
pub struct PartOutcome {
    /// The number of its entries.
    pub entries: u64,
    /// The items that its entries came from, each with the number of its entries.
    pub items: Vec<(ItemId, u64)>,
    /// The streams, each with the time of its oldest entry, if the push failed. Otherwise it is empty.
    pub streams: Vec<(Arc<LabelSet>, Timestamp)>,
    /// The tenant that the entries name.
    pub tenant: Option<String>,
    /// The result of its push.
    pub result: Result<Acknowledgement, PushError>,
}

/// The outcome of a batch.
#[derive(Debug, Default)]
pub struct BatchOutcome {
    /// The outcomes of the parts, which together contain every entry of the batch.
    pub parts: Vec<PartOutcome>,
    /// The number of attempts, including those of pushes that were split.
    pub attempts: u64,
    /// The number of attempts that the server answered with 429, because a rate limit was reached.
    pub throttled: u64,
    /// The number of the event's entries before the first one of the batch.
    pub start: u64,
}

/// The number of times that a push may be halved after time-outs, which leads to a thirty-second of it. Without a
/// limit, a server that never answers would be asked for each entry.
const MAX_HALVINGS: u32 = 5;
/// The number of pushes refused for some of their entries after which the parts of a batch are no longer split, where
/// its items fail anyway.
const MAX_REFUSED: u32 = 256;
/// The most streams of a refused push that are sent one by one.
const MAX_STREAMS: usize = 32;

/// A batch, or a part of one, that is still to be pushed.
struct PendingPart {
    batch: Batch,
    /// The number of times that it may be sent; 0 means no limit.
    tries: u32,
    /// The number of times that it was halved after time-outs.
    halvings: u32,
}

/// A reason to send a batch in parts.
enum SplitCause {
    /// The push was larger than the server takes.
    TooLarge,
    /// The server refused all entries of the push because of one.
    OneEntry,
    /// The server refused some entries of a push with entries of several items, and did not say of which.
    SomeItems,
    /// The same, and its response to a push with several streams is only about the last one.
    SomeStreams,
    /// The push timed out twice in a row.
    TimedOut,
}

impl<T: Transport> Client<T> {
    /// Pushes the batch, and keeps the order of its entries.
    ///
    /// When the server answers that the batch is too large, or refuses all of it because of one entry, its halves are
    /// pushed instead, then their halves, down to single entries. When it refuses some entries and has stored the others,
    /// the same is done down to single items, so that only the items with refused entries fail; Loki ignores an entry
    /// that it has already stored. When it times out twice in a row, the batch is split down to a thirty-second of it.
    pub async fn deliver(&self, batch: Batch, deadline: &Deadline) -> BatchOutcome {
        let mut delivered = BatchOutcome {
            start: batch.start(),
            ..BatchOutcome::default()
        };
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
                // After a part was given up, one attempt at each of the others shows whether the server answers again.
                max_attempts: if gave_up { 1 } else { tries },
                may_split: !gave_up && packed.len() > 1 && halvings < MAX_HALVINGS,
            };
            part.result = self.push_with(&packed, deadline, limits, &mut progress).await;
            let attempts = match &part.result {
                Ok(pushed) => pushed.attempts,
                Err(error) => error.attempts(),
            };
            delivered.attempts += u64::from(attempts);
            delivered.throttled += u64::from(progress.throttled);
            let cause = match &part.result {
                Err(PushError::Refused { response, .. }) if response.is_too_large() => {
                    Some(SplitCause::TooLarge)
                }
                Err(PushError::Refused { response, .. }) if rejection::is_of_all_for_one(response) => {
                    refused += 1;
                    let may_split = refused < MAX_REFUSED || self.settings().on_reject == OnReject::Drop;
                    may_split.then_some(SplitCause::OneEntry)
                }
                Err(error @ PushError::Refused { response, .. })
                    if rejection::is_of_entries(error) && self.settings().on_reject == OnReject::Fail =>
                {
                    refused += 1;
                    cause_among_items(response, &packed).filter(|_| refused < MAX_REFUSED)
                }
                Err(PushError::Exhausted { .. }) if progress.is_too_slow() => {
                    gave_up |= !limits.may_split;
                    limits.may_split.then_some(SplitCause::TimedOut)
                }
                _ => None,
            };
            match split(packed, &part.result, cause.as_ref()) {
                Ok(parts) => {
                    let (tries, halvings) = match cause {
                        Some(SplitCause::TimedOut) => (tries_of_half(tries, attempts), halvings + 1),
                        _ => (tries, halvings),
                    };
                    pending.extend(parts.into_iter().rev().map(|batch| PendingPart {
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

/// Returns the number of times that each half of a push that timed out may be sent: the attempts that the push has
/// left, but at least two.
fn tries_of_half(tries: u32, attempts: u32) -> u32 {
    match tries {
        0 => 0,
        _ => tries.saturating_sub(attempts).max(2),
    }
}

/// Returns how to find the items whose entries were refused, or `None` if that cannot be found out or all were.
fn cause_among_items(response: &PushResponse, batch: &PackedBatch) -> Option<SplitCause> {
    if batch.items().len() < 2 {
        return None;
    }
    let streams = batch.oldest_entries().count();
    match rejection::refused_in_part(response, streams) {
        Some(refused) if refused >= batch.len() as u64 => None,
        Some(_) => Some(SplitCause::SomeItems),
        // Of a long text about many entries only the beginning is kept.
        None if streams == 1 => Some(SplitCause::SomeItems),
        // A part with several streams could be answered with a success although some of its entries were refused.
        None => (streams <= MAX_STREAMS).then_some(SplitCause::SomeStreams),
    }
}

/// Splits a batch for the given cause, or returns the batch itself if there is none or it cannot be split.
fn split(
    batch: PackedBatch,
    result: &Result<Acknowledgement, PushError>,
    cause: Option<&SplitCause>,
) -> Result<Vec<Batch>, PackedBatch> {
    let (Some(cause), Err(error)) = (cause, result) else {
        return Err(batch);
    };
    let entries = batch.len();
    let parts = match cause {
        SplitCause::SomeItems => batch.halves_by_item().map(<[Batch; 2]>::from)?.into(),
        SplitCause::SomeStreams => batch.streams_apart()?,
        SplitCause::TooLarge | SplitCause::OneEntry | SplitCause::TimedOut => {
            batch.halves().map(<[Batch; 2]>::from)?.into()
        }
    };
    match cause {
        SplitCause::TooLarge => tracing::info!(entries, "push too large, sending it in halves: {error}"),
        SplitCause::OneEntry => tracing::info!(
            entries,
            "push refused for an entry, sending it in halves: {error}"
        ),
        SplitCause::SomeItems => tracing::info!(
            entries,
            "push refused for some of its entries, sending it in halves by item: {error}"
        ),
        SplitCause::SomeStreams => tracing::info!(
            entries,
            "push refused for some of its entries, sending each stream by itself: {error}"
        ),
        SplitCause::TimedOut => {
            tracing::warn!(entries, "push timed out twice, sending it in halves: {error}")
        }
    }
    Ok(parts)
}

impl PartOutcome {
    /// Creates the outcome of a batch that is not pushed yet.
    fn of(batch: &Batch) -> Self {
        Self {
            entries: batch.len() as u64,
            items: batch.items(),
            streams: Vec::new(),
            tenant: batch.tenant().map(str::to_owned),
            result: Ok(Acknowledgement::default()),
        }
    }

    /// Splits off the outcome of the entries that Loki stored, if it refused only some of the push. It is not known
    /// for sure which entries were refused, so all items of the push keep the error.
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
