//! The errors and warnings about the environment.

use std::fmt;

use crate::logging::Escaped;

/// An error or a warning about one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The variable's name.
    pub variable: &'static str,
    /// The text, which says what is wrong and what would be right.
    pub text: String,
}

/// The errors in the environment, in the order of the settings table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SettingsError(pub Vec<Finding>);

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, Escaped(&self.text))
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "{} problem{s} in the environment", self.0.len())?;
        for finding in &self.0 {
            write!(f, "\n  {finding}")?;
        }
        Ok(())
    }
}
