//! What can be wrong with rules.

use std::fmt;

use super::action::Action;
use crate::UnknownField;

/// All that is wrong with a list of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelabelErrors(pub Vec<RelabelError>);

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{kind}", place_prefix(.place))]
pub struct RelabelError {
    /// The rule's index and the key, as in `[2].target_label`; empty for the whole text.
    pub place: String,
    /// What is wrong there.
    pub kind: RelabelErrorKind,
}

/// What is wrong with a value, and what it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelabelErrorKind {
    /// The text is no JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// The text is YAML, as Prometheus' own configuration is.
    #[error("looks like YAML; expected the same list of rules as JSON: [{{\"action\": \"drop\", ...}}, ...]")]
    Yaml,
    /// A field that rules do not have.
    #[error(transparent)]
    UnknownField(#[from] UnknownField),
    /// A value of another type.
    #[error("is {found}; expected {expected}")]
    Type {
        /// What it is.
        found: &'static str,
        /// What it may be.
        expected: &'static str,
    },
    /// An action that does not exist.
    #[error("there is no action {action:?}; expected one of {}", Action::names().join(", "))]
    UnknownAction {
        /// What it says.
        action: String,
    },
    /// A key that the action needs is not there, or says nothing.
    #[error("is missing or empty; the action {action} needs {needed}")]
    Missing {
        /// The action.
        action: &'static str,
        /// What the key has to be.
        needed: &'static str,
    },
    /// A key that the action does not take.
    #[error("the action {action} does not take it; it takes only {taken}")]
    NotTaken {
        /// The action.
        action: &'static str,
        /// The keys that it takes.
        taken: &'static str,
    },
    /// A name that Loki cannot parse, or that every name made from it would have the fault of.
    #[error(
        "label name {0:?} does not match [a-zA-Z_][a-zA-Z0-9_]*, in which $ may stand for groups of the regex"
    )]
    LabelName(String),
    /// A regular expression that does not compile.
    #[error(transparent)]
    Regex(#[from] go_regex::SyntaxError),
}

fn place_prefix(place: &str) -> String {
    match place {
        "" => String::new(),
        place => format!("{place}: "),
    }
}

impl fmt::Display for RelabelErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RelabelErrors {}

/// Says that something is wrong, and that [`Errors`] has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported;

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<RelabelError>);

impl Errors {
    pub(crate) fn report(&mut self, place: String, kind: RelabelErrorKind) -> Reported {
        self.0.push(RelabelError { place, kind });
        Reported
    }

    pub(crate) fn into_result(self) -> Result<(), RelabelErrors> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(RelabelErrors(self.0)),
        }
    }
}
