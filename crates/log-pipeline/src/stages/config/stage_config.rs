//! What a stage is built from.

use super::{Errors, Fields, Node, Place, Reported};
use crate::stages::clock::Clock;
use crate::stages::redact::RedactKey;

/// The configuration of one stage, and what its constructor needs besides.
#[derive(Debug)]
pub(crate) struct StageConfig<'c> {
    /// The value of the stage's name.
    pub(crate) node: &'c Node,
    /// The place of that value.
    pub(crate) place: Place,
    /// The number of steps before the stage's own.
    pub(crate) index: usize,
    /// The clock for stages that need the time of day.
    pub(crate) clock: &'c Clock,
    /// The place for the key of stages that hash.
    pub(crate) redact_key: &'c RedactKey,
    /// The list of all errors of the configuration.
    pub(crate) errors: &'c Errors,
}

impl<'c> StageConfig<'c> {
    /// Reads an object whose keys are names that the user chose.
    pub(crate) fn named_fields(&self) -> Result<Fields<'c>, Reported> {
        Fields::of(self.node, self.place.clone(), self.errors)
    }

    /// Reads an object with the keys `known`, and reports each other key.
    pub(crate) fn fields(&self, known: &'static [&'static str]) -> Result<Fields<'c>, Reported> {
        Ok(self.named_fields()?.only(known))
    }

    /// Reads an object as [`fields`](Self::fields) does, with numbers, strings and booleans converted to one another.
    pub(crate) fn weak_fields(&self, known: &'static [&'static str]) -> Result<Fields<'c>, Reported> {
        Ok(self.fields(known)?.weak())
    }

    /// Reports each key of an object. Other values are accepted, because upstream ignores the whole configuration of
    /// these stages.
    pub(crate) fn no_fields(&self) -> Result<(), Reported> {
        if matches!(self.node, Node::Map(_)) {
            self.fields(&[])?;
        }
        Ok(())
    }
}
