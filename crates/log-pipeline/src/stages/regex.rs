//! The stage `regex`, which extracts the named groups of the first match.

use std::sync::Arc;

use go_regex::Regex;

use super::config::{Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct RegexStage {
    expression: Regex,
    /// The numbers and names of the named groups, in their order.
    groups: Vec<(usize, Arc<str>)>,
    source: Option<Arc<str>>,
}

impl RegexStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["expression", "source"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let expression = fields.required_pattern("expression");
        let source =
            fields.text_unless_empty("source", "expected the name of an extracted value, or no source");
        Ok(Self::of(expression?, source?))
    }

    /// Returns a stage that reads the line, or `source`.
    pub(crate) fn of(expression: Regex, source: Option<Arc<str>>) -> Self {
        let groups = expression.group_names().enumerate();
        let groups = groups
            .filter_map(|(number, name)| Some((number, name?.into())))
            .collect();
        Self {
            expression,
            groups,
            source,
        }
    }
}

impl StatelessStage for RegexStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let found: Vec<_> = {
            let Some(input) = entry.input(self.source.as_deref()) else {
                return Decision::Keep;
            };
            let Some(captures) = self.expression.captures(&input) else {
                return Decision::Keep;
            };
            let groups = self.groups.iter();
            // A group that did not take part is empty. Of several groups with one name, the last one counts.
            groups
                .map(|(number, name)| (name, captures.get(*number).unwrap_or("").to_owned()))
                .collect()
        };
        for (name, text) in found {
            entry.extracted.set_text(name, text);
        }
        Decision::Keep
    }
}
