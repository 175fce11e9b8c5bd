//! The Terraform module's variables for the settings, and the function's environment.

use lambda_promtail::settings::{self, Setting};

use crate::check::{self, Check};
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

/// Returns type and default of the setting's variable. A variable without a default must be set.
fn type_and_default(setting: &Setting) -> (&'static str, Option<&'static str>) {
    if setting.is_required {
        return ("string", None);
    }
    let deployment = deployment::of(setting);
    let (kind, default) = upstream_of(setting).unwrap_or(deployment.terraform_type);
    (kind, Some(deployment.terraform_default.unwrap_or(default)))
}

/// Returns the warnings about values with which the function starts, but which it does not take as they are.
pub(crate) fn checks() -> String {
    let texts = settings::all().filter(|setting| type_and_default(setting).0 == "string");
    let conditions = texts.filter_map(|setting| {
        let (words, expected, otherwise) = match check::of(setting) {
            None if setting.is_boolean() => (
                r#"["", "true", "false"]"#.to_owned(),
                "true or false".to_owned(),
                "takes any other text as false",
            ),
            Some(check @ Check::Words(words)) if is_lenient(setting) => {
                let words = format!("{:?}", [&[""], words].concat());
                (words, check.expected(), "uses its default instead")
            }
            _ => return None,
        };
        let name = variable_name(setting);
        Some(format!(
            "  assert {{\n    condition     = contains({words}, lower(var.{name}))\n    error_message = \"{name} should be \
             {expected}: the function {otherwise}.\"\n  }}\n"
        ))
    });
    let asserts: Vec<String> = conditions.collect();
    format!("check \"settings\" {{\n{}}}\n", asserts.join("\n"))
}

/// Returns whether the function starts with a value that is not one of the setting's words.
fn is_lenient(setting: &Setting) -> bool {
    setting.name == "LOG_LEVEL"
}

/// Returns the block that refuses a value with which the function does not start, or nothing.
fn validation(setting: &Setting) -> String {
    let Some(check) = check::of(setting).filter(|_| !is_lenient(setting)) else {
        return String::new();
    };
    let (name, variable) = (variable_name(setting), format!("var.{}", variable_name(setting)));
    let condition = match check {
        Check::Pattern { pattern, .. } => {
            let empty = if setting.is_required { "" } else { "|" };
            let pattern = hcl::quoted(&format!("^({empty}{pattern})$"));
            format!("can(regex({pattern}, {variable}))")
        }
        Check::Words(words) => format!("contains({:?}, lower({variable}))", [&[""], words].concat()),
        Check::JsonArray { .. } => format!(
            r#"{variable} == "" || can(regex("^\\s*\\[", {variable})) && can(jsondecode({variable}))"#
        ),
        Check::Pairs => format!(r#"{variable} == "" || length(split(",", {variable})) % 2 == 0"#),
    };
    let note = deployment::of(setting).terraform_check_note;
    let note = if note.is_empty() {
        String::new()
    } else {
        format!("; {note}")
    };
    let message = hcl::quoted(&format!("{name} must be {}{note}.", check.expected()));
    format!("\n  validation {{\n    condition     = {condition}\n    error_message = {message}\n  }}\n")
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
    let default = default.map_or_else(String::new, |default| format!("  default     = {default}\n"));
    format!(
        "variable \"{}\" {{\n  description = {description}\n  type        = {kind}\n{default}{sensitive}{}}}\n",
        variable_name(setting),
        validation(setting)
    )
}
