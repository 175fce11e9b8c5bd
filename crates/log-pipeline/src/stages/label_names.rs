//! `labeldrop` and `labelallow`: labels by their exact names.

use std::sync::Arc;

use super::config::{Errors, Node, Place, Reported, StageProblem};
use super::draft::{Draft, Edit, Verdict};

/// Which labels the names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Those that go.
    Drop,
    /// Those that stay.
    Allow,
}

#[derive(Debug)]
pub(crate) struct LabelNamesStage {
    listed: Listed,
    names: Vec<String>,
}

impl LabelNamesStage {
    pub(crate) fn new(listed: Listed, node: &Node, place: &Place, errors: &Errors) -> Result<Self, Reported> {
        let wrong_type = |found: &Node| StageProblem::Type {
            found: found.kind(),
            expected: "a list of label names",
        };
        let list: &[Node] = match node {
            Node::List(list) => list,
            Node::Null => &[],
            other => return Err(errors.report(place, wrong_type(other))),
        };
        if list.is_empty() {
            return Err(errors.report(place, StageProblem::Empty("expected a list of label names")));
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

impl Edit for LabelNamesStage {
    fn edit(&self, draft: &mut Draft<'_>) -> Verdict {
        match self.listed {
            Listed::Drop => self.names.iter().for_each(|name| draft.remove_label(name)),
            Listed::Allow => {
                let keeps = |name: &String| self.names.contains(name);
                if !draft.labels.iter().all(|label| keeps(&label.name)) {
                    let kept = draft.labels.iter().filter(|label| keeps(&label.name));
                    let kept = kept.map(|label| (label.name.as_str(), label.value.as_str()));
                    draft.labels = Arc::new(kept.collect());
                }
            }
        }
        Verdict::Keep
    }
}
