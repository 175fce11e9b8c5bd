//! The stages of a pipeline at work on the entries of one event or object.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::Stages;
use super::matching::MatchAction;
use super::observer::{Effect, Observer};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::ActiveStage;
use super::tagged_entry::{BufferResult, TaggedEntry};

/// A run of the stages over the entries of one event or object, with what they remember and count.
#[derive(Debug)]
pub(crate) struct StageRun<'p, T> {
    steps: Vec<ActiveStep<'p, T>>,
    /// The values of the `metrics` stages.
    pub(crate) metrics: BTreeMap<String, f64>,
    /// The longest wait that `limit` stages asked for since the caller last looked.
    pub(crate) pause: Duration,
    /// The number of bytes of lines that each stage may hold back.
    pub(crate) max_held: usize,
}

/// A stage at work and its place in the configuration.
#[derive(Debug)]
struct ActiveStep<'p, T> {
    place: &'p str,
    stage: ActiveStage<'p, T>,
}

/// A receiver of the entries that leave the stages.
pub(crate) trait Sink<'a, T> {
    /// Takes an entry that passed the last stage.
    fn accept(&mut self, tagged: TaggedEntry<'a, T>);

    /// Counts an entry that a stage dropped.
    fn dropped(&mut self, reason: &Arc<str>);

    /// Counts an entry that a stage held back and released with an empty line.
    fn empty(&mut self);
}

impl<'p, T: Copy + Eq + Hash> StageRun<'p, T> {
    /// Starts a run.
    pub(crate) fn new(stages: &'p Stages) -> Self {
        let steps = stages.steps.iter().map(|step| ActiveStep {
            place: &step.place,
            stage: ActiveStage::new(&step.stage),
        });
        Self {
            steps: steps.collect(),
            metrics: BTreeMap::new(),
            pause: Duration::ZERO,
            max_held: usize::MAX,
        }
    }

    /// Passes an entry through all stages.
    pub(crate) fn process<'a>(
        &mut self,
        tagged: TaggedEntry<'a, T>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observer,
    ) {
        self.advance(0, tagged, sink, observer);
    }

    /// Releases all entries that stages still hold back, and passes them through the stages after theirs.
    pub(crate) fn finish<'a>(&mut self, sink: &mut impl Sink<'a, T>, observer: &mut impl Observer) {
        for at in 0..self.steps.len() {
            for tagged in self.steps[at].stage.finish() {
                self.release(at, tagged, sink, observer);
            }
        }
    }

    /// Passes an entry that a step held back through the steps after it.
    fn release<'a>(
        &mut self,
        at: usize,
        tagged: TaggedEntry<'a, T>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observer,
    ) {
        observer.observe(self.steps[at].place, &tagged.entry, Effect::Released);
        if tagged.entry.line.is_empty() {
            // Promtail emits no empty block.
            sink.empty();
        } else {
            self.advance(at + 1, tagged, sink, observer);
        }
    }

    /// Reports that a step holds an entry back, and releases those that it returned in exchange.
    fn hold<'a>(
        &mut self,
        at: usize,
        held: Option<PipelineEntry<'_>>,
        ended: Vec<TaggedEntry<'static, T>>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observer,
    ) {
        if let Some(held) = held {
            observer.observe(self.steps[at].place, &held, Effect::Held);
        }
        for tagged in ended {
            self.release(at, tagged, sink, observer);
        }
    }

    /// Passes an entry through the steps from `at` on.
    fn advance<'a>(
        &mut self,
        mut at: usize,
        mut tagged: TaggedEntry<'a, T>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observer,
    ) {
        while let Some(ActiveStep { place, stage }) = self.steps.get_mut(at) {
            let place = *place;
            let entry = &mut tagged.entry;
            let mut next = at + 1;
            let mut effect = Effect::Kept;
            let decision = match stage {
                ActiveStage::Stateless(stage) => stage.apply(entry),
                ActiveStage::Match(stage) => match (stage.matches(entry), &stage.action) {
                    (true, MatchAction::Drop(reason)) => Decision::Drop(Arc::clone(reason)),
                    (false, MatchAction::Drop(_)) => Decision::Keep,
                    (true, MatchAction::Nested { .. }) => {
                        // Nested stages start with the labels as they are now.
                        let labels = Arc::clone(&entry.labels);
                        entry.extracted.copy_labels(&labels);
                        Decision::Keep
                    }
                    (false, MatchAction::Nested { end }) => {
                        (next, effect) = (*end, Effect::PassedBy);
                        Decision::Keep
                    }
                },
                ActiveStage::Metrics(stage) => {
                    stage.apply(entry, &mut self.metrics);
                    Decision::Keep
                }
                ActiveStage::Timestamp(stage, last) => {
                    stage.apply(entry, last);
                    Decision::Keep
                }
                ActiveStage::Docker(stage, last) => {
                    stage.apply(entry, last);
                    Decision::Keep
                }
                ActiveStage::Limit(stage, buckets) => stage.apply(entry, buckets, &mut self.pause),
                ActiveStage::Multiline(stage, blocks) => {
                    let held = observer.snapshot(entry);
                    match stage.apply(tagged, blocks, self.max_held) {
                        BufferResult::Pass(passed) => tagged = passed,
                        BufferResult::Hold(ended) => return self.hold(at, held, ended, sink, observer),
                    }
                    Decision::Keep
                }
                ActiveStage::Cri(stage, partials) => {
                    stage.parse_line(entry, partials);
                    let held = observer.snapshot(entry);
                    match stage.join(tagged, partials, self.max_held) {
                        BufferResult::Pass(passed) => tagged = passed,
                        BufferResult::Hold(ended) => return self.hold(at, held, ended, sink, observer),
                    }
                    Decision::Keep
                }
            };
            if let Decision::Drop(reason) = decision {
                observer.observe(place, &tagged.entry, Effect::Dropped(Arc::clone(&reason)));
                sink.dropped(&reason);
                return;
            }
            observer.observe(place, &tagged.entry, effect);
            at = next;
        }
        sink.accept(tagged);
    }
}
