//! One invocation.

use std::sync::Arc;
use std::time::Duration;

use aws_events::{EventError, Source};
use loki_client::{
    Client, Deadline, Delivery, DeliveryOutcome, HttpTransport, HttpTransportError, Transport,
};
use serde::Serialize;
use tokio::task::coop::unconstrained;

use crate::logging::Escaped;
use crate::{BatchItemFailures, Intake, Item, Reading, S3BatchReply, Settings, Summary};

/// The function, put together once and used for every event.
#[derive(Debug)]
pub struct Function<T> {
    intake: Intake,
    client: Arc<Client<T>>,
    settings: InvocationSettings,
}

/// How an invocation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvocationSettings {
    /// Time kept before the deadline for reporting; never more than a quarter of the time there is.
    pub deadline_margin: Duration,
    /// Whether the answer to SQS and Kinesis names the items that failed, in place of an error.
    pub report_batch_item_failures: bool,
}

/// What AWS is told when the invocation did not fail as a whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Reply {
    /// Everything was delivered.
    Summary(Box<Summary>),
    /// These items were not, and all others were.
    BatchItemFailures(BatchItemFailures),
    /// What became of each task of S3 Batch Operations.
    S3Batch(S3BatchReply),
}

/// Why AWS is told that an invocation failed, so that it delivers the event again.
#[derive(Debug, thiserror::Error)]
pub enum InvocationError {
    /// The event cannot be read.
    #[error("{}", Escaped(&.0.to_string()))]
    Event(#[from] EventError),
    /// Something in it was not delivered.
    #[error("{} of {} items not delivered: {}", .failed.len(), .summary.items, reasons(.failed))]
    NotDelivered {
        /// The items that failed.
        failed: Vec<Item>,
        /// What was done all the same.
        summary: Box<Summary>,
    },
}

/// How many failed items an error names.
const NAMED_ITEMS: usize = 10;

fn reasons(failed: &[Item]) -> String {
    let named = failed.iter().take(NAMED_ITEMS);
    let mut reasons: Vec<String> = named.filter_map(Item::reason).collect();
    if failed.len() > NAMED_ITEMS {
        reasons.push(format!("and {} more", failed.len() - NAMED_ITEMS));
    }
    Escaped(&reasons.join("; ")).to_string()
}

impl InvocationError {
    /// The error's type, as AWS shows and counts it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Event(_) => "InvalidEvent",
            Self::NotDelivered { .. } => "NotDelivered",
        }
    }
}

impl Function<HttpTransport> {
    /// A function that pushes over HTTP.
    ///
    /// # Errors
    /// When HTTP cannot be set up.
    pub fn new(settings: Settings) -> Result<Self, HttpTransportError> {
        let transport = HttpTransport::new(&settings.client)?;
        Ok(Self::with_transport(settings, transport))
    }
}

impl<T: Transport> Function<T> {
    /// A function that pushes through a transport of the caller's choice.
    pub fn with_transport(settings: Settings, transport: T) -> Self {
        Self {
            intake: Intake::with_access(settings.intake, settings.pipeline, settings.aws),
            client: Arc::new(Client::new(settings.client, transport)),
            settings: settings.invocation,
        }
    }

    /// Notes the ARN that the function is invoked with. Without one, other accounts' log groups of the name of its own
    /// are taken for its own.
    pub fn set_invoked(&self, arn: &str) {
        self.intake.set_invoked(arn);
    }

