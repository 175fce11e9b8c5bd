//! The environment as a trait, so that tests do not touch the real one.

use std::collections::HashMap;
use std::ffi::OsString;
use std::{fs, io};

/// A source of environment variables.
pub trait Environment {
    /// Returns the variable's value, if it is set.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// Returns the names of all variables that are set.
    fn names(&self) -> Vec<String>;

    /// Returns the text of a file that a variable names.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or is not UTF-8.
    fn file(&self, path: &str) -> io::Result<String>;

    /// Returns the variable's value as text, if it is set and not empty. Deployment tools set a variable that has no
    /// value to the empty string.
    fn text(&self, name: &str) -> Option<String> {
        let text = self.variable(name)?.to_string_lossy().into_owned();
        (!text.is_empty()).then_some(text)
    }
}

/// The environment of this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn variable(&self, name: &str) -> Option<OsString> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the only place that reads the process environment"
        )]
        std::env::var_os(name)
    }

    fn names(&self) -> Vec<String> {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        names.collect()
    }

    fn file(&self, path: &str) -> io::Result<String> {
        fs::read_to_string(path)
    }
}

impl Environment for HashMap<&str, &str> {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.get(name).map(OsString::from)
    }

    fn names(&self) -> Vec<String> {
        self.keys().map(ToString::to_string).collect()
    }

    /// Returns the value stored under the path: a test keeps a file as a variable whose name is the file's path.
    fn file(&self, path: &str) -> io::Result<String> {
        self.get(path)
            .map(ToString::to_string)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
