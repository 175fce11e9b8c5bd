//! `check`: prints the effective settings, and everything that is wrong with them, and asks Loki.

use std::io::{self, Write};

use lambda_promtail::settings::{Origin, effective, markdown_table};
use lambda_promtail::{Environment, Function, Settings};

use crate::Outcome;

/// Prints the effective settings, with secrets masked, and every error and warning about them.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print the description of each setting instead, as a Markdown table.
    #[arg(long, conflicts_with = "connect")]
    markdown: bool,
    /// Also send one push without entries to Loki, which stores nothing, to check the address, TLS and the credentials.
    #[arg(long)]
    connect: bool,
}

pub(crate) async fn run(arguments: &Arguments, environment: &impl Environment) -> Outcome {
    let mut out = io::stdout();
    if arguments.markdown {
        write!(out, "{}", markdown_table())?;
        return Ok(());
    }
    let settings = effective(environment);
    let longest_name = settings.iter().map(|setting| setting.name.len()).max();
    let names = longest_name.unwrap_or_default();
    for setting in settings {
        let origin = match (setting.origin, setting.value.is_empty()) {
            (_, true) => "not set",
            (Origin::Environment, false) => "",
            (Origin::Default, false) => "default",
        };
        let line = format!("{:<names$}  {:<48}  {origin}", setting.name, setting.value);
        writeln!(out, "{}", line.trim_end())?;
    }
    let settings = Settings::read(environment)?;
    for warning in &settings.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    writeln!(out, "the settings are good")?;
    if arguments.connect {
        let address = settings.client.write_address.to_string();
        let function = Function::new(settings)?;
        let is_loki = function
            .probe()
            .await
            .map_err(|error| format!("{address}: {error}"))?;
        match is_loki {
            true => writeln!(out, "Loki takes pushes at {address}")?,
            false => writeln!(
                out,
                "warning: {address} answers, but not as Loki does to a push without entries"
            )?,
        }
    }
    Ok(())
}
