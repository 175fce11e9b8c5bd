//! The handling of one event: reading it, shipping its entries, and reporting the result.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_clients::{AwsAccess, LogGroupTags, Queue};
use aws_events::{Event, EventError, Source};
use loki_client::{
    Client, Deadline, Delivery, DeliveryOutcome, HttpTransport, HttpTransportError, PushError,
};
use loki_push::Timestamp;
use serde::Serialize;
use tokio::task::coop::unconstrained;
use tokio::time;

use crate::continuations::Continuations;
use crate::logging::Escaped;
use crate::metrics::{Figures, MetricsSettings};
use crate::secrets::KeptRedactKey;
use crate::{
    BatchItemFailures, DeliverySink, EventProgress, Intake, ItemProgress, S3BatchReply, Settings, Summary,
    intake,
};

/// A function that is built once at start and handles every event.
#[derive(Debug)]
pub struct Function {
    intake: Intake,
    client: Arc<Client<HttpTransport>>,
    continuations: Option<Continuations>,
    aws: Arc<AwsAccess>,
    redact_key: Option<KeptRedactKey>,
    settings: InvocationSettings,
    metrics: Option<MetricsSettings>,
}

/// The settings for the end of an invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvocationSettings {
    /// The time before the deadline that is kept for reporting; at most a quarter of the time that is left when an
    /// event arrives.
    pub deadline_margin: Duration,
    /// Whether failed items of SQS and Kinesis events are reported as `batchItemFailures` instead of an error.
    pub report_batch_item_failures: bool,
}

/// The result of an invocation that did not fail as a whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Reply {
    /// The summary of an event that was delivered completely.
    Summary(Box<Summary>),
    /// The items that failed; all others were delivered.
    BatchItemFailures(BatchItemFailures),
    /// The result of each task of S3 Batch Operations.
    S3Batch(S3BatchReply),
}

/// An error that fails the invocation, so that AWS delivers the event again.
#[derive(Debug, thiserror::Error)]
pub enum InvocationError {
    /// The event cannot be read.
    #[error("{}", Escaped(&.0.to_string()))]
    Event(#[from] EventError),
    /// The key of stages that hash cannot be fetched, so that nothing was read.
    #[error("REDACT_KEY: {}", Escaped(.0))]
    RedactKey(String),
    /// Some lines of the event were not delivered.
    #[error("{} of {} items not delivered: {}", .failed.len(), .summary.items, reasons(.failed))]
    NotDelivered {
        /// The items that failed.
        failed: Vec<ItemProgress>,
        /// Whether a push failed for a reason that is not in its entries, such as an outage of Loki.
        loki_failed: bool,
        /// The summary of what was delivered.
        summary: Box<Summary>,
    },
}

/// The longest time that preparing for the first event takes: more than a handshake with a server in the same Region.
const PREPARATION: Duration = Duration::from_millis(100);
/// The longest timeout of a function (Lambda quotas, "Function timeout").
const LONGEST_TIMEOUT: Duration = Duration::from_secs(900);

/// The most failed items that an error names.
const NAMED_ITEMS: usize = 10;

fn reasons(failed: &[ItemProgress]) -> String {
    let named = failed.iter().take(NAMED_ITEMS);
    let mut reasons: Vec<String> = named.filter_map(ItemProgress::reason).collect();
    if failed.len() > NAMED_ITEMS {
        reasons.push(format!("and {} more", failed.len() - NAMED_ITEMS));
    }
    Escaped(&reasons.join("; ")).to_string()
}

impl InvocationError {
    /// Returns the error's type, under which AWS shows and counts it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Event(_) => "InvalidEvent",
            Self::RedactKey(_) => "RedactKey",
            Self::NotDelivered { .. } => "NotDelivered",
        }
    }
}

