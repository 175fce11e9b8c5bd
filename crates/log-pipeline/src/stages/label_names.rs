//! The stages `labeldrop` and `labelallow`, which remove labels by their exact names.

use std::sync::Arc;

use super::config::{Node, Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The meaning of the listed names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// The listed labels are removed.
    Drop,
    /// The listed labels are kept, and all others are removed.
    Allow,
}

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct LabelNamesStage {
    listed: Listed,
    names: Vec<String>,
}

impl LabelNamesStage {
    /// Builds the stage from its configuration.
    pub(crate) fn new(listed: Listed, config: &StageConfig<'_>) -> Result<Self, Reported> {
        let (node, place, errors) = (config.node, &config.place, config.errors);
        let wrong_type = |found: &Node| StageErrorKind::Type {
            found: found.kind(),
            expected: "a list of label names",
        };
        let list: &[Node] = match node {
            Node::List(list) => list,
            Node::Null => &[],
            other => return Err(errors.report(place, wrong_type(other))),
        };
        if list.is_empty() {
            return Err(errors.report(place, StageErrorKind::Empty("expected a list of label names")));
        }
        let mut names = Vec::with_capacity(list.len());
        let mut problem = None;
        for (index, node) in list.iter().enumerate() {
            match node {
                Node::Text(name) => names.push(name.clone()),
                other => problem = Some(errors.report(&place.index(index), wrong_type(other))),
            }
        }
        match problem {
            Some(reported) => Err(reported),
            None => Ok(Self { listed, names }),
        }
    }
}

impl StatelessStage for LabelNamesStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        match self.listed {
            Listed::Drop => self.names.iter().for_each(|name| entry.remove_label(name)),
            Listed::Allow => {
                let keeps = |name: &String| self.names.contains(name);
                if !entry.labels.iter().all(|label| keeps(&label.name)) {
                    let kept = entry.labels.iter().filter(|label| keeps(&label.name));
                    let kept = kept.map(|label| (label.name.as_str(), label.value.as_str()));
                    entry.labels = Arc::new(kept.collect());
                }
            }
        }
        Decision::Keep
    }
}
