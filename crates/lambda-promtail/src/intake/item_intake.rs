//! The way of one item's entries.

use std::fmt;

use log_pipeline::DropReason;
use loki_push::{Entry, ItemId};

use super::{EntrySink, Intake, Reading};

/// Reads one item. The other files here add a method for each kind.
pub(super) struct ItemIntake<'a, S> {
    pub(super) intake: &'a Intake,
    pub(super) reading: &'a mut Reading,
    item: ItemId,
    sink: &'a mut S,
}

impl<'a, S: EntrySink> ItemIntake<'a, S> {
    pub(super) fn new(intake: &'a Intake, item: ItemId, reading: &'a mut Reading, sink: &'a mut S) -> Self {
        Self {
            intake,
            reading,
            item,
            sink,
        }
    }

    /// Hands an entry on, unless the pipeline drops it.
    pub(super) async fn hand_on(&mut self, entry: Entry<'_>) {
        match self.intake.pipeline.process(entry) {
            Ok(entry) => {
                if self.intake.settings.print_log_line {
                    tracing::info!(stream = %entry.labels, "{}", entry.line);
                }
                self.sink.accept(&entry, self.item).await;
            }
            Err(DropReason::NoLabels) => self.reading.dropped.no_labels += 1,
            Err(DropReason::EmptyLine) => self.reading.dropped.empty_line += 1,
        }
    }

    /// Gives the item a better name than its event knows.
    pub(super) fn rename(&mut self, name: String) {
        self.reading.items[self.item.0 as usize].rename(name);
    }

    /// Notes that a line, or all that is left of the item, could not be read.
    pub(super) fn fail(&mut self, error: impl fmt::Display) {
        self.reading.fail(self.item, error);
    }

    /// Notes that the item has nothing to ship.
    pub(super) fn skip(&mut self) {
        self.reading.skipped += 1;
    }
}
