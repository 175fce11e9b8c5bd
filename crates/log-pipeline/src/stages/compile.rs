//! From the configuration to a list of steps.

use super::clock::Clock;
use super::config::{Errors, Fields, Node, Place, Reported, StageErrorKind};
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
use super::matching::{MatchAction, MatchStage};
use super::metrics::MetricsStage;
use super::multiline::MultilineStage;
use super::output::OutputStage;
use super::pack::PackStage;
use super::pipeline_entry::StatelessStage;
use super::regex::RegexStage;
use super::replace::ReplaceStage;
use super::sampling::SamplingStage;
use super::static_labels::StaticLabelsStage;
use super::structured_metadata::StructuredMetadataStage;
use super::template::TemplateStage;
use super::tenant::TenantStage;
use super::timestamp::TimestampStage;

/// All stages there are.
pub(crate) const NAMES: [&str; 26] = [
    "cri",
    "decolorize",
    "docker",
    "drop",
    "eventlogmessage",
    "geoip",
    "json",
    "labelallow",
    "labeldrop",
    "labels",
    "limit",
    "logfmt",
    "match",
    "metrics",
    "multiline",
    "non_indexed_labels",
    "output",
    "pack",
    "regex",
    "replace",
    "sampling",
    "static_labels",
    "structured_metadata",
    "template",
    "tenant",
    "timestamp",
];

/// How deep `match` stages may be nested in one another. JSON itself ends at about twice that.
const MAX_NESTING: usize = 30;

/// One stage, and where it stands. The stages nested in a `match` are steps that follow it.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) place: String,
    pub(crate) action: Action,
}

/// What a step does.
#[derive(Debug)]
pub(crate) enum Action {
    /// Anything that looks at one entry alone.
    Stateless(Box<dyn StatelessStage>),
    Cri(CriStage),
    Docker(DockerStage),
    Limit(LimitStage),
    Match(MatchStage),
    Metrics(MetricsStage),
    Multiline(MultilineStage),
    Timestamp(TimestampStage),
}

pub(crate) struct Compiler<'c> {
    pub(crate) errors: &'c Errors,
    pub(crate) clock: &'c Clock,
    pub(crate) steps: Vec<Step>,
}

impl<'c> Compiler<'c> {
    /// Adds the steps of a list of stages; what is wrong is reported.
    pub(crate) fn list(&mut self, node: &'c Node, place: &Place, depth: usize) {
        let stages: &[Node] = match node {
            Node::List(stages) => stages,
            Node::Null => &[],
            other => {
                let (found, expected) = (other.kind(), "a list of stages");
                self.errors
                    .report(place, StageErrorKind::Type { found, expected });
                return;
            }
        };
        for (index, stage) in stages.iter().enumerate() {
            let place = place.index(index);
            match stage {
                Node::Map(stages) => {
                    for (name, node) in stages {
                        // A stage that is wrong is reported, and the next ones are looked at too.
                        let _: Result<(), Reported> = self.stage(name, node, place.key(name), depth);
                    }
                }
                Node::Null => {}
                other => {
                    let (found, expected) = (other.kind(), "an object with a stage's name");
                    self.errors
                        .report(&place, StageErrorKind::Type { found, expected });
                }
            }
        }
    }

