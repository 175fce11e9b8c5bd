//! The Terraform module's variables for the settings, and the function's environment.

use lambda_promtail::settings::{self, Setting};

use crate::deployment;
use crate::hcl;

/// Name, type and default of each variable of upstream's module.
const UPSTREAM: &str = include_str!("../../../deploy/checks/upstream_variables.tsv");

/// Returns name, type and default of each variable of upstream's module, in its order.
pub(crate) fn upstream() -> impl Iterator<Item = [&'static str; 3]> {
    UPSTREAM.lines().filter_map(|line| {
        let mut columns = line.splitn(3, '\t');
        Some([columns.next()?, columns.next()?, columns.next()?])
    })
}

/// Returns the variables of settings that upstream's module has a variable for.
pub(crate) fn upstream_variables() -> String {
    variables(|setting| upstream_of(setting).is_some())
}

/// Returns the variables of the other settings.
pub(crate) fn further_variables() -> String {
    variables(|setting| upstream_of(setting).is_none())
}

/// Returns the map of settings that a plan shows.
pub(crate) fn settings() -> String {
    let shown: Vec<&Setting> = settings::all().filter(|setting| !setting.is_secret()).collect();
    let longest = shown
        .iter()
        .map(|setting| setting.name.len())
        .max()
        .unwrap_or_default();
    let row = |setting: &&Setting| format!("    {:<longest$} = {}\n", setting.name, value(setting));
    shown.iter().map(row).collect()
}

/// Returns the map of each secret setting that is set.
pub(crate) fn secret_settings() -> String {
    let row = |setting: &Setting| {
        let (name, value) = (setting.name, value(setting));
        format!("    nonsensitive({value} == \"\") ? {{}} : {{ {name} = {value} }},\n")
    };
    settings::all()
        .filter(|setting| setting.is_secret())
        .map(row)
        .collect()
}

fn variable_name(setting: &Setting) -> String {
    setting.name.to_ascii_lowercase()
}

/// Returns type and default of the setting's variable in upstream's module, if it has one.
fn upstream_of(setting: &Setting) -> Option<(&'static str, &'static str)> {
    let name = variable_name(setting);
    let [_, kind, default] = upstream().find(|[upstream, ..]| *upstream == name)?;
    Some((kind, default))
}

fn type_and_default(setting: &Setting) -> (&'static str, &'static str) {
    upstream_of(setting).unwrap_or(deployment::of(setting).terraform_type)
}

/// Returns the expression for what the function gets.
fn value(setting: &Setting) -> String {
    let variable = format!("var.{}", variable_name(setting));
    match (deployment::of(setting).terraform_value, type_and_default(setting)) {
        (Some(value), _) => value.to_owned(),
        (None, ("bool", _)) => format!("tostring({variable})"),
        (None, _) => variable,
    }
}

fn variables(is_here: impl Fn(&Setting) -> bool) -> String {
    let blocks: Vec<String> = settings::all()
        .filter(|setting| is_here(setting))
        .map(variable)
        .collect();
    blocks.join("\n")
}

fn variable(setting: &Setting) -> String {
    let deployment = deployment::of(setting);
    let meaning = format!("`{}`: {}", setting.name, setting.meaning);
    let description = hcl::quoted(&deployment::sentences(&meaning, deployment.terraform_note));
    let (kind, default) = type_and_default(setting);
    let sensitive = if setting.is_secret() {
        "  sensitive   = true\n"
    } else {
        ""
    };
    format!(
        "variable \"{}\" {{\n  description = {description}\n  type        = {kind}\n  default     = {default}\n{sensitive}{}}}\n",
        variable_name(setting),
        deployment.terraform_block
    )
}
