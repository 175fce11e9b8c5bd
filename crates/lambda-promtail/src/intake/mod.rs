//! Events in, entries out.

mod cloudwatch;
mod item;

use std::fmt;
use std::future::Future;
use std::sync::atomic::AtomicBool;

use aws_events::Event;
use log_pipeline::{DropReason, Pipeline};
use loki_client::{Delivery, Transport};
use loki_push::{Entry, ItemId};

use crate::Dropped;

pub use item::Item;

/// Where entries go.
pub trait EntrySink {
    /// Takes an entry that `item` brought.
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) -> impl Future<Output = ()> + Send;
}

impl<T: Transport> EntrySink for Delivery<'_, T> {
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) -> impl Future<Output = ()> + Send {
        self.add(entry, item)
    }
}

/// What is read from an event, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntakeSettings {
    /// Whether the CloudWatch log stream becomes a label.
    pub keep_stream: bool,
    /// The function's own log group: shipping it would feed the function its own log for ever.
    pub own_log_group: Option<String>,
    /// Whether every line is logged too.
    pub print_log_line: bool,
}

/// Reads events, and hands their entries on through the pipeline.
#[derive(Debug)]
pub struct Intake {
    settings: IntakeSettings,
    pipeline: Pipeline,
    warned_of_own_log_group: AtomicBool,
}

/// What was read from one event.
#[derive(Debug, Default)]
pub struct Reading {
    /// The event's items, each under its [`ItemId`].
    pub items: Vec<Item>,
    /// The lines that went no further.
    pub dropped: Dropped,
}

impl Intake {
    /// An intake for the life of a function.
    pub fn new(settings: IntakeSettings, pipeline: Pipeline) -> Self {
        Self {
            settings,
            pipeline,
            warned_of_own_log_group: AtomicBool::new(false),
        }
    }

    /// Reads the event into `sink`. What cannot be read fails its item; the others go on.
    pub async fn read(&self, event: Event, sink: &mut impl EntrySink) -> Reading {
        let mut reading = Reading::default();
        match event {
            Event::CloudWatchLogs { data } => {
                let item = reading.add(Item::new("CloudWatch Logs subscription data"));
                if let Err(error) = self.read_subscription_data(&data, item, &mut reading, sink).await {
                    reading.fail(item, error);
                }
            }
        }
        reading
    }

    /// Hands one entry on, unless the pipeline drops it.
    async fn hand_on(
        &self,
        entry: Entry<'_>,
        item: ItemId,
        dropped: &mut Dropped,
        sink: &mut impl EntrySink,
    ) {
        match self.pipeline.process(entry) {
            Ok(entry) => {
                if self.settings.print_log_line {
                    tracing::info!(stream = %entry.labels, "{}", entry.line);
                }
                sink.accept(&entry, item).await;
            }
            Err(DropReason::NoLabels) => dropped.no_labels += 1,
            Err(DropReason::EmptyLine) => dropped.empty_line += 1,
        }
    }
}

impl Reading {
    fn add(&mut self, item: Item) -> ItemId {
        // An event has at most 6 MB, so its items can be counted in 32 bits.
        let id = ItemId(self.items.len() as u32);
        self.items.push(item);
        id
    }

    /// Notes that a line, or all that an item holds, could not be read.
    fn fail(&mut self, item: ItemId, error: impl fmt::Display) {
        let item = &mut self.items[item.0 as usize];
        tracing::error!(item = item.name(), "{error}");
        item.fail(1, error);
    }
}
