//! What is wrong with one value.

/// What is wrong with one value.
#[derive(Debug)]
pub(super) enum Fault {
    /// It cannot be used.
    Problem(String),
    /// It can be, though hardly as it was meant.
    Warning(String),
}

impl Fault {
    /// A value that cannot be used, for a reason that an error tells.
    pub(super) fn problem(error: impl ToString) -> Self {
        Self::Problem(error.to_string())
    }
}
