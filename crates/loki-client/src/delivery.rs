//! All entries of one event, on their way.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use loki_push::{Batch, Batches, Encoding, Entry, ItemId};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::failed_streams::FailedStreams;
use crate::in_flight_window::InFlightWindow;
use crate::rejection;
use crate::{Client, Deadline, DeliveryOutcome, FailedPush, OnReject, PartOutcome, PushError, Transport};

/// Takes the entries of one event, pushes each batch when it is full, and remembers what became of it.
///
/// Up to [`push_concurrency`](crate::ClientSettings::push_concurrency) pushes are in flight, fewer while the server
/// asks for less; when there are so many, [`add`](Self::add) waits. A batch that fails does not stop the others.
#[derive(Debug)]
pub struct Delivery<T> {
    client: Arc<Client<T>>,
    deadline: Deadline,
    batches: Batches,
    /// Full batches that wait for room. They are kept here and not in a future, which may be dropped.
    full: VecDeque<Batch>,
    is_json: bool,
    window: InFlightWindow,
    failed: FailedStreams,
    /// Errors by reason.
    errors: BTreeMap<String, Errors>,
    outcome: DeliveryOutcome,
}

/// ERROR and WARN lines that are written of one reason.
const LINES: u64 = 10;

/// The errors of one reason.
#[derive(Clone, Copy, Debug, Default)]
struct Errors {
    count: u64,
    /// Whether an item failed by one of them. Otherwise their entries were dropped, as the settings ask for.
    failed: bool,
}

impl<T: Transport> Delivery<T> {
    /// Nothing is on its way yet.
    pub fn new(client: &Arc<Client<T>>, deadline: Deadline) -> Self {
        let settings = client.settings();
        let batches = Batches::new(settings.encoding, settings.batch_size, client.buffers());
        Self {
            // A batch is packed by the task that pushes it.
            batches: batches.compressing_late(pushes_run_beside()),
            full: VecDeque::new(),
            is_json: settings.encoding == Encoding::Json,
            window: InFlightWindow::default(),
            failed: FailedStreams::default(),
            errors: BTreeMap::new(),
            outcome: DeliveryOutcome::default(),
            client: Arc::clone(client),
            deadline,
        }
    }

    /// Takes an entry that `item` brought. Nothing is pushed before [`make_room`](Self::make_room), which is
    /// to be awaited before the next entry when the delivery [`is_full`](Self::is_full).
    #[inline]
    pub fn accept(&mut self, entry: &Entry<'_>, item: ItemId) {
        if self.is_json && i64::try_from(entry.timestamp.unix_nanos()).is_err() {
            self.refuse_time(entry, item);
            return;
        }
        if let Some(batch) = self.batches.add(entry, item) {
            self.full.push_back(batch);
        }
    }

    /// Refuses an entry for which Loki would refuse the whole push.
    fn refuse_time(&mut self, entry: &Entry<'_>, item: ItemId) {
        self.record_part(PartOutcome {
            entries: 1,
            items: vec![(item, 1)],
            streams: Vec::new(),
            tenant: entry.labels.tenant().map(str::to_owned),
            result: Err(PushError::Time {
                labels: entry.labels.to_string(),
                seconds: entry.timestamp.seconds(),
            }),
        });
    }

    /// Whether a batch is full and waits to be pushed.
    #[inline]
    pub fn is_full(&self) -> bool {
        !self.full.is_empty()
    }

    /// Starts to push the batches that are full, as soon as there is room for another push.
    ///
    /// Dropping the future loses nothing.
    pub async fn make_room(&mut self) {
        self.start_pushes().await;
    }

    /// As [`accept`](Self::accept), and then makes room when it is full.
    pub async fn add(&mut self, entry: &Entry<'_>, item: ItemId) {
        self.accept(entry, item);
        if self.is_full() {
            self.make_room().await;
        }
    }

    /// Pushes what is left, waits for all pushes, and says what became of everything.
    pub async fn finish(mut self) -> DeliveryOutcome {
        self.full.extend(self.batches.take());
        self.start_pushes().await;
        while let Some(delivered) = self.window.next().await {
            self.record(delivered);
        }
        for (reason, Errors { count, failed }) in self.errors {
            match count.saturating_sub(LINES) {
                0 => {}
                more if failed => tracing::error!(reason, "and {more} more errors with this reason"),
                more => tracing::warn!(reason, "and {more} more drops with this reason"),
            }
        }
        self.outcome
    }

    async fn start_pushes(&mut self) {
        while let Some(batch) = self.full.front() {
            if !self.window.has_room_for(batch, self.client.max_in_flight()) {
                if let Some(delivered) = self.window.next().await {
                    self.record(delivered);
                }
                continue;
            }
            if let Some(mut batch) = self.full.pop_front() {
                for part in self.failed.hold_back(&mut batch) {
                    self.record_part(part);
                }
                if !batch.is_empty() {
                    self.window.start(&self.client, batch, &self.deadline);
                }
            }
        }
        // Lets the pushes get on the wire before more is read.
        tokio::task::yield_now().await;
    }

    fn record(&mut self, delivered: crate::BatchOutcome) {
        // What was refused in part has another part, of what was stored.
        let is_push = |part: &&PartOutcome| {
            !matches!(
                part.result,
                Err(PushError::HeldBack { .. } | PushError::RefusedInPart { .. })
            )
        };
        let parts = delivered.parts.iter().filter(is_push).count() as u64;
        self.outcome.retries += delivered.attempts.saturating_sub(parts);
        for part in delivered.parts {
            self.failed.record(&part);
            self.record_part(part);
        }
    }

    fn record_part(&mut self, part: PartOutcome) {
        let PartOutcome {
            entries,
            items,
            tenant,
            result,
            streams: _,
        } = part;
        let error = match result {
            Ok(pushed) => {
                self.outcome.delivered += entries;
                self.outcome.bytes += pushed.bytes as u64;
                self.outcome.pushes += 1;
                return;
            }
            Err(error) => error,
        };
        let reason = match &error {
            PushError::HeldBack { .. } => "held_back".to_owned(),
            error => rejection::reason(error).into_owned(),
        };
        let drop = error.is_final()
            && self.client.settings().on_reject == OnReject::Drop
            && rejection::is_of_entries(&error);
        let errors = self.errors.entry(reason.clone()).or_default();
        errors.count += 1;
        errors.failed |= !drop;
        let is_written = errors.count <= LINES;
        if error.is_final() {
            if !is_written {
                // It is counted.
            } else if drop {
                tracing::warn!(entries, tenant, reason, "dropped: {error}");
            } else {
                tracing::error!(entries, tenant, reason, "{error}");
            }
            if reason == rejection::TOO_FAR_BEHIND {
                self.outcome.too_far_behind += entries;
            } else {
                *self.outcome.rejected.entry(reason).or_default() += entries;
            }
            if drop {
                return;
            }
        } else if is_written {
            tracing::error!(entries, tenant, "{error}");
        }
        self.outcome.failures.push(FailedPush {
            items,
            entries,
            error,
        });
    }
}

/// Whether pushes go on while entries are read, on another thread.
fn pushes_run_beside() -> bool {
    Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread)
}
