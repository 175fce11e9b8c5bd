//! The way of one item's entries.

use std::fmt;
use std::sync::Arc;

use log_pipeline::{DropReason, RelabelCounts, Run};
use loki_push::{Entry, ItemId, LabelSet};
use tokio::time;

use super::{EntrySink, Intake, ReadError, Reading};

/// Reads one item. The other files here add a method for each kind.
pub(super) struct ItemIntake<'a, S> {
    pub(super) intake: &'a Intake,
    pub(super) reading: &'a mut Reading,
    item: ItemId,
    sink: &'a mut S,
    run: Run<'a, ItemId>,
    /// Entries taken in since the deadline could last be seen.
    since_yield: u32,
}

/// Entries after which the task yields, so that the deadline is seen: a few milliseconds at most.
const YIELD_AFTER: u32 = 4_096;

impl<'a, S: EntrySink> ItemIntake<'a, S> {
    pub(super) fn new(intake: &'a Intake, item: ItemId, reading: &'a mut Reading, sink: &'a mut S) -> Self {
        Self {
            intake,
            reading,
            item,
            sink,
            run: intake.pipeline.run().holding_at_most(intake.settings.bounds.line),
            since_yield: 0,
        }
    }

    /// Hands an entry on, unless the pipeline drops it. Does not wait, so that what is done for each line is no
    /// future: where more may come, [`must_wait`](Self::must_wait) is to be asked.
    #[inline]
    pub(super) fn take_in(&mut self, entry: Entry<'_>) {
        self.since_yield += 1;
        match self.run.passes(&entry) {
            Some(true) => self.deliver(&entry, self.item),
            Some(false) => {}
            None => {
                for (entry, item) in self.run.process(entry, self.item) {
                    self.deliver(&entry, item);
                }
            }
        }
    }

    /// Whether to [`wait`](Self::wait) before the next entry.
    #[inline]
    pub(super) fn must_wait(&self) -> bool {
        self.sink.is_full() || self.run.asks_for_a_pause() || self.since_yield >= YIELD_AFTER
    }

    /// Waits until there is room for more, and as long as stages ask for.
    pub(super) async fn wait(&mut self) {
        self.since_yield = 0;
        self.sink.make_room().await;
        tokio::task::yield_now().await;
        if let Some(pause) = self.run.take_pause() {
            time::sleep(pause).await;
        }
    }

    /// Notes how reading ended, hands on what the pipeline still holds back, and counts what it dropped. Nothing comes
    /// after it.
    ///
    /// After an error, what is held back is dropped: of lines that belong together the rest is missing. The item has
    /// failed, so all of them come again, and what was sent of them now would stay beside them.
    pub(super) async fn finish(mut self, read: Result<(), ReadError>) {
        match read {
            Ok(()) => {
                for (entry, item) in self.run.finish() {
                    self.deliver(&entry, item);
                }
            }
            Err(error) => {
                if error.retry_may_help() {
                    self.reading.items[self.item.0 as usize].set_retry_may_help();
                }
                self.fail(error.cause(), error);
            }
        }
        self.sink.make_room().await;
        let counts = self.run.into_counts();
        for (reason, count) in counts.dropped {
            match reason {
                DropReason::NoLabels => self.reading.dropped.no_labels += count,
                DropReason::EmptyLine => self.reading.dropped.empty_line += count,
                DropReason::Relabelled => self.reading.dropped.relabelled += count,
                DropReason::Stage(stage) => {
                    *self
                        .reading
                        .dropped
                        .by_stage
                        .entry(stage.to_string())
                        .or_default() += count;
                }
            }
        }
        for (name, value) in counts.metrics {
            *self.reading.metrics.entry(name).or_default() += value;
        }
    }

    #[inline]
    fn deliver(&mut self, entry: &Entry<'_>, item: ItemId) {
        if self.intake.settings.print_log_line {
            tracing::info!(stream = %entry.labels, "{}", entry.line);
        }
        self.sink.accept(entry, item);
    }

    /// The labels of a stream, or none if the rules drop its entries.
    pub(super) fn stream_labels(&mut self, source: LabelSet) -> Option<Arc<LabelSet>> {
        let mut counts = RelabelCounts::default();
        let labels = self.intake.pipeline.stream_labels(source, &mut counts);
        self.reading.labels_renamed += counts.renamed + counts.given_up;
        labels
    }

    /// Counts entries of streams that the rules drop.
    pub(super) fn drop_relabelled(&mut self, entries: u64) {
        self.run.count_dropped(DropReason::Relabelled, entries);
    }

    /// Gives the item a better name than its event knows.
    pub(super) fn rename(&mut self, name: String) {
        self.reading.items[self.item.0 as usize].rename(name);
    }

    /// Notes that a line, or all that is left of the item, could not be read.
    pub(super) fn fail(&mut self, cause: &'static str, error: impl fmt::Display) {
        self.reading.fail(self.item, cause, error);
    }

    /// Notes that the item has nothing to ship.
    pub(super) fn skip(&mut self) {
        self.reading.skipped += 1;
    }
}
