//! Explanations of what a pipeline does to an entry, rule by rule and stage by stage.

use std::hash::Hash;
use std::sync::Arc;

use loki_push::{Entry, LabelSet};

use crate::{DropReason, Effect, ExplainedStep, Pipeline, RelabelCounts, Run, RunCounts};

/// An explanation of what a pipeline does to one entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// The entry with extra labels added and dropped labels removed, and then after each rule and stage.
    pub steps: Vec<ExplainedStep>,
    /// The entries that leave the pipeline.
    pub entries: Vec<Entry<'static>>,
    /// The dropped entries and the metrics.
    pub counts: RunCounts,
}

impl Pipeline {
    /// Explains what happens to an entry that is the only one of its event or object. Its labels must be those of its
    /// source.
    pub fn explain(&self, entry: &Entry<'_>) -> Explanation {
        let mut run = self.run();
        let mut explanation = self.explain_in(&mut run, entry, ());
        let rest = run.explain_finish(&mut explanation.steps);
        explanation
            .entries
            .extend(rest.into_iter().map(|(entry, ())| entry));
        explanation.counts = run.into_counts();
        explanation
    }

    /// Explains what happens to the next entry of an event or object, and to earlier entries that stages held back.
    /// The run counts the dropped entries.
    pub fn explain_in<T: Copy + Eq + Hash>(
        &self,
        run: &mut Run<'_, T>,
        entry: &Entry<'_>,
        tag: T,
    ) -> Explanation {
        let labels = self.own_labels((*entry.labels).clone());
        let step = |place: String, effect, labels: &LabelSet| ExplainedStep {
            place,
            effect,
            labels: Arc::new(labels.clone()),
            timestamp: entry.timestamp,
            line: entry.line.clone().into_owned(),
            metadata: entry.metadata.clone(),
            extracted: Vec::new(),
        };
        let mut steps = vec![step("labels".to_owned(), Effect::Kept, &labels)];
        let mut last = labels.clone();
        let mut counts = RelabelCounts::default();
        let kept = self.rules.apply_observed(labels, &mut counts, |rule, left| {
            let place = format!("rule [{}].{}", rule.index(), rule.action());
            let effect = match left {
                Some(_) => Effect::Kept,
                None => Effect::Dropped(DropReason::Relabelled.name().into()),
            };
            if let Some(left) = left {
                last = left.clone();
            }
            steps.push(step(place, effect, &last));
        });
        let mut out = Vec::new();
        match kept {
            None => run.count_dropped(DropReason::Relabelled, 1),
            Some(labels) => {
                let entry = Entry {
                    labels: Arc::new(labels),
                    ..entry.clone()
                };
                out.extend(run.explain(entry, tag, &mut steps));
            }
        }
        let entries = out.into_iter().map(|(entry, _)| Entry {
            line: entry.line.into_owned().into(),
            ..entry
        });
        Explanation {
            steps,
            entries: entries.collect(),
            counts: RunCounts::default(),
        }
    }
}
