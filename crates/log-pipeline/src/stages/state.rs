//! What steps remember within one event or object.

use std::hash::Hash;

use super::compile::Action;
use super::cri::Partials;
use super::limit::Buckets;
use super::multiline::Blocks;
use super::tagged_entry::TaggedEntry;
use super::timestamp::LastTimes;

/// What one step remembers.
#[derive(Debug)]
pub(crate) enum State<T> {
    /// Nothing.
    None,
    LastTimes(LastTimes),
    Buckets(Buckets),
    Partials(Partials<T>),
    Blocks(Blocks<T>),
}

impl<T: Copy + Eq + Hash> State<T> {
    /// What a step knows before the first entry.
    pub(crate) fn of(action: &Action) -> Self {
        match action {
            Action::Stateless(_) | Action::Match(_) | Action::Metrics(_) => Self::None,
            Action::Docker(_) | Action::Timestamp(_) => Self::LastTimes(LastTimes::default()),
            Action::Limit(limit) => Self::Buckets(limit.buckets()),
            Action::Cri(_) => Self::Partials(Partials::default()),
            Action::Multiline(_) => Self::Blocks(Blocks::default()),
        }
    }

    /// The records that still wait.
    pub(crate) fn finish(&mut self) -> Vec<TaggedEntry<'static, T>> {
        match self {
            Self::Partials(partials) => partials.finish(),
            Self::Blocks(blocks) => blocks.finish(),
            Self::None | Self::LastTimes(_) | Self::Buckets(_) => Vec::new(),
        }
    }
}
