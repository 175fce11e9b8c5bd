//! The tables of the Terraform module's README, made from the module's files.

use std::path::Path;

use crate::hcl::{self, Block};
use crate::region::{GenerateError, read};
use crate::terraform;

const MODULE: &str = "deploy/terraform";

/// Returns upstream's variables beside those of this module.
pub(crate) fn upstream(top: &Path) -> Result<String, GenerateError> {
    let file = module_file(top, "variables_upstream.tf")?;
    let ours = hcl::blocks("variable", &file);
    let mut table = head(&["upstream's variable", "type", "default", "here", "meaning"]);
    for [name, kind, default] in terraform::upstream() {
        let variable = ours.iter().find(|variable| variable.name == name);
        let here = variable.map_or_else(
            || "missing".to_owned(),
            |variable| match (argument(variable, "type"), argument(variable, "default")) {
                same if same == (kind, default) => "the same".to_owned(),
                (same, "none") if same == kind => "must be set".to_owned(),
                (kind, default) => format!("`{kind}`, `{default}`"),
            },
        );
        let meaning = variable.map(Block::description).unwrap_or_default();
        table += &format!("| `{name}` | `{kind}` | `{default}` | {here} | {meaning} |\n");
    }
    Ok(table)
}

/// Returns the variables about the function and what is around it.
pub(crate) fn function(top: &Path) -> Result<String, GenerateError> {
    variables(top, "variables.tf")
}

/// Returns the variables for settings that upstream's module has none for.
pub(crate) fn settings(top: &Path) -> Result<String, GenerateError> {
    variables(top, "variables_settings.tf")
}

/// Returns the outputs.
pub(crate) fn outputs(top: &Path) -> Result<String, GenerateError> {
    let file = module_file(top, "outputs.tf")?;
    let blocks = hcl::blocks("output", &file);
    let row = |output: &Block<'_>| format!("| `{}` | {} |\n", output.name, output.description());
    Ok(head(&["name", "meaning"]) + &blocks.iter().map(row).collect::<String>())
}

/// Returns the examples, each with the comment that its `main.tf` begins with.
pub(crate) fn examples(top: &Path) -> Result<String, GenerateError> {
    let folder = top.join(MODULE).join("examples");
    let entries = std::fs::read_dir(&folder).map_err(|error| GenerateError::File { path: folder, error })?;
    let mut examples: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|example| example.join("main.tf").exists())
        .collect();
    examples.sort();
    let mut table = head(&["example", "what"]);
    for example in examples {
        let name = example.file_name().unwrap_or_default().to_string_lossy();
        let main = read(&example.join("main.tf"))?;
        let comment = main.lines().next().unwrap_or_default().trim_start_matches("# ");
        table += &format!("| [`{name}`](examples/{name}) | {comment} |\n");
    }
    Ok(table)
}

fn variables(top: &Path, name: &str) -> Result<String, GenerateError> {
    let file = module_file(top, name)?;
    let row = |variable: &Block<'_>| {
        let description = variable.description().replace('|', "\\|");
        format!(
            "| `{}` | `{}` | `{}` | {description} |\n",
            variable.name,
            argument(variable, "type"),
            argument(variable, "default")
        )
    };
    let rows: String = hcl::blocks("variable", &file).iter().map(row).collect();
    Ok(head(&["name", "type", "default", "meaning"]) + &rows)
}

fn argument<'a>(block: &Block<'a>, name: &str) -> &'a str {
    block.argument(name).unwrap_or("none")
}

fn head(columns: &[&str]) -> String {
    format!(
        "| {} |\n|{}\n",
        columns.join(" | "),
        " --- |".repeat(columns.len())
    )
}

fn module_file(top: &Path, name: &str) -> Result<String, GenerateError> {
    read(&top.join(MODULE).join(name))
}
