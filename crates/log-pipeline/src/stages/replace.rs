//! The stage `replace`, which replaces the groups of a regular expression.

use std::collections::HashMap;
use std::sync::Arc;

use go_regex::Regex;

use super::config::{Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::render::{Template, TemplateParseError, Values};
use super::stage::StatelessStage;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct ReplaceStage {
    expression: Regex,
    /// The numbers and names of the named groups.
    groups: Vec<(usize, Arc<str>)>,
    source: Option<Arc<str>>,
    /// The template, or `None` if it is invalid. Upstream parses it for each entry, and then leaves the entry
    /// unchanged.
    template: Option<Template>,
}

impl ReplaceStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["expression", "source", "replace"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let expression = fields.required_pattern("expression");
        let source =
            fields.text_unless_empty("source", "expected the name of an extracted value, or no source");
        let template = match fields.text("replace") {
            Ok(text) => match Template::parse(&text.unwrap_or_default()) {
                Ok(template) => Ok(Some(template)),
                Err(TemplateParseError::Invalid(_)) => Ok(None),
                // Upstream would replace the text, which may be one that must not be shown.
                Err(TemplateParseError::Unsupported(problem)) => Err(fields.report("replace", problem)),
            },
            Err(reported) => Err(reported),
        };
        let (expression, source) = (expression?, source?);
        let groups = expression.group_names().enumerate();
        Ok(Self {
            groups: groups
                .filter_map(|(number, name)| Some((number, name?.into())))
                .collect(),
            expression,
            source,
            template: template?,
        })
    }

    /// Returns the text with its groups replaced, and the named groups of the first match. It returns `None` if
    /// nothing changes.
    fn replace(&self, input: &str, entry: &PipelineEntry<'_>) -> Option<Replaced<'_>> {
        let template = self.template.as_ref()?;
        // Most lines do not match, and need no values.
        self.expression.find(input)?;
        let values = Values::new(&entry.extracted, entry.timestamp);
        let mut text = String::new();
        let mut end = 0;
        let mut results: HashMap<&str, String> = HashMap::new();
        let mut first = None;
        for captures in self.expression.captures_iter(input) {
            for range in (1..captures.len()).filter_map(|group| captures.range_of(group)) {
                let captured = &input[range.clone()];
                let mut values = values.clone();
                values.set("Value", captured);
                let result = template.render(values)?;
                // A group inside a replaced one is skipped. At the start of the text, nothing was replaced yet.
                if end == 0 || end <= range.start {
                    text.push_str(&input[end..range.start]);
                    text.push_str(&result);
                    end = range.end;
                }
                results.insert(captured, result);
            }
            first.get_or_insert(captures);
        }
        text.push_str(&input[end..]);
        let first = first?;
        let named = self.groups.iter();
        let named = named.filter_map(|(group, name)| {
            let captured = first.get(*group).unwrap_or("");
            Some((name, results.get(captured)?.clone()))
        });
        Some(Replaced {
            text,
            named: named.collect(),
        })
    }
}

/// The result of a replacement.
struct Replaced<'s> {
    text: String,
    named: Vec<(&'s Arc<str>, String)>,
}

impl StatelessStage for ReplaceStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let Some(input) = entry.input(self.source.as_deref()) else {
            return Decision::Keep;
        };
        let Some(replaced) = self.replace(&input, entry) else {
            return Decision::Keep;
        };
        match &self.source {
            Some(source) => entry.extracted.set_text(source, replaced.text),
            None => entry.set_line(replaced.text),
        }
        for (name, text) in replaced.named {
            entry.extracted.set_text(name, text);
        }
        Decision::Keep
    }
}
