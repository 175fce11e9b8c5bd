//! The declaration of one variable.

use super::raw::Raw;
use super::value_issue::ValueIssue;

/// The declaration of one variable.
#[derive(Debug)]
pub struct Setting {
    /// The variable's name.
    pub name: &'static str,
    /// The value that applies if the variable is not set, or empty.
    pub default: DefaultValue,
    /// The description in the README and the documentation.
    pub meaning: &'static str,
    /// The way in which its value may be shown.
    pub shown: Shown,
    /// The form in which its value is given.
    pub form: ValueForm,
    /// Another name, which is read if nothing is set under the first.
    pub(super) other_name: Option<&'static str>,
    pub(super) read: fn(&mut Raw, &str) -> Result<(), ValueIssue>,
}

/// The value that applies if a variable is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// The variable must be set.
    Required,
    /// The variable has no default value.
    None,
    /// A default value, parsed as if it were set.
    Text(&'static str),
}

/// The form in which a variable's value is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// The value itself.
    AsIs,
    /// PEM text, its base64, or the path of a file that holds it.
    PemOrPath,
}

/// The way in which a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The value unchanged.
    AsIs,
    /// A push URL, without its password.
    Url,
    /// A proxy's URL, without its password.
    Proxy,
    /// A path unchanged, and PEM text abbreviated, because it is long.
    Pem,
    /// A secret, which is never shown.
    Secret,
}

impl Setting {
    /// The values that most variables have in common.
    pub(super) const PLAIN: Self = Self {
        name: "",
        default: DefaultValue::None,
        meaning: "",
        shown: Shown::AsIs,
        form: ValueForm::AsIs,
        other_name: None,
        read: |_, _| Ok(()),
    };
}
