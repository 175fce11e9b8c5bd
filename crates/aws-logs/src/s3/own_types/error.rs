//! The errors of `S3_LOG_TYPES`.

use json_config::{Collector, Diagnostic, Diagnostics, UnknownField};

/// All errors of a list of types.
pub type OwnTypeErrors = Diagnostics<OwnTypeErrorKind>;

/// An error in a type, and its place.
pub type OwnTypeError = Diagnostic<OwnTypeErrorKind>;

/// The errors of types that are being read.
pub(super) type Errors = Collector<OwnTypeErrorKind>;

/// The reason of an error, and what is expected instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnTypeErrorKind {
    /// The text is not JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// The text is YAML.
    #[error("looks like YAML; expected a JSON array of types: [{{\"name\": \"s3_app\", ...}}, ...]")]
    Yaml,
    /// A member that does not exist.
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
    /// A required member is missing.
    #[error("is missing; expected {0}")]
    Missing(&'static str),
    /// A text is empty.
    #[error("is empty; expected {0}")]
    Empty(&'static str),
    /// A name from which no label name can be made.
    #[error("name {0:?} does not match [a-zA-Z0-9_]+, of which the label __aws_<name> is made")]
    Name(String),
    /// A regular expression that does not compile.
    #[error(transparent)]
    Regex(#[from] go_regex::SyntaxError),
    /// A format that does not exist.
    #[error("unknown format {format:?}; expected one of {expected}")]
    Format {
        /// The format that was given.
        format: String,
        /// The formats that exist.
        expected: String,
    },
    /// A member that another format has.
    #[error("the format {format} does not take it; {advice}")]
    NotTaken {
        /// The format.
        format: &'static str,
        /// The formats that take it, or what to use instead.
        advice: &'static str,
    },
    /// A time that has neither a field nor a regular expression, or both.
    #[error("has {found}; expected field, or regex with one group")]
    Place {
        /// The members that were found.
        found: &'static str,
    },
    /// A regular expression for times that does not have one group.
    #[error(
        "regular expression {regex:?} has {groups} groups; expected one, around the time; (?:...) does not count"
    )]
    Groups {
        /// The regular expression.
        regex: String,
        /// The number of its groups.
        groups: usize,
    },
    /// A text that does not determine a time.
    #[error(
        "{0:?} does not determine a time; expected RFC3339, unix, unix_ms, unix_us, unix_ns, or a layout of Go with year, month and day, such as 2006-01-02 15:04:05 or 2006-01-02 03:04:05 PM"
    )]
    TimeFormat(String),
    /// A label name that Loki refuses.
    #[error("label name {0:?} does not match [a-zA-Z_][a-zA-Z0-9_]*")]
    LabelName(String),
    /// A label that the type sets itself.
    #[error("the type sets this label itself, from {0}; expected another name")]
    OwnLabel(&'static str),
    /// A template with a dollar sign that refers to nothing.
    #[error(
        "{0:?} has a $ that begins no reference; expected ${{name}} for a group of the key, or $$ for a dollar sign"
    )]
    Template(String),
    /// A reference to a group that the key does not have.
    #[error("the key has no group {group:?}; {groups}")]
    NoGroup {
        /// The group that the template refers to.
        group: String,
        /// The groups that the key has.
        groups: String,
    },
}