impl Function {
    /// Creates a function.
    ///
    /// # Errors
    /// Returns an error if the HTTP client cannot be set up.
    pub fn new(settings: Settings) -> Result<Self, HttpTransportError> {
        let transport = HttpTransport::new(&settings.client)?;
        let queue = settings.continuation_queue;
        let intake = intake::with_access(settings.intake, settings.pipeline, Arc::clone(&settings.aws));
        Ok(Self {
            continuations: queue.map(|url| Continuations::new(Queue::new(Arc::clone(&settings.aws), url))),
            intake: match settings.tag_keys.is_empty() {
                true => intake,
                false => intake.with_tags(LogGroupTags::new(Arc::clone(&settings.aws), settings.tag_keys)),
            },
            aws: settings.aws,
            redact_key: settings.redact_key,
            client: Arc::new(Client::new(settings.client, transport)),
            settings: settings.invocation,
            metrics: settings.metrics,
        })
    }

    /// Prepares for the first event. During initialisation Lambda gives a function of any memory a whole core, so that
    /// work done there is missing from the first invocation, where it would take many times as long.
    ///
    /// Takes 100 ms at most. Failures are only logged, since the first event tries again.
    pub async fn prepare(&self) {
        // The clients for S3 are made while the server responds.
        let intake = time::timeout(PREPARATION, self.intake.prepare());
        let (_, prepared) = tokio::join!(self.client.prepare(PREPARATION), intake);
        if prepared.is_err() {
            tracing::debug!("not prepared for objects within {PREPARATION:?}");
        }
    }

    /// Stores the ARN that the function was invoked with. Without it, a log group of another account that has the same
    /// name as the function's own log group is treated as the function's own.
    pub fn set_invoked(&self, arn: &str) {
        self.intake.set_invoked(arn);
    }

    /// Ships one event, and returns the reply for AWS.
    ///
    /// # Errors
    /// Returns an error if Loki did not acknowledge a line and the reply cannot name the item that holds it. All lines
    /// that could be delivered are delivered nevertheless.
    pub async fn handle(&self, event: &[u8], deadline: Deadline) -> Result<Reply, InvocationError> {
        let started = self.metrics.as_ref().map(|metrics| metrics.clock.now());
        let mut event = aws_events::parse(event).inspect_err(|error| {
            tracing::error!("{error}");
            self.write_metrics(started, &unread(), None);
        })?;
        self.load_redact_key(&deadline)
            .await
            .inspect_err(|_| self.write_metrics(started, &unread(), None))?;
        let source = event.source;
        let s3_batch = event.s3_batch.take().filter(|_| source == Source::S3Batch);
        let read = async |intake: &Intake, progress: &mut EventProgress, sink: &mut DeliverySink| {
            intake.read(event, progress, sink).await;
        };
        let shipped = self.run(source.name(), deadline, read).await;
        self.write_metrics(started, &shipped.summary, shipped.newest);
        if let Some(reply) = s3_batch.and_then(|invocation| S3BatchReply::of(invocation, &shipped.items)) {
            return Ok(Reply::S3Batch(reply));
        }
        let shipped = shipped.delivered();
        if !self.reports_items_of(source) {
            return shipped.map(|summary| Reply::Summary(Box::new(summary)));
        }
        let failed = match &shipped {
            Ok(_) => &[],
            Err(InvocationError::NotDelivered { failed, .. }) => failed.as_slice(),
            Err(InvocationError::Event(_) | InvocationError::RedactKey(_)) => {
                return shipped.map(|summary| Reply::Summary(Box::new(summary)));
            }
        };
        match BatchItemFailures::of(source, failed) {
            Some(failures) => Ok(Reply::BatchItemFailures(failures)),
            None => shipped.map(|summary| Reply::Summary(Box::new(summary))),
        }
    }

    /// Ships the entries that `read` produces, until the deadline minus the time that is kept for reporting.
    ///
    /// # Errors
    /// Returns an error if Loki did not acknowledge a line. All lines that could be delivered are delivered nevertheless.
    pub async fn ship(
        &self,
        source: &'static str,
        deadline: Deadline,
        read: impl AsyncFnOnce(&Intake, &mut EventProgress, &mut DeliverySink),
    ) -> Result<Summary, InvocationError> {
        self.load_redact_key(&deadline).await?;
        self.run(source, deadline, read).await.delivered()
    }

