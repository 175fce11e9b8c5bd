//! `check`: the settings in force, or all that is wrong with them.

use std::io::{self, Write};

use lambda_promtail::settings::{Origin, effective, markdown_table};
use lambda_promtail::{Environment, Settings};

use crate::Outcome;

/// Prints the settings in force, secrets masked, or every problem with them.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print what each setting means instead, as a Markdown table.
    #[arg(long)]
    markdown: bool,
}

pub(crate) fn run(arguments: &Arguments, environment: &impl Environment) -> Outcome {
    let mut out = io::stdout().lock();
    if arguments.markdown {
        write!(out, "{}", markdown_table())?;
        return Ok(());
    }
    for setting in effective(environment) {
        let origin = match (setting.origin, setting.value.is_empty()) {
            (_, true) => "not set",
            (Origin::Environment, false) => "",
            (Origin::Default, false) => "default",
        };
        let line = format!("{:<26}{:<50}{origin}", setting.name, setting.value);
        writeln!(out, "{}", line.trim_end())?;
    }
    let settings = Settings::read(environment)?;
    for warning in &settings.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    writeln!(out, "the settings are good")?;
    Ok(())
}
