//! The stages of a pipeline at work on the entries of one event or object.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::Stages;
use super::buffer_result::BufferResult;
use super::matching::MatchAction;
use super::observer::{Effect, Observer};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::ActiveStage;

/// A run of the stages over the entries of one event or object, with what they remember and count.
#[derive(Debug)]
pub(crate) struct StageRun<'p> {
    steps: Vec<ActiveStep<'p>>,
    /// The values of the `metrics` stages.
    pub(crate) metrics: BTreeMap<String, f64>,
    /// The longest wait that `limit` stages asked for since the caller last looked.
    pub(crate) pause: Duration,
    /// The number of bytes of lines that each stage may hold back.
    pub(crate) max_held: usize,
}

/// A stage at work and its place in the configuration.
#[derive(Debug)]
struct ActiveStep<'p> {
    place: &'p str,
    stage: ActiveStage<'p>,
}

/// A receiver of the entries that leave the stages.
pub(crate) trait Sink<'a> {
    /// Takes an entry that passed the last stage.
    fn accept(&mut self, entry: PipelineEntry<'a>);

    /// Counts an entry that a stage dropped.
    fn dropped(&mut self, reason: &Arc<str>);

    /// Counts an entry that a stage held back and released with an empty line.
    fn empty(&mut self);
}

impl<'p> StageRun<'p> {
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
        entry: PipelineEntry<'a>,
        sink: &mut impl Sink<'a>,
        observer: &mut impl Observer,
    ) {
        self.advance(0, entry, sink, observer);
    }

    /// Releases all entries that stages still hold back, and passes them through the stages after theirs.
    pub(crate) fn finish<'a>(&mut self, sink: &mut impl Sink<'a>, observer: &mut impl Observer) {
        for at in 0..self.steps.len() {
            for entry in self.steps[at].stage.finish() {
                self.release(at, entry, sink, observer);
            }
        }
    }

    /// Passes an entry that a step held back through the steps after it.
    fn release<'a>(
        &mut self,
        at: usize,
        entry: PipelineEntry<'a>,
        sink: &mut impl Sink<'a>,
        observer: &mut impl Observer,
    ) {
        observer.observe(self.steps[at].place, &entry, Effect::Released);
        if entry.line.is_empty() {
            // Promtail emits no empty block.
            sink.empty();
        } else {
            self.advance(at + 1, entry, sink, observer);
        }
    }

    /// Reports that a step holds an entry back, and releases those that it returned in exchange.
    fn hold<'a>(
        &mut self,
        at: usize,
        held: Option<PipelineEntry<'_>>,
        ended: Vec<PipelineEntry<'static>>,
        sink: &mut impl Sink<'a>,
        observer: &mut impl Observer,
    ) {
        if let Some(held) = held {
            observer.observe(self.steps[at].place, &held, Effect::Held);
        }
        for entry in ended {
            self.release(at, entry, sink, observer);
        }
    }

    /// Passes an entry through the steps from `at` on.
    fn advance<'a>(
        &mut self,
        mut at: usize,
        mut entry: PipelineEntry<'a>,
        sink: &mut impl Sink<'a>,
        observer: &mut impl Observer,
    ) {
        while let Some(ActiveStep { place, stage }) = self.steps.get_mut(at) {
            let place = *place;
            let mut next = at + 1;
            let mut effect = Effect::Kept;
            let decision = match stage {
                ActiveStage::Stateless(stage) => stage.apply(&mut entry),
                ActiveStage::Match(stage) => match (stage.matches(&entry), &stage.action) {
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
                    stage.apply(&entry, &mut self.metrics);
                    Decision::Keep
                }
                ActiveStage::Timestamp(stage, last) => {
                    stage.apply(&mut entry, last);
                    Decision::Keep
                }
                ActiveStage::Docker(stage, last) => {
                    stage.apply(&mut entry, last);
                    Decision::Keep
                }
                ActiveStage::Limit(stage, buckets) => stage.apply(&entry, buckets, &mut self.pause),
                ActiveStage::Multiline(stage, blocks) => {
                    let held = observer.snapshot(&entry);
                    match stage.apply(entry, blocks, self.max_held) {
                        BufferResult::Pass(passed) => entry = passed,
                        BufferResult::Hold(ended) => return self.hold(at, held, ended, sink, observer),
                    }
                    Decision::Keep
                }
                ActiveStage::Cri(stage, partials) => {
                    stage.parse_line(&mut entry, partials);
                    let held = observer.snapshot(&entry);
                    match stage.join(entry, partials, self.max_held) {
                        BufferResult::Pass(passed) => entry = passed,
                        BufferResult::Hold(ended) => return self.hold(at, held, ended, sink, observer),
                    }
                    Decision::Keep
                }
            };
            if let Decision::Drop(reason) = decision {
                observer.observe(place, &entry, Effect::Dropped(Arc::clone(&reason)));
                sink.dropped(&reason);
                return;
            }
            observer.observe(place, &entry, effect);
            at = next;
        }
        sink.accept(entry);
    }
}
