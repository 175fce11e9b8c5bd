//! The declaration of one variable.

use super::value::{Optional, Value};

/// The declaration of one variable.
#[derive(Debug)]
pub struct Setting {
    /// The variable's name.
    pub name: &'static str,
    /// The description in the documentation and in the deployments' variables.
    pub meaning: &'static str,
    /// The way in which its value may be shown.
    pub shown: Shown,
    /// The form in which its value is given.
    pub form: ValueForm,
    /// Whether the function cannot start without it.
    pub is_required: bool,
    /// Another name, which is read if nothing is set under the first.
    pub(super) other_name: Option<&'static str>,
    /// The typed value, with its default.
    pub(super) value: &'static dyn Value,
}

/// The value that applies if a variable is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// The variable must be set.
    Required,
    /// The variable has no default value.
    None,
    /// The text of the default value.
    Text(String),
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
        meaning: "",
        shown: Shown::AsIs,
        form: ValueForm::AsIs,
        is_required: false,
        other_name: None,
        value: &Optional(|_, _| Ok(())),
    };

    /// Returns the value that applies if the variable is not set, or empty.
    pub fn default(&self) -> DefaultValue {
        match self.value.default_text() {
            _ if self.is_required => DefaultValue::Required,
            Some(text) => DefaultValue::Text(text),
            None => DefaultValue::None,
        }
    }

    /// Returns whether the variable is `true` or `false`.
    pub fn is_boolean(&self) -> bool {
        matches!(self.value.default_text().as_deref(), Some("true" | "false"))
    }

    /// Returns whether the value is a secret or may contain one. That of [`Shown::Url`] is not meant to, and is what
    /// people look for in the plan of a deployment.
    pub fn is_secret(&self) -> bool {
        matches!(self.shown, Shown::Secret | Shown::Proxy)
    }
}
