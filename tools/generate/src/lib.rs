//! The parts of documents and deployments that follow from the code.
//!
//! Each part is a [`Region`]: a file, the lines that enclose the part, and the function that returns its text. A new
//! one is a row of [`REGIONS`].

mod check;
mod checks;
mod cloudformation;
mod deployment;
mod hcl;
mod module_readme;
mod region;
mod terraform;

use std::path::Path;

use aws_logs::s3::{labels_markdown, types_markdown};
use lambda_promtail::metrics_markdown;
use lambda_promtail::settings::markdown_table;

pub use region::{GenerateError, Region};

const MODULE_ENVIRONMENT: &str = "deploy/terraform/environment.tf";
const MODULE_README: &str = "deploy/terraform/README.md";
const TEMPLATE: &str = "deploy/cloudformation/template.yaml";

/// All generated parts. A part that is made from another generated file comes after that file.
pub const REGIONS: &[Region] = &[
    Region::markdown("docs/src/settings.md", "<!-- settings -->", |_| {
        Ok(markdown_table())
    }),
    Region::markdown("docs/src/operations.md", "<!-- generated: metrics -->", |_| {
        Ok(metrics_markdown())
    }),
    Region::markdown("docs/src/sources/s3.md", "<!-- generated: s3-types -->", |_| {
        Ok(types_markdown())
    }),
    Region::markdown("docs/src/labels.md", "<!-- generated: s3-labels -->", |_| {
        Ok(labels_markdown())
    }),
    Region::code("deploy/checks/settings.tsv", "# generated: settings", |_| {
        Ok(checks::settings())
    }),
    Region::code(
        "deploy/terraform/variables_upstream.tf",
        "# generated: settings",
        |_| Ok(terraform::upstream_variables()),
    ),
    Region::code(
        "deploy/terraform/variables_settings.tf",
        "# generated: settings",
        |_| Ok(terraform::further_variables()),
    ),
    Region::code("deploy/terraform/checks.tf", "# generated: settings", |_| {
        Ok(terraform::checks())
    }),
    Region::code(MODULE_ENVIRONMENT, "# generated: settings", |_| {
        Ok(terraform::settings())
    }),
    Region::code(MODULE_ENVIRONMENT, "# generated: secrets", |_| {
        Ok(terraform::secret_settings())
    }),
    Region::code(TEMPLATE, "# generated: required settings", |_| {
        Ok(cloudformation::required_parameters())
    }),
    Region::code(TEMPLATE, "# generated: settings", |_| {
        Ok(cloudformation::further_parameters())
    }),
    Region::code(TEMPLATE, "# generated: groups", |_| Ok(cloudformation::groups())),
    Region::code(TEMPLATE, "# generated: labels", |_| Ok(cloudformation::labels())),
    Region::code(TEMPLATE, "# generated: environment", |_| {
        Ok(cloudformation::environment())
    }),
    Region::markdown(MODULE_README, "<!-- upstream -->", module_readme::upstream),
    Region::markdown(MODULE_README, "<!-- function -->", module_readme::function),
    Region::markdown(MODULE_README, "<!-- settings -->", module_readme::settings),
    Region::markdown(MODULE_README, "<!-- outputs -->", module_readme::outputs),
    Region::markdown(MODULE_README, "<!-- examples -->", module_readme::examples),
];

/// Writes all parts into the files under `top`, and returns the files that changed.
///
/// # Errors
/// Returns an error if a file cannot be read or written, or lacks the lines that enclose a part.
pub fn write(top: &Path) -> Result<Vec<&'static str>, GenerateError> {
    let mut changed = Vec::new();
    for region in REGIONS {
        if let Some(text) = region.renewed(top)? {
            region.write(top, &text)?;
            changed.push(region.file);
        }
    }
    changed.dedup();
    Ok(changed)
}

/// Returns the files under `top` in which a part is not what the code says.
///
/// # Errors
/// Returns an error if a file cannot be read, or lacks the lines that enclose a part.
pub fn stale(top: &Path) -> Result<Vec<&'static str>, GenerateError> {
    let mut stale = Vec::new();
    for region in REGIONS {
        if region.renewed(top)?.is_some() {
            stale.push(region.file);
        }
    }
    stale.dedup();
    Ok(stale)
}
