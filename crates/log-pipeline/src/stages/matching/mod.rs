//! The stage `match`, which runs nested stages for, or drops, the entries that a selector selects.

mod scanner;
mod selector;

use std::sync::Arc;

use super::config::{Fields, Node, Reported, StageErrorKind};
use super::drop::drop_reason;
use super::pipeline_entry::PipelineEntry;
use selector::Selector;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct MatchStage {
    selector: Selector,
    pub(crate) action: MatchAction,
}

/// The action for entries that match.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum MatchAction {
    /// The entries pass through the nested stages, which end before step `end`. Other entries continue at that step.
    Nested { end: usize },
    /// The entries are dropped for this reason.
    Drop(Arc<str>),
}

impl MatchStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &[
        "selector",
        "stages",
        "action",
        "drop_counter_reason",
        "pipeline_name",
    ];

    /// Builds the stage from its configuration, and returns it with the configuration of the nested stages.
    pub(crate) fn new<'c>(fields: &Fields<'c>) -> Result<(Self, Option<&'c Node>), Reported> {
        let selector = match fields.required_text("selector", "expected a selector such as {app=\"web\"}") {
            Ok(text) => Selector::parse(&text).map_err(|problem| fields.report("selector", problem)),
            Err(reported) => Err(reported),
        };
        let drops = match fields.text("action")?.as_deref() {
            None | Some("" | "keep") => Ok(false),
            Some("drop") => Ok(true),
            Some(other) => Err(fields.report(
                "action",
                StageErrorKind::Value {
                    value: other.to_owned(),
                    allowed: "expected keep or drop",
                },
            )),
        };
        let reason = fields.text("drop_counter_reason");
        let pipeline_name = fields.text_unless_empty("pipeline_name", "expected a name, or no pipeline_name");
        let nested = fields
            .node("stages")
            .filter(|node| !matches!(node, Node::List(list) if list.is_empty()));
        let action = match (drops?, nested) {
            (true, None) => Ok(MatchAction::Drop(drop_reason(reason?, "match_stage"))),
            (false, Some(_)) => Ok(MatchAction::Nested { end: 0 }),
            (true, Some(_)) => {
                let problem = "action drop excludes stages";
                Err(fields.report("stages", StageErrorKind::Combination(problem)))
            }
            (false, None) => {
                Err(fields.report("stages", StageErrorKind::Missing("the action keep needs stages")))
            }
        };
        pipeline_name?;
        let (selector, action) = (selector?, action?);
        Ok((Self { selector, action }, nested))
    }

    /// Returns whether the selector selects the entry.
    pub(crate) fn matches(&self, entry: &PipelineEntry<'_>) -> bool {
        self.selector.matches(&entry.labels, &entry.line)
    }
}
