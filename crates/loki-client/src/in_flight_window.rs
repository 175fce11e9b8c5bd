//! The in-flight window: the pushes that are under way.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::panic;
use std::sync::Arc;

use loki_push::{Batch, LabelSet, LabelSetMap, Timestamp};
use tokio::task::{Id, JoinSet};
use tracing::Instrument;

use crate::{BatchOutcome, Client, Deadline, Transport};

/// The longest time, in seconds, by which an entry may be newer than an unacknowledged one of its stream when it is sent.
///
/// Loki refuses an entry that is more than half of `max_chunk_age` (an hour by default, less where somebody
/// set less) behind its stream's newest. Pushes that are in flight together arrive in any order, and one
/// that is tried again, or redelivered with its event, arrives late.
pub(crate) const MAX_LEAD: i128 = 10 * 60;

/// The pushes in flight: no more than the client has room for, and none that could make Loki refuse another.
#[derive(Debug, Default)]
pub(crate) struct InFlightWindow {
    pushes: JoinSet<BatchOutcome>,
    /// The streams of each push.
    contents: HashMap<Id, Vec<Arc<LabelSet>>>,
    /// The oldest entry of each stream in each push. A label set names its tenant, so streams of two tenants
    /// differ. A map, since comparing the streams of two pushes in pairs took 23.7 s for 40,000 streams.
    oldest: LabelSetMap<StreamPushes>,
}

/// The pushes that have entries of one stream, each with the time of its oldest. Most streams are in one push: the list of the
/// others then takes no memory of its own.
#[derive(Debug)]
struct StreamPushes {
    first: (Id, Timestamp),
    others: Vec<(Id, Timestamp)>,
}

impl StreamPushes {
    fn pushes(&self) -> impl Iterator<Item = &(Id, Timestamp)> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Removes a push, and returns whether another is left.
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
    /// Whether the batch may be pushed now, when so many pushes may be in flight.
    pub(crate) fn has_room_for(&self, batch: &Batch, most: usize) -> bool {
        self.pushes.len() < most && !self.is_ahead(batch)
    }

    /// Starts a push, which goes on by itself. [`next`](Self::next) returns its result.
    pub(crate) fn start<T: Transport>(&mut self, client: &Arc<Client<T>>, batch: Batch, deadline: &Deadline) {
        let streams: Vec<(Arc<LabelSet>, Timestamp)> = batch
            .time_ranges()
            .map(|(labels, oldest, _)| (Arc::clone(labels), oldest))
            .collect();
        let (client, deadline) = (Arc::clone(client), deadline.clone());
        // Its warnings belong to the invocation.
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
        let streams = streams.into_iter().map(|(labels, _)| labels);
        self.contents.insert(id, streams.collect());
    }

    /// Waits for a push to end; returns nothing when none is in flight. Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> Option<BatchOutcome> {
        match self.pushes.join_next_with_id().await? {
            Ok((id, delivered)) => {
                self.forget(id);
                Some(delivered)
            }
            // Nobody cancels a push, so it panicked: its entries are lost, and so must be the invocation.
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }

    fn forget(&mut self, id: Id) {
        for labels in self.contents.remove(&id).unwrap_or_default() {
            if let Entry::Occupied(mut in_flight) = self.oldest.entry(labels)
                && !in_flight.get_mut().remove(id)
            {
                in_flight.remove();
            }
        }
    }

    /// Whether the batch has entries that are too new for one of the same stream that is still in flight.
    fn is_ahead(&self, batch: &Batch) -> bool {
        batch.time_ranges().any(|(labels, _, newest)| {
            let in_flight = self.oldest.get(labels).into_iter().flat_map(StreamPushes::pushes);
            in_flight
                .map(|(_, oldest)| oldest)
                .any(|oldest| leads_too_far(newest, *oldest))
        })
    }
}

/// Whether an entry of time `newest` must not be sent while one of the same stream and of time `oldest` is not
/// acknowledged.
pub(crate) fn leads_too_far(newest: Timestamp, oldest: Timestamp) -> bool {
    i128::from(newest.seconds()) - i128::from(oldest.seconds()) > MAX_LEAD
}
