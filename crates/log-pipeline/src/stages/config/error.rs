//! What can be wrong with a pipeline's configuration.

use std::cell::RefCell;
use std::fmt;

use super::Place;
use crate::UnknownField;

/// All that is wrong with a pipeline's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageErrors(pub Vec<StageError>);

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{kind}", place_prefix(.place))]
pub struct StageError {
    /// Index, stage and key, as in `[2].match.stages[0].json.source`; empty for the whole text.
    pub place: String,
    /// What is wrong.
    pub kind: StageErrorKind,
}

/// What is wrong with a value of the configuration, and what it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageErrorKind {
    /// The text is no JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// The text is YAML, as promtail's own configuration is.
    #[error("looks like YAML; expected the same list of stages as JSON: [{{\"json\": {{...}}}}, ...]")]
    Yaml,
    /// A field that the stage does not have.
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
    /// A stage that does not exist.
    #[error("there is no such stage; expected one of {}", crate::stages::table::names())]
    UnknownStage,
    /// A key that has to be there is not.
    #[error("is missing; {0}")]
    Missing(&'static str),
    /// Text that says something, but is empty.
    #[error("is empty; {0}")]
    Empty(&'static str),
    /// Another value than the ones allowed.
    #[error("{value:?} is not allowed; {allowed}")]
    Value {
        /// The value as written.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Keys that do not go together, or need one another.
    #[error("{0}")]
    Combination(&'static str),
    /// A name that no label can have.
    #[error("label name {0:?} does not match [a-zA-Z_][a-zA-Z0-9_]*")]
    LabelName(String),
    /// A regular expression that does not compile.
    #[error("regular expression {pattern:?} (RE2 syntax): {reason}")]
    Pattern {
        /// The expression.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A JMESPath expression that does not compile.
    #[error("JMESPath expression {expression:?}: {reason}")]
    JmesPath {
        /// The expression.
        expression: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A template that does not compile.
    #[error("{0}")]
    Template(String),
    /// A selector that does not parse.
    #[error("selector, column {column}: {reason}")]
    Selector {
        /// Where in the selector, in characters from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A file that cannot be used.
    #[error("file {path}: {reason}")]
    File {
        /// Its path.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

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

/// Says that something is wrong, and that [`Errors`] has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported;

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Errors(RefCell<Vec<StageError>>);

impl Errors {
    pub(crate) fn report(&self, place: &Place, kind: StageErrorKind) -> Reported {
        self.0.borrow_mut().push(StageError {
            place: place.to_string(),
            kind,
        });
        Reported
    }

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
