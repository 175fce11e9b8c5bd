//! The description of a type of log.

use super::format::{Format, Framing, Time};
use super::key::Matcher;

/// A type of log that AWS writes to S3: how its objects are recognised and read, and its documentation.
///
/// Each type is one value, in a file of its own in `types/`.
#[derive(Debug)]
pub struct LogType {
    /// The token in the names of upstream's labels: `s3_<service>`.
    pub(crate) token: &'static str,
    /// Recognises the keys of the type.
    pub(crate) matcher: Matcher,
    /// The way in which an object is cut into records.
    pub(crate) framing: Framing,
    /// The position of the time in a record and, for access-log mode, of its status.
    pub(crate) time: Time,
    pub(crate) docs: Docs,
}

/// The documentation of a type, from which the tables in the book are generated.
#[derive(Debug)]
pub(crate) struct Docs {
    /// The logs, as the first column of a table names them.
    pub(crate) title: &'static str,
    /// The content of the label `__aws_<token>`, or `None` if the type does not have it.
    pub(crate) src: Option<&'static str>,
    /// The content of the label `__aws_<token>_owner`, or `None` if the type does not have it.
    pub(crate) owner: Option<&'static str>,
    /// The keys, with placeholders in angle brackets; several patterns if there are several layouts, and none
    /// if the type has any key.
    pub(crate) keys: &'static [&'static str],
    /// An example of a key.
    pub(crate) example: &'static str,
    /// The field or text that gives an entry its time.
    pub(crate) time: &'static str,
    /// The page of AWS's documentation, or `None` if the logs are not AWS's.
    pub(crate) page: Option<&'static str>,
}

impl LogType {
    /// Returns the value of the label `__aws_log_type`, for example `s3_lb`.
    pub fn token(&self) -> &'static str {
        self.token
    }

    /// Returns an example of a key of this type.
    pub fn example_key(&self) -> &'static str {
        self.docs.example
    }

    /// Returns the format of an object that has not been read yet.
    pub(crate) fn format(&self) -> Format {
        Format::new(self.framing, self.time)
    }
}
