//! Places in a configuration.

use std::fmt;

/// A path such as `[2].match.stages[0].json.source`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    /// Returns the place of an element of a list.
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// Returns the same place, with the name that the user gave to what is there: `[2] (s3_app)`.
    pub fn named(&self, name: &str) -> Self {
        Self(format!("{} ({name})", self.0))
    }

    /// Returns the place of a member of an object.
    pub fn key(&self, key: &str) -> Self {
        Self(format!("{}.{key}", self.0))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
