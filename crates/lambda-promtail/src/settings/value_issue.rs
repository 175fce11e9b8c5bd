//! Errors and warnings about one value.

/// An error or a warning about one value.
#[derive(Debug)]
pub(super) enum ValueIssue {
    /// The value cannot be used.
    Error(String),
    /// The value is used, but probably does not do what was intended.
    Warning(String),
}

impl ValueIssue {
    /// Returns an error about a value that cannot be used.
    pub(super) fn error(error: impl ToString) -> Self {
        Self::Error(error.to_string())
    }
}
