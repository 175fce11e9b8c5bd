//! The stage `static_labels`, which sets labels to fixed values.

use loki_push::is_label_name;

use super::config::{Node, Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct StaticLabelsStage {
    labels: Vec<(String, String)>,
}

impl StaticLabelsStage {
    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.named_fields()?;
        let mut labels = Vec::new();
        let mut problem = None;
        for (name, node) in fields.entries() {
            if !is_label_name(name) {
                problem = Some(fields.report(name, StageErrorKind::LabelName(name.clone())));
            }
            match node {
                Node::Null => {}
                Node::Text(value) if value.is_empty() => {}
                Node::Text(value) => labels.push((name.clone(), value.clone())),
                other => {
                    let (found, expected) = (other.kind(), "a string");
                    problem = Some(fields.report(name, StageErrorKind::Type { found, expected }));
                }
            }
        }
        match problem {
            Some(reported) => Err(reported),
            None => Ok(Self { labels }),
        }
    }
}

impl StatelessStage for StaticLabelsStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        for (name, value) in &self.labels {
            entry.set_label(name, value);
        }
        Decision::Keep
    }
}
