//! The stage `template`, which sets a value with a template.

use std::sync::Arc;

use super::config::{Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::render::{Template, TemplateParseError, Values};
use super::stage::StatelessStage;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct TemplateStage {
    source: Arc<str>,
    template: Template,
}

impl TemplateStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["source", "template"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let source = fields.required_text("source", "expected the name of the value to set");
        let template = match fields.text("template") {
            Ok(text) => Template::parse(&text.unwrap_or_default()).map_err(|error| match error {
                TemplateParseError::Invalid(problem) | TemplateParseError::Unsupported(problem) => {
                    fields.report("template", problem)
                }
            }),
            Err(reported) => Err(reported),
        };
        Ok(Self {
            source: source?,
            template: template?,
        })
    }
}

impl StatelessStage for TemplateStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let mut values = Values::new(&entry.extracted, entry.timestamp);
        if let Some(value) = entry.extracted.get(&self.source).text() {
            values.set("Value", &value);
        }
        values.set("Entry", &entry.line);
        // A template that fails changes nothing.
        if let Some(text) = self.template.render(values) {
            if text.is_empty() {
                entry.extracted.remove(&self.source);
            } else {
                entry.extracted.set_text(&self.source, text);
            }
        }
        Decision::Keep
    }
}
