//! The stage `structured_metadata`, also called `non_indexed_labels`, which moves values and labels to structured
//! metadata.

use super::config::{Names, Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage. Each name gets the extracted value of its source, or else the label of that name. A label with
/// the name of the source and the same value is removed, so that naming a label moves it.
#[derive(Debug)]
pub(crate) struct StructuredMetadataStage {
    names: Names,
}

impl StructuredMetadataStage {
    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.named_fields()?;
        let names = fields.label_names()?;
        Ok(Self { names })
    }
}

impl StatelessStage for StructuredMetadataStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let mut taken: Vec<(&str, String)> = Vec::with_capacity(self.names.len());
        for (name, source) in &self.names {
            let value = match entry.extracted.get(source).text() {
                Some(value) => value.into_owned(),
                // Only the first name that requests a label gets it.
                None if taken.iter().any(|(used, _)| **used == **source) => continue,
                None => match entry.labels.get(source) {
                    Some(value) => value.to_owned(),
                    None => continue,
                },
            };
            entry.metadata.push((name.to_string(), value.clone()));
            taken.push((source, value));
        }
        for (source, value) in taken {
            if entry.labels.get(source) == Some(&value) {
                entry.remove_label(source);
            }
        }
        Decision::Keep
    }
}
