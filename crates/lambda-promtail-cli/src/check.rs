//! `check`: prints the effective settings, and everything that is wrong with them, and asks Loki.

use std::io::{self, Write};

use lambda_promtail::settings::{Origin, effective, markdown_table};
use lambda_promtail::{Environment, Function, Settings};

use crate::{Outcome, connections};

/// Prints the effective settings, with secrets masked, and every error and warning about them.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print the description of each setting instead, as a Markdown table.
    #[arg(long, conflicts_with = "connect")]
    markdown: bool,
    /// Also send one push without entries to Loki, which stores nothing, to check the address, TLS and the credentials, and
    /// fetch the secrets that AWS keeps.
    #[arg(long)]
    connect: bool,
    /// With --connect, also read the beginning of this object, s3://bucket/key, or of the first one below
    /// s3://bucket/prefix/. The credentials need s3:GetObject, and s3:ListBucket for a prefix.
    #[arg(long, value_name = "S3_URI", requires = "connect")]
    read: Vec<String>,
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
        connections::check(&function, &address, &arguments.read, &mut out).await?;
    }
    Ok(())
}
