//! The errors of relabelling rules.

use super::action::Action;
use json_config::{Collector, Diagnostic, Diagnostics, UnknownField};

/// All errors of a list of rules.
pub type RelabelErrors = Diagnostics<RelabelErrorKind>;

/// An error in a rule, and its place.
pub type RelabelError = Diagnostic<RelabelErrorKind>;

/// The errors of rules that are being compiled.
pub(crate) type Errors = Collector<RelabelErrorKind>;

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
