//! The delivery of all entries of an event.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use loki_push::{Batch, Batches, Encoding, Entry, ItemId};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::failed_streams::FailedStreams;
use crate::in_flight_window::InFlightWindow;
use crate::rejection;
use crate::{Client, Deadline, DeliveryOutcome, FailedPush, OnReject, PartOutcome, PushError, Transport};

/// A delivery that takes the entries of an event, pushes each batch when it is full, and records the outcome of each
/// push.
///
/// Up to [`push_concurrency`](crate::ClientSettings::push_concurrency) pushes are in flight, and fewer while the server
/// asks for less. When that number is reached, [`add`](Self::add) waits. A batch that fails does not stop the others.
#[derive(Debug)]
pub struct Delivery<T> {
    client: Arc<Client<T>>,
    deadline: Deadline,
    batches: Batches,
    /// The full batches that wait to be pushed. They are kept here because a future that holds them may be dropped.
    full: VecDeque<Batch>,
    is_json: bool,
    window: InFlightWindow,
    failed: FailedStreams,
    /// The errors by reason.
    errors: BTreeMap<String, Errors>,
    outcome: DeliveryOutcome,
}

/// The number of ERROR and WARN lines that are logged for each reason.
const LINES: u64 = 10;

/// A count of the errors of one reason.
#[derive(Clone, Copy, Debug, Default)]
struct Errors {
    count: u64,
    /// Whether an item failed by one of them. If not, their entries were dropped, as the settings ask for.
    failed: bool,
}

impl<T: Transport> Delivery<T> {
    /// Creates a delivery without entries.
    pub fn new(client: &Arc<Client<T>>, deadline: Deadline) -> Self {
        let settings = client.settings();
        let batches = Batches::new(settings.encoding, settings.batch_size, client.buffers());
        Self {
            // The task that pushes a batch also packs it, on another thread if there is one.
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

    /// Takes an entry that came from `item`. Nothing is pushed before [`make_room`](Self::make_room), which is to be
    /// awaited before the next entry when the delivery [`is_full`](Self::is_full).
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

    /// Records the failure of an entry because of whose time Loki would refuse the whole push.
    fn refuse_time(&mut self, entry: &Entry<'_>, item: ItemId) {
        let part = PartOutcome {
            entries: 1,
            items: vec![(item, 1)],
            streams: Vec::new(),
            tenant: entry.labels.tenant().map(str::to_owned),
            result: Err(PushError::Time {
                labels: entry.labels.to_string(),
                seconds: entry.timestamp.seconds(),
            }),
        };
        self.record_part(part, 0);
    }

    /// Returns whether a full batch waits to be pushed.
    #[inline]
    pub fn is_full(&self) -> bool {
        !self.full.is_empty()
    }

    /// Starts pushing the full batches, each as soon as another push may be in flight.
    ///
    /// No entry is lost when the future is dropped.
    pub async fn make_room(&mut self) {
        self.start_pushes().await;
    }

    /// Takes an entry as [`accept`](Self::accept) does, and makes room if the delivery is full.
    pub async fn add(&mut self, entry: &Entry<'_>, item: ItemId) {
        self.accept(entry, item);
        if self.is_full() {
            self.make_room().await;
        }
    }

    /// Pushes the remaining entries, waits for all pushes, and returns the outcome.
    pub async fn finish(mut self) -> DeliveryOutcome {
        self.full.extend(self.batches.take());
        self.outcome.taken = self.batches.added();
        self.outcome.starts = self.batches.starts().to_vec();
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

    /// Starts a push for each full batch, waiting for other pushes to end where it must.
    async fn start_pushes(&mut self) {
        while let Some(batch) = self.full.front() {
            if !self.window.has_room_for(batch, self.client.max_in_flight()) {
                if let Some(delivered) = self.window.next().await {
                    self.record(delivered);
                }
                continue;
            }
            if let Some(mut batch) = self.full.pop_front() {
                let batch_start = batch.start();
                for part in self.failed.hold_back(&mut batch) {
                    self.record_part(part, batch_start);
                }
                if !batch.is_empty() {
                    self.window.start(&self.client, batch, &self.deadline);
                }
            }
        }
        // Lets the new pushes begin to send before more entries are read.
        tokio::task::yield_now().await;
    }

    /// Records the outcome of a batch.
    fn record(&mut self, delivered: crate::BatchOutcome) {
        // A push that was refused in part is also among the parts with the entries that Loki stored.
        let is_push = |part: &&PartOutcome| {
            !matches!(
                part.result,
                Err(PushError::HeldBack { .. } | PushError::RefusedInPart { .. })
            )
        };
        let parts = delivered.parts.iter().filter(is_push).count() as u64;
        self.outcome.retries += delivered.attempts.saturating_sub(parts);
        self.outcome.throttled += delivered.throttled;
        for part in delivered.parts {
            self.failed.record(&part);
            self.record_part(part, delivered.start);
        }
    }

    /// Records the outcome of a part of a batch, and logs its error. `start` is the number of entries before the batch.
    fn record_part(&mut self, part: PartOutcome, start: u64) {
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
                // The error is counted, and the count is logged at the end.
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
            start,
        });
    }
}

/// Returns whether pushes run on another thread while entries are read.
fn pushes_run_beside() -> bool {
    Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread)
}
