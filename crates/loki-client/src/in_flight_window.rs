//! The window of pushes in flight.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::panic;
use std::sync::Arc;

use loki_push::{Batch, LabelSet, LabelSetMap, Timestamp};
use tokio::task::{Id, JoinSet};
use tracing::Instrument;

use crate::{BatchOutcome, Client, Deadline, Transport};

/// The maximum time, in seconds, by which an entry may be newer than an unacknowledged one of its stream when it is
/// sent.
///
/// Loki refuses an entry that is older than the newest one of its stream by more than half of `max_chunk_age`. That
/// half is an hour by default, but can be configured to be less. Pushes that are in flight together arrive in any
/// order, and a push arrives late when it is retried, or redelivered with its event.
pub(crate) const MAX_LEAD: i128 = 10 * 60;

/// The window of pushes in flight. It is limited in size, and admits a push only if it cannot make Loki refuse
/// another one in flight.
#[derive(Debug, Default)]
pub(crate) struct InFlightWindow {
    pushes: JoinSet<BatchOutcome>,
    /// The contents of each push.
    contents: HashMap<Id, PushContents>,
    /// The pushes of each stream with their oldest entries. A label set contains its tenant, so streams of different
    /// tenants differ. It is a map because comparing the streams of two pushes in pairs took 23.7 s for 40,000
    /// streams.
    oldest: LabelSetMap<StreamPushes>,
}

/// What a push in flight has.
#[derive(Debug)]
struct PushContents {
    streams: Vec<Arc<LabelSet>>,
    /// The time of its oldest entry.
    oldest: Option<Timestamp>,
}

/// The pushes that have entries of a stream, each with the time of its oldest entry of that stream. Most streams are
/// only in one push, and then the empty list of the others does not allocate memory.
#[derive(Debug)]
struct StreamPushes {
    first: (Id, Timestamp),
    others: Vec<(Id, Timestamp)>,
}

impl StreamPushes {
    /// Returns all pushes of the stream.
    fn pushes(&self) -> impl Iterator<Item = &(Id, Timestamp)> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Removes a push, and returns whether there is another one.
    fn remove(&mut self, id: Id) -> bool {
        self.others.retain(|(push, _)| *push != id);
        if self.first.0 != id {
            return true;
        }
        match self.others.pop() {
            Some(other) => {
                self.first = other;
                true
            }
            None => false,
        }
    }
}

impl InFlightWindow {
    /// Returns whether the batch may be pushed now, if at most `limit` pushes may be in flight.
    pub(crate) fn has_room_for(&self, batch: &Batch, limit: usize) -> bool {
        self.pushes.len() < limit && !self.is_ahead(batch)
    }

    /// Starts a push in a task of its own. [`next`](Self::next) returns its outcome.
    pub(crate) fn start<T: Transport>(&mut self, client: &Arc<Client<T>>, batch: Batch, deadline: &Deadline) {
        let streams: Vec<(Arc<LabelSet>, Timestamp)> = batch
            .time_ranges()
            .map(|(labels, oldest, _)| (Arc::clone(labels), oldest))
            .collect();
        let (client, deadline) = (Arc::clone(client), deadline.clone());
        // The task runs in the current span, so that its warnings are logged as those of the invocation.
        let push = async move { client.deliver(batch, &deadline).await };
        let push = self.pushes.spawn(push.in_current_span());
        let id = push.id();
        for (labels, oldest) in &streams {
            match self.oldest.entry(Arc::clone(labels)) {
                Entry::Occupied(in_flight) => in_flight.into_mut().others.push((id, *oldest)),
                Entry::Vacant(none) => {
                    none.insert(StreamPushes {
                        first: (id, *oldest),
                        others: Vec::new(),
                    });
                }
            }
        }
        let oldest = streams.iter().map(|(_, oldest)| *oldest).min();
        let streams = streams.into_iter().map(|(labels, _)| labels).collect();
        self.contents.insert(id, PushContents { streams, oldest });
    }

    /// Waits until a push has ended and returns its outcome, or returns `None` if none is in flight. No outcome is
    /// lost when the future is dropped.
    pub(crate) async fn next(&mut self) -> Option<BatchOutcome> {
        match self.pushes.join_next_with_id().await? {
            Ok((id, delivered)) => {
                self.forget(id);
                Some(delivered)
            }
            // Pushes are never cancelled, so the task has panicked. Its entries are lost, so the invocation must fail.
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }

    /// Removes a push that has ended.
    fn forget(&mut self, id: Id) {
        let contents = self.contents.remove(&id);
        for labels in contents.into_iter().flat_map(|contents| contents.streams) {
            if let Entry::Occupied(mut in_flight) = self.oldest.entry(labels)
                && !in_flight.get_mut().remove(id)
            {
                in_flight.remove();
            }
        }
    }

    /// Returns whether the batch has an entry that is too much newer than one of the same stream that is in flight.
    fn is_ahead(&self, batch: &Batch) -> bool {
        // If the streams do not lead too far taken together, none does by itself. That spares a search for each stream.
        let oldest = self.contents.values().filter_map(|push| push.oldest).min();
        let newest = batch.time_ranges().map(|(_, _, newest)| newest).max();
        let may_lead = oldest.zip(newest);
        if !may_lead.is_some_and(|(oldest, newest)| leads_too_far(newest, oldest)) {
            return false;
        }
        batch.time_ranges().any(|(labels, _, newest)| {
            let in_flight = self.oldest.get(labels).into_iter().flat_map(StreamPushes::pushes);
            in_flight
                .map(|(_, oldest)| oldest)
                .any(|oldest| leads_too_far(newest, *oldest))
        })
    }
}

/// Returns whether an entry with the time `newest` must not be sent while one of the same stream with the time
/// `oldest` is not acknowledged.
pub(crate) fn leads_too_far(newest: Timestamp, oldest: Timestamp) -> bool {
    i128::from(newest.seconds()) - i128::from(oldest.seconds()) > MAX_LEAD
}
