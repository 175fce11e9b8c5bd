//! Stages at work on the entries of one event or object.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::Stages;
use super::compile::Action;
use super::draft::{Draft, Verdict};
use super::matching::MatchAction;
use super::observe::{Effect, Observe};
use super::record::{Passage, Record};
use super::state::State;

/// What the stages remember and count.
#[derive(Debug)]
pub(crate) struct StageRun<T> {
    states: Vec<State<T>>,
    pub(crate) metrics: BTreeMap<String, f64>,
    pub(crate) pause: Duration,
    /// Bytes that each stage may hold back.
    pub(crate) most_held: usize,
}

/// Takes what comes out of the stages.
pub(crate) trait Sink<'a, T> {
    /// The entry is through.
    fn accept(&mut self, record: Record<'a, T>);

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
            most_held: usize::MAX,
        }
    }

    /// Takes an entry through the stages.
    pub(crate) fn process<'a>(
        &mut self,
        stages: &Stages,
        record: Record<'a, T>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observe,
    ) {
        self.advance(stages, 0, record, sink, observer);
    }

    /// Takes what still waits through the stages after it.
    pub(crate) fn finish<'a>(
        &mut self,
        stages: &Stages,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observe,
    ) {
        for at in 0..stages.steps.len() {
            for record in self.states[at].finish() {
                self.release(stages, at, record, sink, observer);
            }
        }
    }

    /// An entry that waited at a step goes on.
    fn release<'a>(
        &mut self,
        stages: &Stages,
        at: usize,
        record: Record<'a, T>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observe,
    ) {
        observer.see(&stages.steps[at].place, &record.draft, Effect::Released);
        if record.draft.line.is_empty() {
            // Promtail emits no empty block.
            sink.empty();
        } else {
            self.advance(stages, at + 1, record, sink, observer);
        }
    }

    /// An entry waits at a step, and others may have waited long enough.
    fn hold<'a>(
        &mut self,
        stages: &Stages,
        at: usize,
        seen: Option<Draft<'_>>,
        ended: Vec<Record<'static, T>>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observe,
    ) {
        if let Some(seen) = seen {
            observer.see(&stages.steps[at].place, &seen, Effect::Held);
        }
        for record in ended {
            self.release(stages, at, record, sink, observer);
        }
    }

    fn advance<'a>(
        &mut self,
        stages: &Stages,
        mut at: usize,
        mut record: Record<'a, T>,
        sink: &mut impl Sink<'a, T>,
        observer: &mut impl Observe,
    ) {
        while let Some(step) = stages.steps.get(at) {
            let draft = &mut record.draft;
            let mut next = at + 1;
            let mut effect = Effect::Kept;
            let verdict = match (&step.action, &mut self.states[at]) {
                (Action::Edit(stage), _) => stage.edit(draft),
                (Action::Match(stage), _) => match (stage.matches(draft), &stage.action) {
                    (true, MatchAction::Drop(reason)) => Verdict::Drop(Arc::clone(reason)),
                    (false, MatchAction::Drop(_)) => Verdict::Keep,
                    (true, MatchAction::Nested { .. }) => {
                        // Nested stages start with the labels as they are now.
                        let labels = Arc::clone(&draft.labels);
                        draft.extracted.copy_labels(&labels);
                        Verdict::Keep
                    }
                    (false, MatchAction::Nested { end }) => {
                        (next, effect) = (*end, Effect::PassedBy);
                        Verdict::Keep
                    }
                },
                (Action::Metrics(stage), _) => {
                    stage.apply(draft, &mut self.metrics);
                    Verdict::Keep
                }
                (Action::Timestamp(stage), State::LastTimes(last)) => {
                    stage.apply(draft, last);
                    Verdict::Keep
                }
                (Action::Docker(stage), State::LastTimes(last)) => {
                    stage.apply(draft, last);
                    Verdict::Keep
                }
                (Action::Limit(stage), State::Buckets(buckets)) => {
                    stage.apply(draft, buckets, &mut self.pause)
                }
                (Action::Multiline(stage), State::Blocks(blocks)) => {
                    let seen = observer.keep(draft);
                    match stage.apply(record, blocks, self.most_held) {
                        Passage::Through(through) => record = through,
                        Passage::Held(ended) => return self.hold(stages, at, seen, ended, sink, observer),
                    }
                    Verdict::Keep
                }
                (Action::Cri(stage), State::Partials(partials)) => {
                    stage.take_apart(draft, partials);
                    let seen = observer.keep(draft);
                    match stage.join(record, partials, self.most_held) {
                        Passage::Through(through) => record = through,
                        Passage::Held(ended) => return self.hold(stages, at, seen, ended, sink, observer),
                    }
                    Verdict::Keep
                }
                // States are made from the actions, in their order.
                _ => Verdict::Keep,
            };
            if let Verdict::Drop(reason) = verdict {
                observer.see(&step.place, &record.draft, Effect::Dropped(Arc::clone(&reason)));
                sink.dropped(&reason);
                return;
            }
            observer.see(&step.place, &record.draft, effect);
            at = next;
        }
        sink.accept(record);
    }
}
