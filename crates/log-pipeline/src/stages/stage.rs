//! A compiled stage, and a stage at work in one run.

use std::fmt::Debug;

use super::cri::{CriStage, Partials};
use super::docker::DockerStage;
use super::limit::{Buckets, LimitStage};
use super::matching::MatchStage;
use super::metrics::MetricsStage;
use super::multiline::{Blocks, MultilineStage};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::timestamp::{LastTimes, TimestampStage};

/// A stage that processes each entry alone and remembers nothing.
pub(crate) trait StatelessStage: Debug + Send + Sync {
    /// Changes the entry, and returns whether it is kept.
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision;

    /// Returns whether the clock decides if an entry is kept.
    fn depends_on_clock(&self) -> bool {
        false
    }
}

/// A compiled stage.
#[derive(Debug)]
pub(crate) enum Stage {
    Stateless(Box<dyn StatelessStage>),
    Cri(CriStage),
    Docker(DockerStage),
    Limit(LimitStage),
    Match(MatchStage),
    Metrics(MetricsStage),
    Multiline(MultilineStage),
    Timestamp(TimestampStage),
}

impl Stage {
    /// Returns the stage for one that remembers nothing.
    pub(crate) fn stateless(stage: impl StatelessStage + 'static) -> Self {
        Self::Stateless(Box::new(stage))
    }

    /// Returns whether the clock decides if an entry is kept.
    pub(crate) fn depends_on_clock(&self) -> bool {
        match self {
            Self::Stateless(stage) => stage.depends_on_clock(),
            Self::Limit(stage) => stage.depends_on_clock(),
            Self::Cri(_)
            | Self::Docker(_)
            | Self::Match(_)
            | Self::Metrics(_)
            | Self::Multiline(_)
            | Self::Timestamp(_) => false,
        }
    }
}

/// A stage at work in one run, with what it remembers from one entry to the next.
#[derive(Debug)]
pub(crate) enum ActiveStage<'p> {
    Stateless(&'p dyn StatelessStage),
    Cri(&'p CriStage, Partials),
    Docker(&'p DockerStage, LastTimes),
    Limit(&'p LimitStage, Buckets),
    Match(&'p MatchStage),
    Metrics(&'p MetricsStage),
    Multiline(&'p MultilineStage, Blocks),
    Timestamp(&'p TimestampStage, LastTimes),
}

impl<'p> ActiveStage<'p> {
    /// Returns the stage as it is before the first entry of a run.
    pub(crate) fn new(stage: &'p Stage) -> Self {
        match stage {
            Stage::Stateless(stage) => Self::Stateless(&**stage),
            Stage::Cri(stage) => Self::Cri(stage, Partials::default()),
            Stage::Docker(stage) => Self::Docker(stage, LastTimes::default()),
            Stage::Limit(stage) => Self::Limit(stage, stage.buckets()),
            Stage::Match(stage) => Self::Match(stage),
            Stage::Metrics(stage) => Self::Metrics(stage),
            Stage::Multiline(stage) => Self::Multiline(stage, Blocks::default()),
            Stage::Timestamp(stage) => Self::Timestamp(stage, LastTimes::default()),
        }
    }

    /// Ends what the stage holds back, and returns those entries in their order.
    pub(crate) fn finish(&mut self) -> Vec<PipelineEntry<'static>> {
        match self {
            Self::Cri(_, partials) => partials.finish(),
            Self::Multiline(_, blocks) => blocks.finish(),
            Self::Stateless(_)
            | Self::Docker(..)
            | Self::Limit(..)
            | Self::Match(_)
            | Self::Metrics(_)
            | Self::Timestamp(..) => Vec::new(),
        }
    }
}
