//! The environment as a trait, so that no test touches the real one.

use std::collections::HashMap;
use std::ffi::OsString;
use std::{fs, io};

/// Where variables come from.
pub trait Environment {
    /// The variable's value, if it is set.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// The text of a file that a variable names.
    ///
    /// # Errors
    /// When it cannot be read, or is not UTF-8.
    fn file(&self, path: &str) -> io::Result<String>;

    /// The variable's value as text, if it is set and not empty. Deployment tools set what they have no
    /// value for to nothing.
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
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads it")]
        std::env::var_os(name)
    }

    fn file(&self, path: &str) -> io::Result<String> {
        fs::read_to_string(path)
    }
}

impl Environment for HashMap<&str, &str> {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.get(name).map(OsString::from)
    }

    /// A file is a variable whose name is its path.
    fn file(&self, path: &str) -> io::Result<String> {
        self.get(path)
            .map(ToString::to_string)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
