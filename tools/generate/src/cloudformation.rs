//! The CloudFormation template's parameters for the settings, and the function's environment.

use lambda_promtail::settings::{self, DefaultValue, Setting};

use crate::deployment;

/// Returns the parameters of the settings that must be set, which come first in the console.
pub(crate) fn required_parameters() -> String {
    let required = settings::all().filter(|setting| setting.is_required);
    required.map(parameter).collect()
}

/// Returns the parameters of the other settings.
pub(crate) fn further_parameters() -> String {
    let further = settings::all().filter(|setting| !setting.is_required);
    further.map(parameter).collect()
}

/// Returns the function's environment variables.
pub(crate) fn environment() -> String {
    let variable = |setting: &Setting| match deployment::of(setting).cloudformation_value {
        Some((comment, value)) => format!("          # {comment}\n          {}: {value}\n", setting.name),
        None => format!("          {}: !Ref {}\n", setting.name, parameter_name(setting)),
    };
    settings::all().map(variable).collect()
}

fn parameter(setting: &Setting) -> String {
    let deployment = deployment::of(setting);
    let meaning = format!(
        "{}. {}",
        setting.name,
        capitalized(&setting.meaning.replace('`', ""))
    );
    let description = quoted(&deployment::sentences(&meaning, deployment.cloudformation_note));
    let default = match (deployment.cloudformation_default, setting.default()) {
        (Some(default), _) => default.to_owned(),
        (None, DefaultValue::Text(default)) if setting.is_boolean() => quoted(&default),
        // The variable is then empty, and the function's default applies.
        (None, _) => quoted(""),
    };
    let allowed = if setting.is_boolean() {
        "    AllowedValues: ['true', 'false']\n"
    } else {
        ""
    };
    let no_echo = if setting.is_secret() {
        "    NoEcho: true\n"
    } else {
        ""
    };
    format!(
        "  {}:\n    Description: {description}\n    Type: String\n    Default: {default}\n{allowed}{no_echo}",
        parameter_name(setting)
    )
}

fn parameter_name(setting: &Setting) -> String {
    if let Some(name) = deployment::of(setting).cloudformation_name {
        return name.to_owned();
    }
    let words = setting.name.split('_');
    words
        .map(|word| capitalized(&word.to_ascii_lowercase()))
        .collect()
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// Returns the text as a single-quoted scalar of YAML.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
