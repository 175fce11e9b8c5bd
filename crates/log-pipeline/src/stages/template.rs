//! `template`: a value made by a template.

use std::sync::Arc;

use super::config::{Fields, Reported};
use super::draft::{Draft, Edit, Verdict};
use super::render::{NoTemplate, Template, Values};

#[derive(Debug)]
pub(crate) struct TemplateStage {
    source: Arc<str>,
    template: Template,
}

impl TemplateStage {
    /// The fields of its configuration.
    pub(crate) const FIELDS: &[&str] = &["source", "template"];

    pub(crate) fn new(fields: &Fields<'_>) -> Result<Self, Reported> {
        let source = fields.required_text("source", "expected the name of the value to set");
        let template = match fields.text("template") {
            Ok(text) => Template::parse(&text.unwrap_or_default()).map_err(|no_template| match no_template {
                NoTemplate::Bad(problem) | NoTemplate::LeftOut(problem) => fields.bad("template", problem),
            }),
            Err(reported) => Err(reported),
        };
        Ok(Self {
            source: source?,
            template: template?,
        })
    }
}

impl Edit for TemplateStage {
    fn edit(&self, draft: &mut Draft<'_>) -> Verdict {
        let mut values = Values::new(&draft.extracted, draft.timestamp);
        if let Some(value) = draft.extracted.get(&self.source).text() {
            values.set("Value", &value);
        }
        values.set("Entry", &draft.line);
        // A template that fails changes nothing.
        if let Some(text) = self.template.render(values) {
            if text.is_empty() {
                draft.extracted.remove(&self.source);
            } else {
                draft.extracted.set_text(&self.source, text);
            }
        }
        Verdict::Keep
    }
}
