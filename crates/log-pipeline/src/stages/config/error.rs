//! The errors of a configuration of stages.

use std::cell::RefCell;
use std::fmt;

use super::Place;
use crate::UnknownField;

/// All errors of a configuration of stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageErrors(pub Vec<StageError>);

/// An error of a configuration, and its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{kind}", place_prefix(.place))]
pub struct StageError {
    /// The index, stage and key, as in `[2].match.stages[0].json.source`. It is empty for an error of the whole text.
    pub place: String,
    /// The reason.
    pub kind: StageErrorKind,
}

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

/// Returns the start of a message with the place.
fn place_prefix(place: &str) -> String {
    match place {
        "" => String::new(),
        place => format!("{place}: "),
    }
}

impl fmt::Display for StageErrors {
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

impl std::error::Error for StageErrors {}

/// A marker for an error that was added to [`Errors`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported;

/// A list of errors that is being collected.
#[derive(Debug, Default)]
pub(crate) struct Errors(RefCell<Vec<StageError>>);

impl Errors {
    /// Adds an error.
    pub(crate) fn report(&self, place: &Place, kind: StageErrorKind) -> Reported {
        self.0.borrow_mut().push(StageError {
            place: place.to_string(),
            kind,
        });
        Reported
    }

    /// Returns the collected errors, if there are any.
    pub(crate) fn into_result(self) -> Result<(), StageErrors> {
        match self.0.into_inner() {
            errors if errors.is_empty() => Ok(()),
            errors => Err(StageErrors(errors)),
        }
    }
}

impl From<go_regex::SyntaxError> for StageErrorKind {
    fn from(error: go_regex::SyntaxError) -> Self {
        Self::Pattern {
            pattern: error.pattern,
            reason: error.kind.to_string(),
        }
    }
}
