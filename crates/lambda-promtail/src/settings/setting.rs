//! One variable, and what is known of it.

use super::fault::Fault;
use super::raw::Raw;

/// One variable.
#[derive(Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What holds when it is not set, or empty.
    pub default: DefaultValue,
    /// What it does, in the words of the README.
    pub meaning: &'static str,
    /// How its value may be shown.
    pub shown: Shown,
    /// What its value is.
    pub given: Given,
    /// Another name that is looked for when there is nothing under the first.
    pub(super) also: Option<&'static str>,
    pub(super) read: fn(&mut Raw, &str) -> Result<(), Fault>,
}

/// What holds when a variable is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// It must be set.
    Required,
    /// Nothing.
    None,
    /// This value, read as if it were set.
    Text(&'static str),
}

/// What a variable's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// The value itself.
    AsIs,
    /// PEM text, or the path of a file that holds it.
    PemOrPath,
}

/// How a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    AsIs,
    /// A URL, without its password.
    Url,
    /// A proxy's URL, without its password.
    Proxy,
    /// PEM text, which is long; a path as it is.
    Pem,
    /// Never.
    Secret,
}

impl Setting {
    /// What most variables have in common.
    pub(super) const PLAIN: Self = Self {
        name: "",
        default: DefaultValue::None,
        meaning: "",
        shown: Shown::AsIs,
        given: Given::AsIs,
        also: None,
        read: |_, _| Ok(()),
    };
}
