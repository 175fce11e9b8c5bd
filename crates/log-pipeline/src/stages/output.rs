//! `output`: an extracted value becomes the line.

use std::sync::Arc;

use super::config::{Fields, Reported};
use super::draft::{Draft, Edit, Verdict};

#[derive(Debug)]
pub(crate) struct OutputStage {
    source: Arc<str>,
}

impl OutputStage {
    /// The fields of its configuration.
    pub(crate) const FIELDS: &[&str] = &["source"];

    pub(crate) fn new(fields: &Fields<'_>) -> Result<Self, Reported> {
        let source = fields.required_text("source", "expected the name of an extracted value")?;
        Ok(Self { source })
    }

    /// One that takes this value.
    pub(crate) fn of(source: &str) -> Self {
        Self {
            source: source.into(),
        }
    }
}

impl Edit for OutputStage {
    fn edit(&self, draft: &mut Draft<'_>) -> Verdict {
        if let Some(text) = draft.extracted.get(&self.source).text() {
            let text = text.into_owned();
            draft.set_line(text);
        }
        Verdict::Keep
    }
}