    /// Ships one event as [`handle`](Self::handle) does, without a reply for AWS.
    ///
    /// # Errors
    /// Returns an error if Loki did not acknowledge a line. All lines that could be delivered are delivered nevertheless.
    pub async fn ship_event(&self, event: Event, deadline: Deadline) -> Result<Summary, InvocationError> {
        let source = event.source.name();
        let read = async |intake: &Intake, progress: &mut EventProgress, sink: &mut DeliverySink| {
            intake.read(event, progress, sink).await;
        };
        self.ship(source, deadline, read).await
    }

    /// Sends one push without entries to Loki, which makes no stream. Returns whether the server is known to be Loki by its
    /// answer.
    ///
    /// # Errors
    /// Returns an error if the server cannot be reached, or refuses the push for another reason than its lack of entries.
    pub async fn probe(&self) -> Result<bool, PushError> {
        self.client.probe().await
    }

    /// Fetches the key of `REDACT_KEY`, if a stage needs it and AWS keeps it. Returns whether that is so.
    ///
    /// # Errors
    /// Returns an error if the key cannot be fetched.
    pub async fn probe_redact_key(&self) -> Result<bool, InvocationError> {
        match &self.redact_key {
            Some(kept) => kept
                .load(&self.aws)
                .await
                .map(|()| true)
                .map_err(InvocationError::RedactKey),
            None => Ok(false),
        }
    }

    /// Returns the part of `PUSH_CONCURRENCY` that Loki allows now: 1, or less while it asks for fewer pushes.
    pub fn allowed_share(&self) -> f64 {
        let most = self.client.settings().push_concurrency.get();
        self.client.max_in_flight() as f64 / most as f64
    }

    /// Fetches the key of stages that hash, if it is kept in AWS and not known yet. Nothing is read without it: the same
    /// text must have the same hash in each delivery.
    async fn load_redact_key(&self, deadline: &Deadline) -> Result<(), InvocationError> {
        let Some(kept) = &self.redact_key else {
            return Ok(());
        };
        let margin = self.settings.deadline_margin.min(deadline.remaining() / 4);
        let limit = deadline.clone().sooner(margin);
        let loaded = tokio::select! {
            biased;
            () = limit.passed() => Err("no response before the deadline".to_owned()),
            loaded = kept.load(&self.aws) => loaded,
        };
        loaded.map_err(|reason| {
            let error = InvocationError::RedactKey(reason);
            tracing::error!("{error}");
            error
        })
    }

    /// Ships as [`ship`](Self::ship) does, and returns the items with their results.
    async fn run(
        &self,
        source: &'static str,
        deadline: Deadline,
        read: impl AsyncFnOnce(&Intake, &mut EventProgress, &mut DeliverySink),
    ) -> Shipped {
        let margin = self.settings.deadline_margin.min(deadline.remaining() / 4);
        let limit = deadline.clone().sooner(margin);
        // Entries that were read by then still have to be pushed.
        let end_of_reading = limit.clone().sooner(margin);
        let mut sink = DeliverySink::new(Delivery::new(&self.client, limit));
        let mut progress = EventProgress::default();
        tokio::select! {
            // Polled first: even when no time is left, the items must be known so that they can be reported.
            biased;
            () = read(&self.intake, &mut progress, &mut sink) => {}
            // `unconstrained`, because reading that never waits uses up tokio's cooperative budget, and a timer polled
            // after that is never ready.
            () = unconstrained(end_of_reading.passed()) => {}
        }
        // A message of a queue can be replaced by another. Other events have no such place.
        let continuations = self.continuations.as_ref();
        let continuations = continuations.filter(|_| source == Source::Sqs.name());
        progress.cut_off(continuations.is_some());
        let newest = sink.newest;
        let outcome = sink.delivery.finish().await;
        settle(&mut progress, &outcome);
        let loki_failed = outcome
            .failures
            .iter()
            .any(|failure| !failure.error.is_of_entries());
        let continued = match continuations {
            Some(continuations) => {
                let limit = deadline.remaining() / 2;
                continuations.hand_over(&mut progress, &outcome, limit).await
            }
            None => 0,
        };
        progress.close_errors();

        let summary = Summary {
            source,
            items: progress.items.len() as u64,
            skipped: progress.skipped,
            continued,
            entries: outcome.delivered,
            dropped: progress.dropped,
            labels_renamed: progress.labels_renamed,
            times_guessed: progress.times_guessed,
            tags_unread: progress.tags_unread,
            lines_cut: progress.lines_cut,
            metrics: progress.metrics,
            bytes: outcome.bytes,
            pushes: outcome.pushes,
            retries: outcome.retries,
            throttled: outcome.throttled,
            rejected: outcome.rejected.values().sum(),
            rejected_by_reason: outcome.rejected,
            too_far_behind: outcome.too_far_behind,
            failed: progress.items.iter().map(ItemProgress::failed).sum(),
            ms_left: millis_left(deadline.remaining()),
        };
        summary.log();
        Shipped {
            summary,
            items: progress.items,
            newest,
            loki_failed,
        }
    }

