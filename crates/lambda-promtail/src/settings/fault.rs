//! Errors and warnings about one value.

/// An error or a warning about one value.
#[derive(Debug)]
pub(super) enum Fault {
    /// The value cannot be used.
    Problem(String),
    /// The value is used, but probably does not do what was intended.
    Warning(String),
}

impl Fault {
    /// Returns an error about a value that cannot be used.
    pub(super) fn problem(error: impl ToString) -> Self {
        Self::Problem(error.to_string())
    }
}
