//! Runs of a pipeline over the entries of one event or object.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use loki_push::{Entry, ItemId, LabelSet};

use crate::pipeline::check_deliverable;
use crate::stages::{NoObserver, Observer, PipelineEntry, Sink, StageRun};
use crate::{DropReason, Entries, ExplainedStep, LineLimit, Pipeline};

/// The number of label sets from stages that are kept to be shared by later entries.
const MAX_SHARED_LABEL_SETS: usize = 1024;

/// A run of a pipeline over the entries of one event or object, with what stages remember from one entry to the next.
///
/// An entry may lead to no entry, one or several: stages drop entries, hold them back for the lines that belong to
/// them, and release them. An entry leaves with the item that it came from, and a merged one with that of its first
/// line.
#[derive(Debug)]
pub struct Run<'p> {
    pipeline: &'p Pipeline,
    stages: StageRun<'p>,
    state: RunState,
}

/// The decision of [`Run::fast_path`] about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FastPath {
    /// The entry is kept unchanged.
    Kept,
    /// The entry is dropped.
    Dropped,
    /// The pipeline has stages, or the line is too long, so that the entry must be [processed](Run::process).
    NeedsProcessing,
}

/// The counts of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunCounts {
    /// The number of dropped entries by reason.
    pub dropped: BTreeMap<DropReason, u64>,
    /// The number of lines that were cut because they are longer than the limit.
    pub lines_cut: u64,
    /// The values of the `metrics` stages.
    pub metrics: BTreeMap<String, f64>,
}

/// The results of a run so far.
#[derive(Debug, Default)]
struct RunState {
    line_limit: LineLimit,
    lines_cut: u64,
    dropped: BTreeMap<DropReason, u64>,
    /// The label sets of earlier entries, which later entries of the same stream share.
    streams: HashSet<Arc<LabelSet>>,
}

impl<'p> Run<'p> {
    /// Starts a run.
    pub(crate) fn new(pipeline: &'p Pipeline) -> Self {
        Self {
            stages: StageRun::new(&pipeline.stages),
            pipeline,
            state: RunState {
                line_limit: pipeline.line_limit,
                ..RunState::default()
            },
        }
    }

    /// Returns the run with a limit on the bytes of lines that each stage holds back. `multiline` and `cri` end their
    /// blocks before a further line would exceed it.
    #[must_use]
    pub fn holding_at_most(mut self, bytes: usize) -> Self {
        self.stages.max_held = bytes;
        self
    }

    /// Decides about an entry without moving it, which costs less than [`process`](Self::process). Counts it if it is
    /// dropped.
    #[inline]
    pub fn fast_path(&mut self, entry: &Entry<'_>) -> FastPath {
        if !self.pipeline.stages.is_empty() || !self.state.line_limit.allows(&entry.line) {
            return FastPath::NeedsProcessing;
        }
        match check_deliverable(entry) {
            Ok(()) => FastPath::Kept,
            Err(reason) => {
                self.state.count(reason, 1);
                FastPath::Dropped
            }
        }
    }

