//! A pipeline at work on the entries of one event or object.

use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use loki_push::{Entry, LabelSet};

use crate::pipeline::check;
use crate::stages::{NoObserver, Observer, PipelineEntry, Sink, StageRun, TaggedEntry};
use crate::{DropReason, Entries, ExplainedStep, Pipeline};

/// How many label sets that stages made are kept for the entries to come.
const MAX_SHARED_LABEL_SETS: usize = 1024;

/// A pipeline at work on the entries of one event or object: what stages have to remember is remembered here.
///
/// An entry may lead to none, one or more: stages drop entries, make them wait for what belongs to them, and let
/// go of those that waited. What comes out has the tag of the entry that it was; a merged one, of its first.
#[derive(Debug)]
pub struct Run<'p, T> {
    pipeline: &'p Pipeline,
    stages: StageRun<'p, T>,
    done: Done,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunCounts {
    /// Entries that went no further, by reason.
    pub dropped: BTreeMap<DropReason, u64>,
    /// What the `metrics` stages counted.
    pub metrics: BTreeMap<String, f64>,
}

/// What came out so far.
#[derive(Debug, Default)]
struct Done {
    dropped: BTreeMap<DropReason, u64>,
    /// Label sets that came out before: entries of one stream share theirs.
    streams: HashSet<Arc<LabelSet>>,
}

impl<'p, T: Copy + Eq + Hash> Run<'p, T> {
    pub(crate) fn new(pipeline: &'p Pipeline) -> Self {
        Self {
            stages: StageRun::new(&pipeline.stages),
            pipeline,
            done: Done::default(),
        }
    }

    /// The same, in which each stage holds back lines of at most so many bytes. `multiline` and `cri` end what they hold
    /// when another line would make it more.
    #[must_use]
    pub fn holding_at_most(mut self, bytes: usize) -> Self {
        self.stages.max_held = bytes;
        self
    }

    /// Whether the entry goes on as it is, and is not dropped; none where stages have a say and it is to be
    /// [processed](Self::process). Looking at an entry costs less than moving it, and without stages that is all
    /// there is to do.
    #[inline]
    pub fn passes(&mut self, entry: &Entry<'_>) -> Option<bool> {
        if !self.pipeline.stages.is_empty() {
            return None;
        }
        let checked = check(entry);
        if let Err(reason) = checked {
            self.done.count(reason, 1);
            return Some(false);
        }
        Some(true)
    }

    /// Takes an entry in, and gives what comes of it and of those before it. Its labels are
    /// [`stream_labels`](Pipeline::stream_labels).
    pub fn process<'a>(&mut self, entry: Entry<'a>, tag: T) -> Entries<'a, T> {
        self.stages(entry, tag, &mut NoObserver)
    }

    /// Gives what still waits.
    pub fn finish(&mut self) -> Entries<'static, T> {
        self.finish_observed(&mut NoObserver)
    }

    /// As [`process`](Self::process), and tells what each stage did, in order.
    pub fn explain<'a>(
        &mut self,
        entry: Entry<'a>,
        tag: T,
        steps: &mut Vec<ExplainedStep>,
    ) -> Entries<'a, T> {
        self.stages(entry, tag, steps)
    }

    /// As [`finish`](Self::finish), and tells what each stage did, in order.
    pub fn explain_finish(&mut self, steps: &mut Vec<ExplainedStep>) -> Entries<'static, T> {
        self.finish_observed(steps)
    }

    /// How long `limit` stages ask to wait before the next entry. They have no other way to slow entries down;
    /// a caller that does not wait delivers them all at once.
    pub fn take_pause(&mut self) -> Option<Duration> {
        let pause = std::mem::take(&mut self.stages.pause);
        (!pause.is_zero()).then_some(pause)
    }

    /// Whether [`take_pause`](Self::take_pause) has something to give.
    #[inline]
    pub fn asks_for_a_pause(&self) -> bool {
        !self.stages.pause.is_zero()
    }

    /// Counts entries that the caller drops itself: those of a stream that a rule dropped.
    pub fn count_dropped(&mut self, reason: DropReason, entries: u64) {
        self.done.count(reason, entries);
    }

    /// What the run did.
    pub fn into_counts(self) -> RunCounts {
        RunCounts {
            dropped: self.done.dropped,
            metrics: self.stages.metrics,
        }
    }

    fn stages<'a>(&mut self, entry: Entry<'a>, tag: T, observer: &mut impl Observer) -> Entries<'a, T> {
        let mut out = Out {
            given: Some(Arc::clone(&entry.labels)),
            done: &mut self.done,
            entries: Entries::new(),
        };
        let entry = PipelineEntry::new(entry);
        let tagged = TaggedEntry { entry, tag };
        self.stages.process(tagged, &mut out, observer);
        out.entries
    }

    fn finish_observed(&mut self, observer: &mut impl Observer) -> Entries<'static, T> {
        let mut out = Out {
            given: None,
            done: &mut self.done,
            entries: Entries::new(),
        };
        self.stages.finish(&mut out, observer);
        out.entries
    }
}

impl Done {
    fn hand_on<'a, T>(&mut self, entry: Entry<'a>, tag: T, entries: &mut Entries<'a, T>) {
        match check(&entry) {
            Ok(()) => entries.push(entry, tag),
            Err(reason) => self.count(reason, 1),
        }
    }

    fn count(&mut self, reason: DropReason, entries: u64) {
        if entries > 0 {
            *self.dropped.entry(reason).or_default() += entries;
        }
    }

    /// The set that entries of the same stream have already.
    fn shared(&mut self, labels: Arc<LabelSet>) -> Arc<LabelSet> {
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

/// Where entries go that are through.
struct Out<'r, 'a, T> {
    /// The labels of the entry that went in: nobody changed them if they come out.
    given: Option<Arc<LabelSet>>,
    done: &'r mut Done,
    entries: Entries<'a, T>,
}

impl<'a, T> Sink<'a, T> for Out<'_, 'a, T> {
    fn accept(&mut self, tagged: TaggedEntry<'a, T>) {
        let entry = tagged.entry;
        let labels = match &self.given {
            Some(given) if Arc::ptr_eq(given, &entry.labels) => entry.labels,
            _ => self.done.shared(entry.labels),
        };
        let entry = Entry {
            labels,
            timestamp: entry.timestamp,
            line: entry.line,
            metadata: entry.metadata,
        };
        self.done.hand_on(entry, tagged.tag, &mut self.entries);
    }

    fn dropped(&mut self, reason: &Arc<str>) {
        self.done.count(DropReason::Stage(Arc::clone(reason)), 1);
    }

    fn empty(&mut self) {
        self.done.count(DropReason::EmptyLine, 1);
    }
}
