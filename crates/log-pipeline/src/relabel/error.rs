//! The errors of relabelling rules.

use std::fmt;

use super::action::Action;
use crate::UnknownField;

/// All errors of a list of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelabelErrors(pub Vec<RelabelError>);

/// An error in a rule, and its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{kind}", place_prefix(.place))]
pub struct RelabelError {
    /// The index of the rule and the key, as in `[2].target_label`. It is empty for an error of the whole text.
    pub place: String,
    /// The reason.
    pub kind: RelabelErrorKind,
}

/// The reason of an error, and what is expected instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelabelErrorKind {
    /// The text is not JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// The text is YAML, the format of Prometheus' own configuration.
    #[error("looks like YAML; expected the same list of rules as JSON: [{{\"action\": \"drop\", ...}}, ...]")]
    Yaml,
    /// A field that does not exist.
    #[error(transparent)]
    UnknownField(#[from] UnknownField),
    /// A value of the wrong type.
    #[error("is {found}; expected {expected}")]
    Type {
        /// The type of the value.
        found: &'static str,
        /// The expected type.
        expected: &'static str,
    },
    /// An action that does not exist.
    #[error("there is no action {action:?}; expected one of {}", Action::names().join(", "))]
    UnknownAction {
        /// The name that was given.
        action: String,
    },
    /// A required key is missing or empty.
    #[error("is missing or empty; the action {action} needs {needed}")]
    Missing {
        /// The action.
        action: &'static str,
        /// The required content of the key.
        needed: &'static str,
    },
    /// A key that the action does not use.
    #[error("the action {action} does not take it; it takes only {taken}")]
    NotTaken {
        /// The action.
        action: &'static str,
        /// The keys that the action uses.
        taken: &'static str,
    },
    /// A label name that Loki refuses, or a template that can only expand to such names.
    #[error(
        "label name {0:?} does not match [a-zA-Z_][a-zA-Z0-9_]*, in which $ may stand for groups of the regex"
    )]
    LabelName(String),
    /// A regular expression that does not compile.
    #[error(transparent)]
    Regex(#[from] go_regex::SyntaxError),
}

/// Returns the start of a message with the place.
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

/// A marker for an error that was added to [`Errors`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported;

/// A list of errors that is being collected.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<RelabelError>);

impl Errors {
    /// Adds an error.
    pub(crate) fn report(&mut self, place: String, kind: RelabelErrorKind) -> Reported {
        self.0.push(RelabelError { place, kind });
        Reported
    }

    /// Returns the collected errors, if there are any.
    pub(crate) fn into_result(self) -> Result<(), RelabelErrors> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(RelabelErrors(self.0)),
        }
    }
}