    /// Processes an entry, and returns the entries that result from it and from earlier ones. Its labels must be
    /// those of [`stream_labels`](Pipeline::stream_labels).
    pub fn process<'a>(&mut self, entry: Entry<'a>, item: ItemId) -> Entries<'a> {
        self.run_stages(entry, item, &mut NoObserver)
    }

    /// Processes an entry as [`process`](Self::process) does, and passes each entry on when it leaves the stages. This saves
    /// moving it.
    pub fn process_each<'a>(
        &mut self,
        entry: Entry<'a>,
        item: ItemId,
        deliver: &mut dyn FnMut(Entry<'a>, ItemId),
    ) {
        self.run_stages_each(entry, item, &mut NoObserver, deliver);
    }

    /// Ends the run, and returns the entries that stages held back.
    pub fn finish(&mut self) -> Entries<'static> {
        self.finish_observed(&mut NoObserver)
    }

    /// Processes an entry as [`process`](Self::process) does, and appends what each stage did to `steps`.
    pub fn explain<'a>(
        &mut self,
        entry: Entry<'a>,
        item: ItemId,
        steps: &mut Vec<ExplainedStep>,
    ) -> Entries<'a> {
        self.run_stages(entry, item, steps)
    }

    /// Ends the run as [`finish`](Self::finish) does, and appends what each stage did to `steps`.
    pub fn explain_finish(&mut self, steps: &mut Vec<ExplainedStep>) -> Entries<'static> {
        self.finish_observed(steps)
    }

    /// Returns how long `limit` stages ask the caller to wait before the next entry, and resets it. Stages cannot
    /// delay entries themselves: without the wait, all are delivered at once.
    pub fn take_pause(&mut self) -> Option<Duration> {
        let pause = std::mem::take(&mut self.stages.pause);
        (!pause.is_zero()).then_some(pause)
    }

    /// Returns whether [`take_pause`](Self::take_pause) would return a pause.
    #[inline]
    pub fn asks_for_a_pause(&self) -> bool {
        !self.stages.pause.is_zero()
    }

    /// Counts entries that the caller dropped itself, such as those of a stream that a rule drops.
    pub fn count_dropped(&mut self, reason: DropReason, entries: u64) {
        self.state.count(reason, entries);
    }

    /// Ends the run and returns its counts.
    pub fn into_counts(self) -> RunCounts {
        RunCounts {
            dropped: self.state.dropped,
            lines_cut: self.state.lines_cut,
            metrics: self.stages.metrics,
        }
    }

    /// Passes an entry through the stages, and returns the entries that leave them.
    fn run_stages<'a>(
        &mut self,
        entry: Entry<'a>,
        item: ItemId,
        observer: &mut impl Observer,
    ) -> Entries<'a> {
        let mut entries = Entries::new();
        self.run_stages_each(entry, item, observer, &mut |entry, item| {
            entries.push(entry, item)
        });
        entries
    }

    /// Passes an entry through the stages.
    fn run_stages_each<'a>(
        &mut self,
        entry: Entry<'a>,
        item: ItemId,
        observer: &mut impl Observer,
        deliver: &mut dyn FnMut(Entry<'a>, ItemId),
    ) {
        let mut out = Collector {
            state: &mut self.state,
            deliver,
        };
        self.stages
            .process(PipelineEntry::new(entry, item), &mut out, observer);
    }

    /// Releases the entries that stages hold back.
    fn finish_observed(&mut self, observer: &mut impl Observer) -> Entries<'static> {
        let mut entries = Entries::new();
        let mut out = Collector {
            state: &mut self.state,
            deliver: &mut |entry, item| entries.push(entry, item),
        };
        self.stages.finish(&mut out, observer);
        entries
    }
}

impl RunState {
    /// Passes an entry on, unless it cannot be sent. A line that is too long is cut.
    fn deliver<'a>(
        &mut self,
        mut entry: Entry<'a>,
        item: ItemId,
        deliver: &mut dyn FnMut(Entry<'a>, ItemId),
    ) {
        if !self.line_limit.allows(&entry.line) {
            entry.line = self.line_limit.cut(entry.line);
            self.lines_cut += 1;
        }
        match check_deliverable(&entry) {
            Ok(()) => deliver(entry, item),
            Err(reason) => self.count(reason, 1),
        }
    }

    /// Counts dropped entries.
    fn count(&mut self, reason: DropReason, entries: u64) {
        if entries > 0 {
            *self.dropped.entry(reason).or_default() += entries;
        }
    }

    /// Returns the label set of earlier entries with the same labels, so that entries of a stream share one.
    fn shared_labels(&mut self, labels: Arc<LabelSet>) -> Arc<LabelSet> {
        if let Some(known) = self.streams.get(&labels) {
            return Arc::clone(known);
        }
        if self.streams.len() >= MAX_SHARED_LABEL_SETS {
            self.streams.clear();
        }
        self.streams.insert(Arc::clone(&labels));
        labels
    }
}

/// A receiver of the entries that leave the stages.
struct Collector<'r, 'a> {
    state: &'r mut RunState,
    deliver: &'r mut dyn FnMut(Entry<'a>, ItemId),
}

impl<'a> Sink<'a> for Collector<'_, 'a> {
    fn accept(&mut self, entry: PipelineEntry<'a>) {
        // The entries of a stream share their labels before the stages.
        let labels = if entry.extracted.are_initial_labels(&entry.labels) {
            entry.labels
        } else {
            self.state.shared_labels(entry.labels)
        };
        let item = entry.item;
        let entry = Entry {
            labels,
            timestamp: entry.timestamp,
            line: entry.line,
            metadata: entry.metadata,
        };
        self.state.deliver(entry, item, self.deliver);
    }

    fn dropped(&mut self, reason: &Arc<str>) {
        self.state.count(DropReason::Stage(Arc::clone(reason)), 1);
    }

    fn empty(&mut self) {
        self.state.count(DropReason::EmptyLine, 1);
    }
}
