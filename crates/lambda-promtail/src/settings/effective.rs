//! The effective settings, for display.

use loki_client::{ProxyAddress, WriteAddress};

use super::pem::{is_pem, may_be_path};
use super::setting::{DefaultValue, Setting, Shown};
use super::table;
use crate::Environment;

/// The effective value of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The variable's name.
    pub name: &'static str,
    /// The value, a secret as `***`; empty if there is none.
    pub value: String,
    /// The origin of the value.
    pub origin: Origin,
}

/// The origin of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The environment.
    Environment,
    /// The settings table.
    Default,
}

/// Returns the effective value of every variable, in the order of the table.
pub fn effective(environment: &impl Environment) -> Vec<Effective> {
    let row = |setting: &Setting| {
        let (value, origin) = match (setting.text(environment), setting.default()) {
            (Some(text), _) => (shown(setting, &text), Origin::Environment),
            (None, DefaultValue::Text(text)) => (text, Origin::Default),
            (None, DefaultValue::Required | DefaultValue::None) => (String::new(), Origin::Default),
        };
        Effective {
            name: setting.name,
            value,
            origin,
        }
    };
    table::all().map(row).collect()
}

fn shown(setting: &Setting, text: &str) -> String {
    match setting.shown {
        Shown::AsIs => text.to_owned(),
        Shown::Secret => "***".to_owned(),
        Shown::Pem if is_pem(text) || !may_be_path(text) => "(PEM text)".to_owned(),
        Shown::Pem => text.to_owned(),
        Shown::Proxy => ProxyAddress::parse(text).map_or_else(|_| "***".to_owned(), |url| url.to_string()),
        // A value that is not a URL is masked, because it could contain a password; reading the settings reports it.
        Shown::Url => WriteAddress::parse(text).map_or_else(|_| "***".to_owned(), |url| url.to_string()),
    }
}
