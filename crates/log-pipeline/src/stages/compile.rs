//! The compiler, which turns a configuration into a list of steps.

use super::clock::Clock;
use super::config::{Errors, Fields, Node, Place, Reported, StageConfig, StageErrorKind};
use super::matching::{MatchAction, MatchStage};
use super::redact::RedactKey;
use super::stage::Stage;
use super::table::{self, Build};

/// The number of `match` stages that may be nested in one another. JSON's own limit of 128 levels is about twice that.
const MAX_NESTING: usize = 30;

/// A stage and its place in the configuration. The stages nested in a `match` are the steps after it.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) place: String,
    pub(crate) stage: Stage,
}

/// A compiler of one configuration.
pub(crate) struct Compiler<'c> {
    pub(crate) errors: &'c Errors,
    pub(crate) clock: &'c Clock,
    pub(crate) redact_key: &'c RedactKey,
    /// The steps so far.
    pub(crate) steps: Vec<Step>,
}

impl<'c> Compiler<'c> {
    /// Adds the steps of a list of stages, and reports the errors in it.
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
                        // After an error, which is reported by now, the next stages are still checked.
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

    /// Adds the steps of the stage with that name.
    fn stage(&mut self, name: &str, node: &'c Node, place: Place, depth: usize) -> Result<(), Reported> {
        let Some(stage) = table::find(name) else {
            return Err(self.errors.report(&place, StageErrorKind::UnknownStage));
        };
        let config = StageConfig {
            node,
            place,
            index: self.steps.len(),
            clock: self.clock,
            redact_key: self.redact_key,
            errors: self.errors,
        };
        match stage.build {
            Build::Step(build) => {
                let stage = build(&config)?;
                self.push(&config.place, stage);
                Ok(())
            }
            Build::Match => self.matching(&config.fields(MatchStage::FIELDS)?, depth),
        }
    }

    /// Adds a `match` and the stages nested in it. The nested stages are checked even if the `match` itself has errors.
    fn matching(&mut self, fields: &Fields<'c>, depth: usize) -> Result<(), Reported> {
        if depth >= MAX_NESTING {
            let problem = "match stages are nested more than 30 levels deep";
            return Err(fields.report_stage(StageErrorKind::Combination(problem)));
        }
        let place = fields.place_of("stages");
        let (stage, nested) = match MatchStage::new(fields) {
            Ok((stage, nested)) => (Ok(stage), nested),
            Err(reported) => (Err(reported), fields.node("stages")),
        };
        let at = self.steps.len();
        if let Ok(stage) = stage {
            self.push(fields.place(), Stage::Match(stage));
        }
        if let Some(nested) = nested {
            self.list(nested, &place, depth + 1);
        }
        let after = self.steps.len();
        if let Some(Stage::Match(stage)) = self.steps.get_mut(at).map(|step| &mut step.stage)
            && let MatchAction::Nested { end } = &mut stage.action
        {
            *end = after;
        }
        Ok(())
    }

    /// Adds a step.
    fn push(&mut self, place: &Place, stage: Stage) {
        self.steps.push(Step {
            place: place.to_string(),
            stage,
        });
    }
}
