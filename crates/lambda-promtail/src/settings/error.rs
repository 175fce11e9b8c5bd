//! The errors and warnings about the environment.

use std::borrow::Cow;
use std::fmt;

use crate::logging::Escaped;

/// An error or a warning about one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The variable's name. That of a setting, or one that resembles it.
    pub variable: Cow<'static, str>,
    /// The text, which says what is wrong and what would be right.
    pub text: String,
}

/// The errors in the environment, in the order of the settings table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SettingsError {
    /// The errors, at least one.
    pub errors: Vec<Finding>,
    /// The warnings, which may explain an error: a misspelt name leaves its setting missing.
    pub warnings: Vec<Finding>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, Escaped(&self.text))
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.errors.len() == 1 { "" } else { "s" };
        write!(f, "{} problem{s} in the environment", self.errors.len())?;
        for finding in &self.errors {
            write!(f, "\n  {finding}")?;
        }
        for finding in &self.warnings {
            write!(f, "\n  warning: {finding}")?;
        }
        Ok(())
    }
}
