//! What a pipeline does to one entry, rule by rule and stage by stage.

use std::sync::Arc;

use loki_push::{Entry, LabelSet};

use crate::{DropReason, Effect, Explained, Pipeline, RelabelCounts, RunCounts};

/// What a pipeline does to one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The entry with its extra labels and without the dropped ones, and then after each rule and stage.
    pub steps: Vec<Explained>,
    /// What comes out.
    pub entries: Vec<Entry<'static>>,
    /// What was dropped and counted.
    pub counts: RunCounts,
}

impl Pipeline {
    /// What becomes of an entry that is alone in its event or object. Its labels are its source's.
    pub fn explain(&self, entry: &Entry<'_>) -> Explanation {
        let labels = self.own_labels((*entry.labels).clone());
        let step = |place: String, effect, labels: &LabelSet| Explained {
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
        let kept = self.rules.apply_watched(labels, &mut counts, |rule, left| {
            let place = format!("[{}].{}", rule.index(), rule.action());
            let effect = match left {
                Some(_) => Effect::Kept,
                None => Effect::Dropped(DropReason::Relabelled.name().into()),
            };
            if let Some(left) = left {
                last = left.clone();
            }
            steps.push(step(place, effect, &last));
        });
        let mut run = self.run();
        let mut out = Vec::new();
        match kept {
            None => run.count_dropped(DropReason::Relabelled, 1),
            Some(labels) => {
                let entry = Entry {
                    labels: Arc::new(labels),
                    ..entry.clone()
                };
                out.extend(run.explain(entry, (), &mut steps));
                out.extend(run.explain_finish(&mut steps));
            }
        }
        let entries = out.into_iter().map(|(entry, ())| Entry {
            line: entry.line.into_owned().into(),
            ..entry
        });
        Explanation {
            steps,
            entries: entries.collect(),
            counts: run.into_counts(),
        }
    }
}
