//! One invocation.

use aws_events::EventError;
use loki_client::{Client, Delivery, HttpTransport, HttpTransportError, Outcome, Transport};
use tokio::time::Instant;

use crate::{Intake, Item, Reading, Settings, Summary};

/// The function, put together once and used for every event.
#[derive(Debug)]
pub struct Function<T> {
    intake: Intake,
    client: Client<T>,
}

/// Why AWS is told that an invocation failed, so that it delivers the event again.
#[derive(Debug, thiserror::Error)]
pub enum InvocationError {
    /// The event cannot be read.
    #[error(transparent)]
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
    reasons.join("; ")
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
            intake: Intake::from_environment(settings.intake, settings.pipeline),
            client: Client::new(settings.client, transport),
        }
    }

    /// Ships one event.
    ///
    /// # Errors
    /// When a line of it is not acknowledged by Loki. What could be delivered is.
    pub async fn handle(&self, event: &[u8], deadline: Instant) -> Result<Summary, InvocationError> {
        let event = aws_events::parse(event).inspect_err(|error| tracing::error!("{error}"))?;
        let source = event.source.name();
        let read = async |intake: &Intake, delivery: &mut Delivery<'_, T>| intake.read(event, delivery).await;
        self.ship(source, deadline, read).await
    }

    /// Ships whatever `read` reads.
    ///
    /// # Errors
    /// When a line of it is not acknowledged by Loki. What could be delivered is.
    pub async fn ship(
        &self,
        source: &'static str,
        deadline: Instant,
        read: impl AsyncFnOnce(&Intake, &mut Delivery<'_, T>) -> Reading,
    ) -> Result<Summary, InvocationError> {
        let mut delivery = Delivery::new(&self.client);
        let mut reading = read(&self.intake, &mut delivery).await;
        let outcome = delivery.finish().await;
        reading.settle(&outcome);

        let summary = Summary {
            source,
            items: reading.items.len() as u64,
            skipped: reading.skipped,
            entries: outcome.delivered,
            dropped: reading.dropped,
            bytes: outcome.bytes,
            pushes: outcome.pushes,
            retries: outcome.retries,
            rejected: outcome.rejected(),
            failed: reading.items.iter().map(Item::failed).sum(),
            ms_left: deadline.saturating_duration_since(Instant::now()).as_millis() as u64,
        };
        summary.log();
        let mut failed = reading.items;
        failed.retain(|item| item.error().is_some());
        if failed.is_empty() {
            return Ok(summary);
        }
        Err(InvocationError::NotDelivered {
            failed,
            summary: Box::new(summary),
        })
    }
}

impl Reading {
    /// Fails the items whose entries were in a push that failed.
    fn settle(&mut self, outcome: &Outcome) {
        for failure in &outcome.failures {
            for (item, entries) in &failure.items {
                self.items[item.0 as usize].fail(*entries, &failure.error);
            }
        }
    }
}
