//! The errors of a configuration of stages.

use json_config::{Collector, Diagnostic, Diagnostics, UnknownField};

/// All errors of a configuration of stages.
pub type StageErrors = Diagnostics<StageErrorKind>;

/// An error of a configuration, and its place.
pub type StageError = Diagnostic<StageErrorKind>;

/// The errors of stages that are being compiled.
pub(crate) type Errors = Collector<StageErrorKind>;

/// The reason of an error, and what is expected instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageErrorKind {
    /// The text is not JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// The text is YAML, the format of promtail's own configuration.
    #[error("looks like YAML; expected the same list of stages as JSON: [{{\"json\": {{...}}}}, ...]")]
    Yaml,
    /// A field that the stage does not have.
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
    /// An unknown stage.
    #[error("there is no such stage; expected one of {}", crate::stages::table::names())]
    UnknownStage,
    /// A required key is missing.
    #[error("is missing; {0}")]
    Missing(&'static str),
    /// A required text is empty.
    #[error("is empty; {0}")]
    Empty(&'static str),
    /// A value that is not allowed.
    #[error("{value:?} is not allowed; {allowed}")]
    Value {
        /// The value as written.
        value: String,
        /// The allowed values.
        allowed: &'static str,
    },
    /// A combination of keys that is not allowed.
    #[error("{0}")]
    Combination(&'static str),
    /// An invalid label name.
    #[error("label name {0:?} does not match [a-zA-Z_][a-zA-Z0-9_]*")]
    LabelName(String),
    /// A regular expression that does not compile.
    #[error("regular expression {pattern:?} (RE2 syntax): {reason}")]
    Pattern {
        /// The expression.
        pattern: String,
        /// The reason.
        reason: String,
    },
    /// A JMESPath expression that does not compile.
    #[error("JMESPath expression {expression:?}: {reason}")]
    JmesPath {
        /// The expression.
        expression: String,
        /// The reason.
        reason: String,
    },
    /// A template that does not compile.
    #[error("{0}")]
    Template(String),
    /// A selector that does not parse.
    #[error("selector, column {column}: {reason}")]
    Selector {
        /// The column in the selector, in characters from 1.
        column: usize,
        /// The reason.
        reason: String,
    },
    /// A file that cannot be used.
    #[error("file {path}: {reason}")]
    File {
        /// The path of the file.
        path: String,
        /// The reason.
        reason: String,
    },
}

impl From<go_regex::SyntaxError> for StageErrorKind {
    fn from(error: go_regex::SyntaxError) -> Self {
        Self::Pattern {
            pattern: error.pattern,
            reason: error.kind.to_string(),
        }
    }
}
