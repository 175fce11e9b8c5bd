//! The table of stages: one row for each name that a configuration may use.

use super::config::{Reported, StageConfig};
use super::cri::CriStage;
use super::decolorize::DecolorizeStage;
use super::docker::DockerStage;
use super::drop::DropStage;
use super::eventlogmessage::EventLogMessageStage;
use super::geoip::GeoIpStage;
use super::json::JsonStage;
use super::label_names::{LabelNamesStage, Listed};
use super::labels::LabelsStage;
use super::limit::LimitStage;
use super::logfmt::LogfmtStage;
use super::metrics::MetricsStage;
use super::multiline::MultilineStage;
use super::output::OutputStage;
use super::pack::PackStage;
use super::redact::RedactStage;
use super::regex::RegexStage;
use super::replace::ReplaceStage;
use super::sampling::SamplingStage;
use super::stage::Stage;
use super::static_labels::StaticLabelsStage;
use super::structured_metadata::StructuredMetadataStage;
use super::template::TemplateStage;
use super::tenant::TenantStage;
use super::timestamp::TimestampStage;

/// A row of the table.
pub(crate) struct StageType {
    /// The name of the stage in the configuration.
    pub(crate) name: &'static str,
    /// The way in which the stage is built.
    pub(crate) build: Build,
}

/// The way in which a stage is built from its configuration.
pub(crate) enum Build {
    /// A function that builds the stage's only step.
    Step(fn(&StageConfig<'_>) -> Result<Stage, Reported>),
    /// The steps of a `match`, which the compiler builds because it compiles the nested stages.
    Match,
}

/// All stages, sorted by name.
#[rustfmt::skip] // One line for each stage.
pub(crate) const STAGES: &[StageType] = &[
    step("cri", |config| CriStage::new(config).map(Stage::Cri)),
    step("decolorize", |config| DecolorizeStage::new(config).map(Stage::stateless)),
    step("docker", |config| DockerStage::new(config).map(Stage::Docker)),
    step("drop", |config| DropStage::new(config).map(Stage::stateless)),
    step("eventlogmessage", |config| EventLogMessageStage::new(config).map(Stage::stateless)),
    step("geoip", |config| GeoIpStage::new(config).map(Stage::stateless)),
    step("json", |config| JsonStage::new(config).map(Stage::stateless)),
    step("labelallow", |config| LabelNamesStage::new(Listed::Allow, config).map(Stage::stateless)),
    step("labeldrop", |config| LabelNamesStage::new(Listed::Drop, config).map(Stage::stateless)),
    step("labels", |config| LabelsStage::new(config).map(Stage::stateless)),
    step("limit", |config| LimitStage::new(config).map(Stage::Limit)),
    step("logfmt", |config| LogfmtStage::new(config).map(Stage::stateless)),
    StageType { name: "match", build: Build::Match },
    step("metrics", |config| MetricsStage::new(config).map(Stage::Metrics)),
    step("multiline", |config| MultilineStage::new(config).map(Stage::Multiline)),
    step("non_indexed_labels", |config| StructuredMetadataStage::new(config).map(Stage::stateless)),
    step("output", |config| OutputStage::new(config).map(Stage::stateless)),
    step("pack", |config| PackStage::new(config).map(Stage::stateless)),
    step("redact", |config| RedactStage::new(config).map(Stage::stateless)),
    step("regex", |config| RegexStage::new(config).map(Stage::stateless)),
    step("replace", |config| ReplaceStage::new(config).map(Stage::stateless)),
    step("sampling", |config| SamplingStage::new(config).map(Stage::stateless)),
    step("static_labels", |config| StaticLabelsStage::new(config).map(Stage::stateless)),
    step("structured_metadata", |config| StructuredMetadataStage::new(config).map(Stage::stateless)),
    step("template", |config| TemplateStage::new(config).map(Stage::stateless)),
    step("tenant", |config| TenantStage::new(config).map(Stage::stateless)),
    step("timestamp", |config| TimestampStage::new(config).map(Stage::Timestamp)),
];

/// Returns the row of a stage that is one step.
const fn step(name: &'static str, build: fn(&StageConfig<'_>) -> Result<Stage, Reported>) -> StageType {
    StageType {
        name,
        build: Build::Step(build),
    }
}

/// Returns the row with that name. Names are case-sensitive, as upstream's are.
pub(crate) fn find(name: &str) -> Option<&'static StageType> {
    STAGES.iter().find(|stage| stage.name == name)
}

/// Returns all names, separated by commas.
pub(crate) fn names() -> String {
    let names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_unique() {
        assert!(
            STAGES.is_sorted_by(|one, next| one.name < next.name),
            "{}",
            names()
        );
    }
}
