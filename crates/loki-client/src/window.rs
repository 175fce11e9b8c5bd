//! The pushes in flight.

use std::collections::HashMap;
use std::panic;
use std::sync::Arc;

use loki_push::{Batch, LabelSet, Timestamp};
use tokio::task::{Id, JoinSet};

use crate::{Client, Deadline, Delivered, Transport};

/// How much older than its stream's newest entry a push on its way may be, in seconds, before newer ones
/// wait for it.
///
/// Loki refuses an entry that is more than half of `max_chunk_age` (an hour by default, less where somebody
/// set less) behind its stream's newest. Pushes that are in flight together arrive in any order, and one
/// that is tried again arrives late.
const MAX_LEAD: i128 = 10 * 60;

/// The pushes in flight: no more than the client has room for, and none that could make Loki refuse another.
#[derive(Debug, Default)]
pub(crate) struct Window {
    pushes: JoinSet<Delivered>,
    /// For each push its tenant, and its streams with their oldest entries.
    contents: HashMap<Id, Contents>,
}

#[derive(Debug)]
struct Contents {
    tenant: Option<String>,
    streams: Vec<(Arc<LabelSet>, Timestamp)>,
}

impl Window {
    /// Whether the batch may be pushed now, when so many pushes may be in flight.
    pub(crate) fn has_room_for(&self, batch: &Batch, most: usize) -> bool {
        self.pushes.len() < most && !self.is_ahead(batch)
    }

    /// Starts a push, which goes on by itself. Its result waits for [`next`](Self::next).
    pub(crate) fn start<T: Transport>(&mut self, client: &Arc<Client<T>>, batch: Batch, deadline: &Deadline) {
        let contents = Contents::of(&batch);
        let (client, deadline) = (Arc::clone(client), deadline.clone());
        let push = self
            .pushes
            .spawn(async move { client.deliver(batch, &deadline).await });
        self.contents.insert(push.id(), contents);
    }

    /// Waits for a push to end; nothing when none is in flight. Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> Option<Delivered> {
        match self.pushes.join_next_with_id().await? {
            Ok((id, delivered)) => {
                self.contents.remove(&id);
                Some(delivered)
            }
            // Nobody cancels a push, so it panicked: its entries are lost, and so must be the invocation.
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }

    /// Whether the batch has entries that are too new for one of the same stream that is still on its way.
    fn is_ahead(&self, batch: &Batch) -> bool {
        let of_tenant = || {
            let contents = self.contents.values();
            contents.filter(|contents| contents.tenant.as_deref() == batch.tenant())
        };
        batch.time_ranges().any(|(labels, _, newest)| {
            let mut on_their_way = of_tenant().flat_map(|contents| &contents.streams);
            on_their_way.any(|(stream, oldest)| {
                stream == labels && i128::from(newest.seconds()) - i128::from(oldest.seconds()) > MAX_LEAD
            })
        })
    }
}

impl Contents {
    fn of(batch: &Batch) -> Self {
        let streams = batch.time_ranges();
        Self {
            tenant: batch.tenant().map(str::to_owned),
            streams: streams
                .map(|(labels, oldest, _)| (Arc::clone(labels), oldest))
                .collect(),
        }
    }
}
