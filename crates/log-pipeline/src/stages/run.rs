//! Stages at work on the entries of one event or object.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::Stages;
use super::compile::Action;
use super::matching::MatchAction;
use super::observer::{Effect, Observer};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::state::State;
use super::tagged_entry::{BufferResult, TaggedEntry};

/// What the stages remember and count.
#[derive(Debug)]
pub(crate) struct StageRun<T> {
    states: Vec<State<T>>,
    pub(crate) metrics: BTreeMap<String, f64>,
    pub(crate) pause: Duration,
    /// Bytes that each stage may hold back.
    pub(crate) max_held: usize,
}

/// Takes what comes out of the stages.
pub(crate) trait Sink<'a, T> {
    /// The entry is through.
    fn accept(&mut self, tagged: TaggedEntry<'a, T>);

    /// A stage dropped an entry.
    fn dropped(&mut self, reason: &Arc<str>);

    /// A stage was left with an empty line.
    fn empty(&mut self);
}

impl<T: Copy + Eq + Hash> StageRun<T> {
    pub(crate) fn new(stages: &Stages) -> Self {
        Self {
            states: stages.steps.iter().map(|step| State::of(&step.action)).collect(),
            metrics: BTreeMap::new(),
            pause: Duration::ZERO,
            max_held: usize::MAX,
        }
    }

    /// Takes an entry through the stages.
    pub(crate) fn process<'a>(
        &mut self,
        stages: &Stages,
        tagged: TaggedEntry<'a, T>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observer,
    ) {
        self.advance(stages, 0, tagged, sink, observer);
    }

    /// Takes what still waits through the stages after it.
    pub(crate) fn finish<'a>(
        &mut self,
        stages: &Stages,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observer,
    ) {
        for at in 0..stages.steps.len() {
            for tagged in self.states[at].finish() {
                self.release(stages, at, tagged, sink, observer);
            }
        }
    }

    /// An entry that waited at a step goes on.
    fn release<'a>(
        &mut self,
        stages: &Stages,
        at: usize,
        tagged: TaggedEntry<'a, T>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observer,
    ) {
        observer.observe(&stages.steps[at].place, &tagged.entry, Effect::Released);
        if tagged.entry.line.is_empty() {
            // Promtail emits no empty block.
            sink.empty();
        } else {
            self.advance(stages, at + 1, tagged, sink, observer);
        }
    }

    /// An entry waits at a step, and others may have waited long enough.
    fn hold<'a>(
        &mut self,
        stages: &Stages,
        at: usize,
        seen: Option<PipelineEntry<'_>>,
        ended: Vec<TaggedEntry<'static, T>>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observer,
    ) {
        if let Some(seen) = seen {
            observer.observe(&stages.steps[at].place, &seen, Effect::Held);
        }
        for tagged in ended {
            self.release(stages, at, tagged, sink, observer);
        }
    }

    fn advance<'a>(
        &mut self,
        stages: &Stages,
        mut at: usize,
        mut tagged: TaggedEntry<'a, T>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observer,
    ) {
        while let Some(step) = stages.steps.get(at) {
            let entry = &mut tagged.entry;
            let mut next = at + 1;
            let mut effect = Effect::Kept;
            let decision = match (&step.action, &mut self.states[at]) {
                (Action::Stateless(stage), _) => stage.apply(entry),
                (Action::Match(stage), _) => match (stage.matches(entry), &stage.action) {
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
                (Action::Metrics(stage), _) => {
                    stage.apply(entry, &mut self.metrics);
                    Decision::Keep
                }
                (Action::Timestamp(stage), State::LastTimes(last)) => {
                    stage.apply(entry, last);
                    Decision::Keep
                }
                (Action::Docker(stage), State::LastTimes(last)) => {
                    stage.apply(entry, last);
                    Decision::Keep
                }
                (Action::Limit(stage), State::Buckets(buckets)) => {
                    stage.apply(entry, buckets, &mut self.pause)
                }
                (Action::Multiline(stage), State::Blocks(blocks)) => {
                    let seen = observer.snapshot(entry);
                    match stage.apply(tagged, blocks, self.max_held) {
                        BufferResult::Pass(through) => tagged = through,
                        BufferResult::Hold(ended) => {
                            return self.hold(stages, at, seen, ended, sink, observer);
                        }
                    }
                    Decision::Keep
                }
                (Action::Cri(stage), State::Partials(partials)) => {
                    stage.parse_line(entry, partials);
                    let seen = observer.snapshot(entry);
                    match stage.join(tagged, partials, self.max_held) {
                        BufferResult::Pass(through) => tagged = through,
                        BufferResult::Hold(ended) => {
                            return self.hold(stages, at, seen, ended, sink, observer);
                        }
                    }
                    Decision::Keep
                }
                // States are made from the actions, in their order.
                _ => Decision::Keep,
            };
            if let Decision::Drop(reason) = decision {
                observer.observe(&step.place, &tagged.entry, Effect::Dropped(Arc::clone(&reason)));
                sink.dropped(&reason);
                return;
            }
            observer.observe(&step.place, &tagged.entry, effect);
            at = next;
        }
        sink.accept(tagged);
    }
}