    /// Ships one event, and says in AWS's terms what became of it.
    ///
    /// # Errors
    /// When a line of it is not acknowledged by Loki and AWS cannot be told which item that was in. What
    /// could be delivered is.
    pub async fn handle(&self, event: &[u8], deadline: Deadline) -> Result<Reply, InvocationError> {
        let mut event = aws_events::parse(event).inspect_err(|error| tracing::error!("{error}"))?;
        let source = event.source;
        let s3_batch = event.s3_batch.take().filter(|_| source == Source::S3Batch);
        let read = async |intake: &Intake, reading: &mut Reading, delivery: &mut Delivery<T>| {
            intake.read(event, reading, delivery).await;
        };
        let (summary, items) = self.run(source.name(), deadline, read).await;
        if let Some(reply) = s3_batch.and_then(|invocation| S3BatchReply::of(invocation, &items)) {
            return Ok(Reply::S3Batch(reply));
        }
        let shipped = delivered(summary, items);
        if !self.reports_items_of(source) {
            return shipped.map(|summary| Reply::Summary(Box::new(summary)));
        }
        let failed = match &shipped {
            Ok(_) => &[],
            Err(InvocationError::NotDelivered { failed, .. }) => failed.as_slice(),
            Err(InvocationError::Event(_)) => {
                return shipped.map(|summary| Reply::Summary(Box::new(summary)));
            }
        };
        match BatchItemFailures::of(source, failed) {
            Some(failures) => Ok(Reply::BatchItemFailures(failures)),
            None => shipped.map(|summary| Reply::Summary(Box::new(summary))),
        }
    }

    /// Ships whatever `read` reads, until the deadline, less the time that is kept for reporting.
    ///
    /// # Errors
    /// When a line of it is not acknowledged by Loki. What could be delivered is.
    pub async fn ship(
        &self,
        source: &'static str,
        deadline: Deadline,
        read: impl AsyncFnOnce(&Intake, &mut Reading, &mut Delivery<T>),
    ) -> Result<Summary, InvocationError> {
        let (summary, items) = self.run(source, deadline, read).await;
        delivered(summary, items)
    }

    /// As [`ship`](Self::ship), and returns every item with what became of it.
    async fn run(
        &self,
        source: &'static str,
        deadline: Deadline,
        read: impl AsyncFnOnce(&Intake, &mut Reading, &mut Delivery<T>),
    ) -> (Summary, Vec<Item>) {
        let margin = self.settings.deadline_margin.min(deadline.remaining() / 4);
        let limit = deadline.clone().sooner(margin);
        // What was read by then still has to be pushed.
        let end_of_reading = limit.clone().sooner(margin);
        let mut delivery = Delivery::new(&self.client, limit);
        let mut reading = Reading::default();
        tokio::select! {
            // Even without any time the items must be known, to be reported.
            biased;
            () = read(&self.intake, &mut reading, &mut delivery) => {}
            // Reading that never waits spends tokio's budget, and a timer polled after that says "not yet".
            () = unconstrained(end_of_reading.passed()) => {}
        }
        reading.cut_off();
        let outcome = delivery.finish().await;
        reading.settle(&outcome);
        reading.close_errors();

        let summary = Summary {
            source,
            items: reading.items.len() as u64,
            skipped: reading.skipped,
            entries: outcome.delivered,
            dropped: reading.dropped,
            labels_renamed: reading.labels_renamed,
            times_guessed: reading.times_guessed,
            metrics: reading.metrics,
            bytes: outcome.bytes,
            pushes: outcome.pushes,
            retries: outcome.retries,
            rejected: outcome.rejected.values().sum(),
            rejected_by_reason: outcome.rejected,
            too_far_behind: outcome.too_far_behind,
            failed: reading.items.iter().map(Item::failed).sum(),
            ms_left: deadline.remaining().as_millis() as u64,
        };
        summary.log();
        (summary, reading.items)
    }

    fn reports_items_of(&self, source: Source) -> bool {
        self.settings.report_batch_item_failures && source.takes_batch_item_failures()
    }
}

/// Returns the summary, unless one of the items was not delivered.
fn delivered(summary: Summary, items: Vec<Item>) -> Result<Summary, InvocationError> {
    let mut failed = items;
    failed.retain(|item| item.error().is_some());
    if failed.is_empty() {
        return Ok(summary);
    }
    Err(InvocationError::NotDelivered {
        failed,
        summary: Box::new(summary),
    })
}

impl Reading {
    /// Fails the items whose entries were in a push that failed.
    fn settle(&mut self, outcome: &DeliveryOutcome) {
        for failure in &outcome.failures {
            for (item, entries) in &failure.items {
                if !failure.error.is_of_entries() {
                    self.items[item.0 as usize].set_retry_may_help();
                }
                self.fail_lines(*item, *entries, &failure.error);
            }
        }
    }
}
