//! Dry runs, which print the entries that would be pushed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use lambda_promtail::{DryRunSettings, EntrySink, EventProgress, intake_from_environment};
use loki_push::{Entry, ItemId, TENANT_LABEL, Timestamp};
use serde::Serialize;

use crate::Outcome;
use crate::failures;
use crate::input::Input;
use crate::output::Output;
use crate::stream_count::StreamCount;

/// Prints the entries of the input; nothing is pushed.
pub(crate) async fn run(input: Input, output: Output, settings: DryRunSettings) -> Outcome {
    let mut printer = Printer::new(io::stdout().lock(), output);
    let intake = intake_from_environment(settings.intake, settings.pipeline);
    let mut progress = EventProgress::default();
    input.read(&intake, &mut progress, &mut printer).await;
    let (entries, streams) = printer.finish()?;

    writeln!(io::stderr(), "{}", summary(entries, &streams, &progress))?;
    if let Some(warning) = streams.warning() {
        writeln!(io::stderr(), "{warning}")?;
    }
    failures::of_reading(&progress)
}

/// Returns a summary of what would be pushed and dropped.
fn summary(entries: u64, streams: &StreamCount, progress: &EventProgress) -> String {
    let dropped = &progress.dropped;
    let mut text = format!("would push {entries} entries in {}", streams.text());
    for (count, why) in [
        (dropped.no_labels, "their streams have no labels left"),
        (dropped.empty_line, "the lines are empty"),
        (dropped.own_log_group, "they are the function's own log"),
        (dropped.relabelled, "a relabelling rule drops their stream"),
    ] {
        if count > 0 {
            text += &format!("; would drop {count} because {why}");
        }
    }
    for (reason, count) in &dropped.by_stage {
        text += &format!("; would drop {count} in a stage ({reason})");
    }
    if progress.times_guessed > 0 {
        text += &format!("; times guessed: {}", progress.times_guessed);
    }
    if progress.lines_cut > 0 {
        text += &format!("; lines cut: {}", progress.lines_cut);
    }
    text
}

/// A sink that prints entries in the order in which they arrive.
struct Printer<W> {
    out: W,
    output: Output,
    /// The stream whose labels were printed last.
    stream: Option<String>,
    streams: StreamCount,
    entries: u64,
    /// The error of the first write that failed; nothing is written after it.
    failed: Option<io::Error>,
}

impl<W: Write> Printer<W> {
    fn new(out: W, output: Output) -> Self {
        Self {
            out,
            output,
            stream: None,
            streams: StreamCount::default(),
            entries: 0,
            failed: None,
        }
    }

    fn print(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        let mut stream = entry.labels.to_string();
        if let Some(tenant) = entry.labels.tenant() {
            stream += &format!(" tenant {tenant:?}");
        }
        let is_new = self.stream.as_ref() != Some(&stream);
        if is_new {
            self.streams.add(&stream, &entry.labels);
        }
        match self.output {
            Output::Json => writeln!(self.out, "{}", serde_json::to_string(&JsonEntry::from(entry))?)?,
            Output::Text => {
                if is_new {
                    writeln!(self.out, "{stream}")?;
                }
                write!(
                    self.out,
                    "  {}  {}",
                    rfc3339(entry.timestamp),
                    entry.line.trim_end()
                )?;
                for (name, value) in &entry.metadata {
                    write!(self.out, "  {name}={value:?}")?;
                }
                writeln!(self.out)?;
            }
        }
        self.stream = Some(stream);
        Ok(())
    }

    /// Returns the number of entries, and their streams.
    fn finish(mut self) -> io::Result<(u64, StreamCount)> {
        match self.failed {
            Some(error) => return Err(error),
            None => self.out.flush()?,
        }
        Ok((self.entries, self.streams))
    }
}

impl<W: Write> EntrySink for Printer<W> {
    fn accept(&mut self, entry: &Entry<'_>, _: ItemId) {
        self.entries += 1;
        if self.failed.is_none() {
            self.failed = self.print(entry).err();
        }
    }
}

/// An entry in the JSON output.
#[derive(Serialize)]
struct JsonEntry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    labels: BTreeMap<&'a str, &'a str>,
    timestamp: String,
    line: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<&'a str, &'a str>,
}

impl<'a> From<&'a Entry<'_>> for JsonEntry<'a> {
    fn from(entry: &'a Entry<'_>) -> Self {
        let labels = entry.labels.iter().filter(|label| label.name != TENANT_LABEL);
        Self {
            tenant: entry.labels.tenant(),
            labels: labels
                .map(|label| (label.name.as_str(), label.value.as_str()))
                .collect(),
            timestamp: rfc3339(entry.timestamp),
            line: &entry.line,
            metadata: entry
                .metadata
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
        }
    }
}

pub(crate) fn rfc3339(time: Timestamp) -> String {
    // `jiff` formats years up to 9999; other times are printed in seconds.
    jiff::Timestamp::new(time.seconds(), time.subsec_nanos() as i32)
        .map_or_else(|_| format!("{} s", time.seconds()), |time| time.to_string())
}