    /// Writes the metrics of an invocation to standard output, from which CloudWatch Logs takes them, if they are wanted.
    fn write_metrics(&self, started: Option<Timestamp>, summary: &Summary, newest: Option<Timestamp>) {
        let (Some(metrics), Some(started)) = (&self.metrics, started) else {
            return;
        };
        let figures = Figures {
            summary,
            started,
            newest,
        };
        if let Err(error) = metrics.write(&figures, io::stdout().lock()) {
            tracing::warn!("the metrics of the invocation cannot be written: {error}");
        }
    }

    fn reports_items_of(&self, source: Source) -> bool {
        self.settings.report_batch_item_failures && source.takes_batch_item_failures()
    }
}

/// The result of shipping an event.
struct Shipped {
    summary: Summary,
    items: Vec<ItemProgress>,
    /// The time of the newest entry, if there was one.
    newest: Option<Timestamp>,
    /// Whether a push failed for a reason that is not in its entries.
    loki_failed: bool,
}

impl Shipped {
    /// Returns the summary, unless one of the items was not delivered.
    fn delivered(self) -> Result<Summary, InvocationError> {
        let mut failed = self.items;
        failed.retain(|item| item.error().is_some());
        if failed.is_empty() {
            return Ok(self.summary);
        }
        Err(InvocationError::NotDelivered {
            failed,
            loki_failed: self.loki_failed,
            summary: Box::new(self.summary),
        })
    }
}

/// Returns the figures of an event that cannot be read.
fn unread() -> Summary {
    Summary {
        source: "unknown",
        failed: 1,
        ..Summary::default()
    }
}

/// Returns the milliseconds that are left of an invocation, or `None` of what has more time than one can have: the command
/// line has no deadline.
fn millis_left(remaining: Duration) -> Option<u64> {
    (remaining <= LONGEST_TIMEOUT).then_some(remaining.as_millis() as u64)
}

/// Marks the items as failed whose entries were in a push that failed.
fn settle(progress: &mut EventProgress, outcome: &DeliveryOutcome) {
    let mut failures = outcome.failures.iter().map(|failure| &failure.error);
    // Entries are held back after any failure of their stream.
    let only_time_lacked =
        failures.all(|error| matches!(error, PushError::Deadline { .. } | PushError::HeldBack { .. }));
    for failure in &outcome.failures {
        for (item, entries) in &failure.items {
            if !failure.error.is_of_entries() {
                progress.items[item.0 as usize].set_retry_may_help();
            }
            match &failure.error {
                PushError::Deadline { .. } => progress.run_out_of_time(*item, *entries, &failure.error),
                PushError::HeldBack { .. } if only_time_lacked => {
                    progress.run_out_of_time(*item, *entries, &failure.error);
                }
                error => progress.fail_lines(*item, *entries, error),
            }
        }
    }
}
