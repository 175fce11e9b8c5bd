//! The processing of one item's entries.

use std::fmt;
use std::sync::Arc;

use aws_events::Continuation;
use log_pipeline::{DropReason, FastPath, RelabelCounts, Run};
use loki_push::{Entry, ItemId, LabelSet};
use tokio::time;

use crate::item_metadata::ItemMetadata;
use crate::{EntrySink, EventProgress, Intake, ReadError};

/// A reader of one item. The other files of this crate add a method for each kind of item.
pub(crate) struct ItemIntake<'a, O, S> {
    pub(crate) intake: &'a Intake<O>,
    pub(crate) progress: &'a mut EventProgress,
    pub(crate) metadata: ItemMetadata<'a>,
    item: ItemId,
    output: ItemOutput<'a, S>,
    run: Run<'a>,
    /// The number of entries since the task last yielded.
    since_yield: u32,
}

/// The way of an item's entries out of the pipeline.
struct ItemOutput<'a, S> {
    sink: &'a mut S,
    /// The number of next entries that are not delivered, since an earlier invocation has delivered them.
    left_out: u64,
    print_log_line: bool,
}

/// The number of entries after which the task yields, so that the deadline's timer is polled: a few milliseconds at
/// most.
const YIELD_AFTER: u32 = 4_096;

impl<'a, O, S: EntrySink> ItemIntake<'a, O, S> {
    pub(crate) fn new(
        intake: &'a Intake<O>,
        item: ItemId,
        progress: &'a mut EventProgress,
        sink: &'a mut S,
    ) -> Self {
        Self {
            intake,
            progress,
            metadata: ItemMetadata::new(&intake.settings.structured_metadata),
            item,
            output: ItemOutput {
                sink,
                left_out: 0,
                print_log_line: intake.settings.print_log_line,
            },
            run: intake.pipeline.run().holding_at_most(intake.settings.bounds.line),
            since_yield: 0,
        }
    }

    /// Runs an entry through the pipeline, and gives the results to the sink. Not async, to keep futures out of the
    /// work per line; callers must check [`must_wait`](Self::must_wait) before the next entry.
    #[inline]
    pub(crate) fn take_in(&mut self, mut entry: Entry<'_>) {
        self.since_yield += 1;
        match self.run.fast_path(&entry) {
            FastPath::Kept if self.metadata.is_empty() => self.output.deliver(&entry, self.item),
            FastPath::Kept => {
                entry.metadata = self.metadata.lend();
                self.output.deliver(&entry, self.item);
                self.metadata.take_back(entry.metadata);
            }
            FastPath::Dropped => {}
            FastPath::NeedsProcessing => {
                entry.metadata = self.metadata.to_vec();
                let output = &mut self.output;
                self.run
                    .process_each(entry, self.item, &mut |entry, item| output.deliver(&entry, item));
            }
        }
    }

    /// Returns whether to [`wait`](Self::wait) before the next entry.
    #[inline]
    pub(crate) fn must_wait(&self) -> bool {
        self.output.sink.is_full() || self.run.asks_for_a_pause() || self.since_yield >= YIELD_AFTER
    }

    /// Waits until the sink has room, and as long as a stage asks for.
    pub(crate) async fn wait(&mut self) {
        self.since_yield = 0;
        self.output.sink.make_room().await;
        tokio::task::yield_now().await;
        if let Some(pause) = self.run.take_pause() {
            time::sleep(pause).await;
        }
    }

    /// Ends the item: records the result of reading, delivers the entries that the pipeline still holds back, and adds
    /// the pipeline's counts.
    ///
    /// After an error the entries that are held back are dropped: they wait for lines that were not read. The item has
    /// failed, so it is delivered again, and a half block that was sent now would stay in Loki beside the whole one.
    pub(crate) async fn finish(mut self, read: Result<(), ReadError>) {
        match read {
            Ok(()) => {
                for (entry, item) in self.run.finish() {
                    self.output.deliver(&entry, item);
                }
            }
            Err(error) => {
                if error.retry_may_help() {
                    self.progress.items[self.item.0 as usize].set_retry_may_help();
                }
                self.fail(error.cause(), error);
            }
        }
        self.output.sink.make_room().await;
        let counts = self.run.into_counts();
        self.progress.lines_cut += counts.lines_cut;
        for (reason, count) in counts.dropped {
            match reason {
                DropReason::NoLabels => self.progress.dropped.no_labels += count,
                DropReason::EmptyLine => self.progress.dropped.empty_line += count,
                DropReason::Relabelled => self.progress.dropped.relabelled += count,
                DropReason::Stage(stage) => {
                    *self
                        .progress
                        .dropped
                        .by_stage
                        .entry(stage.to_string())
                        .or_default() += count;
                }
            }
        }
        for (name, value) in counts.metrics {
            *self.progress.metrics.entry(name).or_default() += value;
        }
    }

    /// Returns the label set of a stream, or `None` if the relabelling rules drop the stream.
    pub(crate) fn stream_labels(&mut self, source: LabelSet) -> Option<Arc<LabelSet>> {
        let mut counts = RelabelCounts::default();
        let labels = self.intake.pipeline.stream_labels(source, &mut counts);
        self.progress.labels_renamed += counts.renamed + counts.given_up;
        labels
    }

    /// Counts entries of streams that the relabelling rules drop.
    pub(crate) fn drop_relabelled(&mut self, entries: u64) {
        self.run.count_dropped(DropReason::Relabelled, entries);
    }

    /// Leaves out the next entries of the item, which an earlier invocation has delivered.
    pub(crate) fn leave_out(&mut self, entries: u64) {
        self.output.left_out = entries;
    }

    /// Stores what is needed to hand the rest of the item over to a later invocation.
    pub(crate) fn set_rest(&mut self, rest: Continuation) {
        self.progress.items[self.item.0 as usize].set_rest(rest);
    }

    /// Sets a better name for the item than the event has.
    pub(crate) fn rename(&mut self, name: String) {
        self.progress.items[self.item.0 as usize].rename(name);
    }

    /// Logs and counts that a line, or the rest of the item, could not be read.
    pub(crate) fn fail(&mut self, cause: &'static str, error: impl fmt::Display) {
        self.progress.fail(self.item, cause, error);
    }

    /// Counts the item as one that has nothing to ship.
    pub(crate) fn skip(&mut self) {
        self.progress.skipped += 1;
    }
}

impl<S: EntrySink> ItemOutput<'_, S> {
    #[inline]
    fn deliver(&mut self, entry: &Entry<'_>, item: ItemId) {
        if self.left_out > 0 {
            self.left_out -= 1;
            return;
        }
        if self.print_log_line {
            tracing::info!(stream = %entry.labels, "{}", entry.line);
        }
        self.sink.accept(entry, item);
    }
}