    fn stage(&mut self, name: &str, node: &'c Node, place: Place, depth: usize) -> Result<(), Reported> {
        fn stateless(stage: impl StatelessStage + 'static) -> Action {
            Action::Stateless(Box::new(stage))
        }
        let (errors, clock, salt) = (self.errors, self.clock, self.steps.len());
        let listed = |listed| LabelNamesStage::new(listed, node, &place, errors);
        let named = || Fields::of(node, place.clone(), errors);
        let fields = |known| Ok(named()?.only(known));
        let weak = |known| Ok(fields(known)?.weak());
        // Upstream ignores the whole configuration of these two.
        if matches!((name, node), ("decolorize" | "docker", Node::Map(_))) {
            fields(&[])?;
        }
        let action = match name {
            "cri" => Action::Cri(CriStage::new(&weak(CriStage::FIELDS)?)?),
            "decolorize" => match DecolorizeStage::new() {
                Ok(stage) => stateless(stage),
                Err(error) => return Err(errors.report(&place, error.into())),
            },
            "docker" => Action::Docker(DockerStage::new()),
            "drop" => stateless(DropStage::new(&weak(DropStage::FIELDS)?, clock)?),
            "eventlogmessage" => {
                stateless(EventLogMessageStage::new(&fields(EventLogMessageStage::FIELDS)?)?)
            }
            "geoip" => stateless(GeoIpStage::new(&fields(GeoIpStage::FIELDS)?)?),
            "json" => stateless(JsonStage::new(&fields(JsonStage::FIELDS)?)?),
            "labelallow" => stateless(listed(Listed::Allow)?),
            "labeldrop" => stateless(listed(Listed::Drop)?),
            "labels" => stateless(LabelsStage::new(&named()?)?),
            "limit" => Action::Limit(LimitStage::new(&weak(LimitStage::FIELDS)?, clock)?),
            "logfmt" => stateless(LogfmtStage::new(&fields(LogfmtStage::FIELDS)?)?),
            "match" => return self.matching(&fields(MatchStage::FIELDS)?, depth),
            "metrics" => Action::Metrics(MetricsStage::new(&named()?)?),
            "multiline" => Action::Multiline(MultilineStage::new(&weak(MultilineStage::FIELDS)?)?),
            "non_indexed_labels" | "structured_metadata" => {
                stateless(StructuredMetadataStage::new(&named()?)?)
            }
            "output" => stateless(OutputStage::new(&fields(OutputStage::FIELDS)?)?),
            "pack" => stateless(PackStage::new(&weak(PackStage::FIELDS)?)?),
            "regex" => stateless(RegexStage::new(&fields(RegexStage::FIELDS)?)?),
            "replace" => stateless(ReplaceStage::new(&fields(ReplaceStage::FIELDS)?)?),
            "sampling" => stateless(SamplingStage::new(&weak(SamplingStage::FIELDS)?, salt)?),
            "static_labels" => stateless(StaticLabelsStage::new(&named()?)?),
            "template" => stateless(TemplateStage::new(&fields(TemplateStage::FIELDS)?)?),
            "tenant" => stateless(TenantStage::new(&fields(TenantStage::FIELDS)?)?),
            "timestamp" => Action::Timestamp(TimestampStage::new(&fields(TimestampStage::FIELDS)?)?),
            _ => return Err(errors.report(&place, StageErrorKind::UnknownStage)),
        };
        self.push(&place, action);
        Ok(())
    }

    /// A `match`, and the stages nested in it, whether or not it is right itself.
    fn matching(&mut self, fields: &Fields<'c>, depth: usize) -> Result<(), Reported> {
        if depth >= MAX_NESTING {
            let problem = "match is nested more than 30 deep";
            return Err(fields.report_stage(StageErrorKind::Combination(problem)));
        }
        let place = fields.place_of("stages");
        let (stage, nested) = match MatchStage::new(fields) {
            Ok((stage, nested)) => (Ok(stage), nested),
            Err(reported) => (Err(reported), fields.node("stages")),
        };
        let at = self.steps.len();
        if let Ok(stage) = stage {
            self.push(fields.place(), Action::Match(stage));
        }
        if let Some(nested) = nested {
            self.list(nested, &place, depth + 1);
        }
        let after = self.steps.len();
        if let Some(Action::Match(stage)) = self.steps.get_mut(at).map(|step| &mut step.action)
            && let MatchAction::Nested { end } = &mut stage.action
        {
            *end = after;
        }
        Ok(())
    }

    fn push(&mut self, place: &Place, action: Action) {
        self.steps.push(Step {
            place: place.to_string(),
            action,
        });
    }
}
