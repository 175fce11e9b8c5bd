//! The pipeline: source labels, extra labels, dropped labels and relabelling rules once for each stream, then stages
//! for each entry.

use std::sync::Arc;

use loki_push::{Entry, ItemId, LabelSet, TENANT_LABEL};

use crate::{
    DropReason, Effect, ExplainedStep, Explanation, ExtraLabels, LabelNames, LineLimit, Relabel,
    RelabelCounts, Run, RunCounts, Stages,
};

/// A pipeline, which is compiled once at start.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    extra_labels: ExtraLabels,
    drop_labels: LabelNames,
    pub(crate) rules: Relabel,
    pub(crate) stages: Stages,
    pub(crate) line_limit: LineLimit,
}

impl Pipeline {
    /// Returns a pipeline that adds and removes these labels.
    pub fn new(extra_labels: ExtraLabels, drop_labels: LabelNames) -> Self {
        Self {
            extra_labels,
            drop_labels,
            ..Self::default()
        }
    }

    /// Returns the pipeline with these relabelling rules.
    #[must_use]
    pub fn with_rules(self, rules: Relabel) -> Self {
        Self { rules, ..self }
    }

    /// Returns the pipeline with these stages.
    #[must_use]
    pub fn with_stages(self, stages: Stages) -> Self {
        Self { stages, ..self }
    }

    /// Returns the pipeline with a limit on the length of lines, which is applied after all stages.
    #[must_use]
    pub fn with_line_limit(self, line_limit: LineLimit) -> Self {
        Self { line_limit, ..self }
    }

    /// Returns the labels of a stream from the labels of its source, or `None` if a rule drops the stream
    /// ([`DropReason::Relabelled`]).
    ///
    /// Extra labels override the source's. Labels are dropped after that, which includes extra labels. Rules come
    /// last.
    pub fn stream_labels(&self, source: LabelSet, counts: &mut RelabelCounts) -> Option<Arc<LabelSet>> {
        let labels = self.own_labels(source);
        if self.rules.is_empty() {
            return Some(Arc::new(labels));
        }
        self.rules.apply(labels, counts).map(Arc::new)
    }

    /// Returns the labels to which the rules are applied.
    pub(crate) fn own_labels(&self, mut source: LabelSet) -> LabelSet {
        for (name, value) in self.extra_labels.iter() {
            source.set(name, value);
        }
        for name in self.drop_labels.iter() {
            source.remove(name);
        }
        source
    }

    /// Returns whether the clock decides if an entry is kept, so that the same entries can have another result when they
    /// are processed again.
    pub fn depends_on_clock(&self) -> bool {
        self.stages.depend_on_clock()
    }

    /// Starts a run of the stages over the entries of one event or object.
    pub fn run(&self) -> Run<'_> {
        Run::new(self)
    }

    /// Explains what happens to an entry that is the only one of its event or object. Its labels must be those of its
    /// source.
    pub fn explain(&self, entry: &Entry<'_>) -> Explanation {
        let mut run = self.run();
        let mut explanation = self.explain_in(&mut run, entry, ItemId(0));
        let rest = run.explain_finish(&mut explanation.steps);
        explanation
            .entries
            .extend(rest.into_iter().map(|(entry, _)| entry));
        explanation.counts = run.into_counts();
        explanation
    }

    /// Explains what happens to the next entry of an event or object, and to earlier entries that stages held back.
    /// The run counts the dropped entries.
    pub fn explain_in(&self, run: &mut Run<'_>, entry: &Entry<'_>, item: ItemId) -> Explanation {
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
                out.extend(run.explain(entry, item, &mut steps));
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

/// Returns the reason why an entry cannot be sent, if there is one.
pub(crate) fn check_deliverable(entry: &Entry<'_>) -> Result<(), DropReason> {
    // The label that names the tenant is not sent.
    if entry.labels.iter().all(|label| label.name == TENANT_LABEL) {
        Err(DropReason::NoLabels)
    } else if entry.line.is_empty() {
        Err(DropReason::EmptyLine)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pipeline(extra: &str, drop: &str) -> Pipeline {
        Pipeline::new(
            ExtraLabels::parse(extra, false).unwrap(),
            LabelNames::parse(drop).unwrap(),
        )
    }

    fn labels(pipeline: &Pipeline) -> String {
        let source = LabelSet::from_iter([("a", "1"), ("b", "2")]);
        let labels = pipeline.stream_labels(source, &mut RelabelCounts::default());
        labels.map_or_else(|| "dropped".to_owned(), |labels| labels.to_string())
    }

    #[test]
    fn extra_labels_override_and_dropping_comes_after() {
        assert_eq!(labels(&Pipeline::default()), r#"{a="1", b="2"}"#);
        assert_eq!(labels(&pipeline("b,3,c,4", "")), r#"{a="1", b="3", c="4"}"#);
        assert_eq!(labels(&pipeline("c,4", "a,c,unknown")), r#"{b="2"}"#);
        assert_eq!(labels(&pipeline("", "a,b")), "{}");
    }

    #[test]
    fn rules_come_last() {
        let rules = |json| Relabel::parse(json).unwrap();
        let keep = r#"[{"action":"keep","source_labels":["a","c"],"regex":";4"},{"target_label":"d","source_labels":["c"]}]"#;
        let pipeline = pipeline("c,4", "a").with_rules(rules(keep));
        assert_eq!(labels(&pipeline), r#"{b="2", c="4", d="4"}"#);
        let pipeline = pipeline.with_rules(rules(r#"[{"action":"keep","source_labels":["a"],"regex":"1"}]"#));
        assert_eq!(labels(&pipeline), "dropped");
    }
}
