//! The stage `tenant`, which sets the tenant of the entry.

use std::sync::Arc;

use loki_push::TENANT_LABEL;

use super::config::{Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage: the source of the tenant.
#[derive(Debug)]
pub(crate) enum TenantStage {
    /// A fixed name.
    Value(Arc<str>),
    /// The extracted value of this name.
    Source(Arc<str>),
    /// The label of this name.
    Label(Arc<str>),
}

impl TenantStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["label", "source", "value"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let given = |key: &str| {
            let text = fields.text(key)?;
            Ok(text.filter(|text| !text.is_empty()).map(Arc::<str>::from))
        };
        let (value, source, label) = (given("value"), given("source"), given("label"));
        match (value?, source?, label?) {
            (Some(value), None, None) => Ok(Self::Value(value)),
            (None, Some(source), None) => Ok(Self::Source(source)),
            (None, None, Some(label)) => Ok(Self::Label(label)),
            (None, None, None) => {
                let problem = "expected one of value, source and label";
                Err(fields.report_stage(StageErrorKind::Combination(problem)))
            }
            _ => {
                let problem = "value, source and label exclude one another; expected one of them";
                Err(fields.report_stage(StageErrorKind::Combination(problem)))
            }
        }
    }
}

impl StatelessStage for TenantStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let tenant = match self {
            Self::Value(value) => Some(value.to_string()),
            Self::Source(source) => entry.extracted.get(source).text().map(|text| text.into_owned()),
            Self::Label(label) => entry.labels.get(label).map(str::to_owned),
        };
        if let Some(tenant) = tenant.filter(|tenant| !tenant.is_empty()) {
            entry.set_label(TENANT_LABEL, &tenant);
        }
        Decision::Keep
    }
}
