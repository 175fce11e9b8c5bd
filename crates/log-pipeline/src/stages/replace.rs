//! `replace`: the text of a regular expression's groups.

use std::collections::HashMap;
use std::sync::Arc;

use go_regex::Regex;

use super::config::{Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::render::{Template, TemplateParseError, Values};
use super::stage::StatelessStage;

#[derive(Debug)]
pub(crate) struct ReplaceStage {
    expression: Regex,
    groups: Vec<(usize, Arc<str>)>,
    source: Option<Arc<str>>,
    /// None if it is no template: upstream parses it for each entry, and then leaves the entry as it is.
    template: Option<Template>,
}

impl ReplaceStage {
    /// The fields of its configuration.
    pub(crate) const FIELDS: &[&str] = &["expression", "source", "replace"];

    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let expression = fields.required_pattern("expression");
        let source =
            fields.text_unless_empty("source", "expected the name of an extracted value, or no source");
        let template = match fields.text("replace") {
            Ok(text) => match Template::parse(&text.unwrap_or_default()) {
                Ok(template) => Ok(Some(template)),
                Err(TemplateParseError::Invalid(_)) => Ok(None),
                // Upstream would replace the text, and it may be one that must not be shown.
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

    /// The text with its groups replaced, and the named groups of the first match; none if nothing changes.
    fn replace(&self, input: &str, entry: &PipelineEntry<'_>) -> Option<Replaced<'_>> {
        let template = self.template.as_ref()?;
        // Most lines do not match.
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
                // A group within one that was replaced is gone; at the start of the text, nothing was.
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
