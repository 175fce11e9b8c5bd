//! `tenant`: the tenant the entry goes to.

use std::sync::Arc;

use loki_push::TENANT_LABEL;

use super::config::{Fields, Reported, StageProblem};
use super::draft::{Draft, Edit, Verdict};

#[derive(Debug)]
pub(crate) enum TenantStage {
    /// The text itself.
    Value(Arc<str>),
    /// The extracted value of that name.
    Source(Arc<str>),
    /// The label of that name.
    Label(Arc<str>),
}

impl TenantStage {
    /// The fields of its configuration.
    pub(crate) const FIELDS: &[&str] = &["label", "source", "value"];

    pub(crate) fn new(fields: &Fields<'_>) -> Result<Self, Reported> {
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
                Err(fields.bad_stage(StageProblem::Combination(problem)))
            }
            _ => {
                let problem = "value, source and label exclude one another; expected one of them";
                Err(fields.bad_stage(StageProblem::Combination(problem)))
            }
        }
    }
}

impl Edit for TenantStage {
    fn edit(&self, draft: &mut Draft<'_>) -> Verdict {
        let tenant = match self {
            Self::Value(value) => Some(value.to_string()),
            Self::Source(source) => draft.extracted.get(source).text().map(|text| text.into_owned()),
            Self::Label(label) => draft.labels.get(label).map(str::to_owned),
        };
        if let Some(tenant) = tenant.filter(|tenant| !tenant.is_empty()) {
            draft.set_label(TENANT_LABEL, &tenant);
        }
        Verdict::Keep
    }
}
