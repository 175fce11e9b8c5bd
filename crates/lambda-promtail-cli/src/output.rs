//! Whom the output is for.

use clap::ValueEnum;

/// Whom the output is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// People.
    Text,
    /// Machines: JSON, one document a line.
    Json,
}
