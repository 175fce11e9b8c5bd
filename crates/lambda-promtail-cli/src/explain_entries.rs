//! `ship --explain`: prints what the pipeline does to each entry, rule by rule and stage by stage.

use std::io::{self, Write};

use lambda_promtail::{DryRunSettings, EntrySink, EventProgress, intake_from_environment};
use log_pipeline::{Effect, ExplainedStep, Explanation, ExtractedValue, Pipeline, Run};
use loki_push::{Entry, ItemId};
use serde_json::{Value, json};

use crate::Outcome;
use crate::dry_run::rfc3339;
use crate::failures;
use crate::input::Input;
use crate::output::Output;

/// Reads the input and prints the steps of each of its entries through the pipeline; nothing is pushed.
pub(crate) async fn run(input: Input, output: Output, settings: DryRunSettings) -> Outcome {
    // The intake has no pipeline, because the explainer runs the pipeline itself.
    let intake = intake_from_environment(settings.intake, Pipeline::default());
    let mut explainer = Explainer {
        out: io::stdout().lock(),
        output,
        pipeline: &settings.pipeline,
        run: None,
        entries: 0,
        failed: None,
    };
    let mut progress = EventProgress::default();
    input.read(&intake, &mut progress, &mut explainer).await;
    explainer.finish()?;
    failures::of_reading(&progress)
}

struct Explainer<'p, W> {
    out: W,
    output: Output,
    pipeline: &'p Pipeline,
    /// The run of the pipeline for the item that the last entry came from.
    run: Option<(ItemId, Run<'p>)>,
    entries: u64,
    /// The error of the first write that failed; nothing is written after it.
    failed: Option<io::Error>,
}

impl<W: Write> EntrySink for Explainer<'_, W> {
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) {
        if self.failed.is_none() {
            self.failed = self.explain(entry, item).err();
        }
    }
}

impl<W: Write> Explainer<'_, W> {
    fn explain(&mut self, entry: &Entry<'_>, item: ItemId) -> io::Result<()> {
        if self.run.as_ref().is_some_and(|(of, _)| *of != item) {
            self.end_item()?;
        }
        self.entries += 1;
        let number = self.entries;
        let (_, run) = self.run.get_or_insert_with(|| (item, self.pipeline.run()));
        let explanation = self.pipeline.explain_in(run, entry, item);
        match self.output {
            Output::Text => self.print_text(&format!("entry {number}"), &explanation),
            Output::Json => self.print_json(Some(number), &explanation),
        }
    }

    /// Prints the entries that stages held back until the end of the item.
    fn end_item(&mut self) -> io::Result<()> {
        let Some((_, mut run)) = self.run.take() else {
            return Ok(());
        };
        let mut rest = Explanation::default();
        let entries = run.explain_finish(&mut rest.steps);
        rest.entries = entries.into_iter().map(|(entry, _)| entry).collect();
        if rest.steps.is_empty() && rest.entries.is_empty() {
            return Ok(());
        }
        match self.output {
            Output::Text => self.print_text("at the end", &rest),
            Output::Json => self.print_json(None, &rest),
        }
    }

    fn finish(mut self) -> io::Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.end_item()?;
        self.out.flush()
    }

    /// Prints each step with the values that it changed.
    fn print_text(&mut self, title: &str, explanation: &Explanation) -> io::Result<()> {
        writeln!(self.out, "{title}")?;
        let mut before: Option<&ExplainedStep> = None;
        for step in &explanation.steps {
            writeln!(self.out, "  {}{}", place(step), effect(&step.effect))?;
            for (name, value) in changes(before, step) {
                writeln!(self.out, "    {name:<10}{value}")?;
            }
            before = Some(step);
        }
        for entry in &explanation.entries {
            let (labels, time) = (&entry.labels, rfc3339(entry.timestamp));
            writeln!(
                self.out,
                "  pushed\n    {labels}\n    {time}  {}",
                entry.line.trim_end()
            )?;
        }
        Ok(())
    }

    /// Prints each step with all values.
    fn print_json(&mut self, entry: Option<u64>, explanation: &Explanation) -> io::Result<()> {
        let steps: Vec<Value> = explanation.steps.iter().map(step_json).collect();
        let pushed: Vec<Value> = explanation.entries.iter().map(entry_json).collect();
        writeln!(
            self.out,
            "{}",
            json!({"entry": entry, "steps": steps, "pushed": pushed})
        )
    }
}

fn place(step: &ExplainedStep) -> String {
    match step.place.starts_with('[') {
        true => format!("stage {}", step.place),
        false => step.place.clone(),
    }
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Kept => String::new(),
        Effect::PassedBy => ": does not match".to_owned(),
        Effect::Dropped(reason) => format!(": dropped ({reason})"),
        Effect::Held => ": waits for the lines that belong to it".to_owned(),
        Effect::Released => ": complete".to_owned(),
    }
}

/// Returns the names and texts of the values that differ from those of the step before.
fn changes(before: Option<&ExplainedStep>, step: &ExplainedStep) -> Vec<(&'static str, String)> {
    let describe = |step: &ExplainedStep| {
        [
            ("labels", step.labels.to_string()),
            ("time", rfc3339(step.timestamp)),
            ("line", step.line.trim_end().to_owned()),
            (
                "metadata",
                pairs(
                    step.metadata
                        .iter()
                        .map(|(name, value)| (name, format!("{value:?}"))),
                ),
            ),
            (
                "extracted",
                pairs(
                    step.extracted
                        .iter()
                        .map(|(name, value)| (name, extracted(value).to_string())),
                ),
            ),
        ]
    };
    let was = before.map(describe);
    let changed = describe(step)
        .into_iter()
        .enumerate()
        .filter(|(at, field)| match &was {
            Some(was) => was[*at] != *field,
            None => !field.1.is_empty(),
        });
    changed.map(|(_, field)| field).collect()
}

fn pairs<'a>(pairs: impl Iterator<Item = (&'a String, String)>) -> String {
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join(" ")
}

fn extracted(value: &ExtractedValue) -> Value {
    match value {
        ExtractedValue::Nil => Value::Null,
        ExtractedValue::Text(text) => json!(text),
        ExtractedValue::Number(number) => json!(number),
        ExtractedValue::Bool(bool) => json!(bool),
    }
}

fn step_json(step: &ExplainedStep) -> Value {
    let effect = match &step.effect {
        Effect::Kept => json!("kept"),
        Effect::PassedBy => json!("passed by"),
        Effect::Dropped(reason) => json!({ "dropped": &**reason }),
        Effect::Held => json!("held"),
        Effect::Released => json!("released"),
    };
    let values: serde_json::Map<String, Value> = step
        .extracted
        .iter()
        .map(|(name, value)| (name.clone(), extracted(value)))
        .collect();
    json!({
        "place": place(step),
        "effect": effect,
        "labels": labels(&step.labels),
        "timestamp": rfc3339(step.timestamp),
        "line": step.line,
        "metadata": step.metadata.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        "extracted": values,
    })
}

fn entry_json(entry: &Entry<'_>) -> Value {
    json!({
        "labels": labels(&entry.labels),
        "timestamp": rfc3339(entry.timestamp),
        "line": entry.line,
        "metadata": entry.metadata.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
    })
}

fn labels(labels: &loki_push::LabelSet) -> Value {
    let pairs = labels
        .iter()
        .map(|label| (label.name.clone(), json!(label.value)));
    Value::Object(pairs.collect())
}
