//! An error with its place, and a list of them.

use std::fmt::{self, Debug, Display};

/// An error in a configuration, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic<K> {
    /// The index and the keys, as in `[2].target_label` or `[2].match.stages[0].json.source`. It is empty for an error
    /// of the whole text.
    pub place: String,
    /// The reason.
    pub kind: K,
}

/// All errors of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics<K>(pub Vec<Diagnostic<K>>);

impl<K: Display> Display for Diagnostic<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, kind } = self;
        match place.as_str() {
            "" => write!(f, "{kind}"),
            place => write!(f, "{place}: {kind}"),
        }
    }
}

impl<K: Display> Display for Diagnostics<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl<K: Debug + Display> std::error::Error for Diagnostic<K> {}

impl<K: Debug + Display> std::error::Error for Diagnostics<K> {}
