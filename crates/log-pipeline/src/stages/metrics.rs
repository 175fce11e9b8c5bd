//! The stage `metrics`, which counts entries and values for the summary of the invocation.
//!
//! As upstream, nothing else exposes the metrics. They have no labels here.

use std::collections::BTreeMap;
use std::sync::Arc;

use go_time::Duration;

use super::config::{Errors, Fields, Node, Place, Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::PipelineEntry;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct MetricsStage {
    metrics: Vec<Metric>,
}

/// A metric.
#[derive(Debug)]
struct Metric {
    /// The name in the summary.
    name: String,
    source: Arc<str>,
    /// The text that the value must equal to be counted.
    value: Option<String>,
    /// The change of the metric for each counted entry.
    action: Action,
    /// Whether every entry is counted, whatever its values are.
    match_all: bool,
    /// Whether the length of the line is added.
    count_entry_bytes: bool,
}

/// The change of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Set,
    Inc,
    Dec,
    /// Only a gauge accepts negative numbers.
    Add {
        negative: bool,
    },
    Sub,
    Observer,
}

impl MetricsStage {
    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.named_fields()?;
        let metrics = fields.entries().iter();
        let metrics =
            metrics.map(|(name, node)| Metric::new(name, node, fields.place_of(name), fields.errors()));
        // All metrics are built before the first error is returned, so that errors of later metrics are reported,
        // too.
        let metrics: Vec<_> = metrics.collect();
        let metrics = metrics.into_iter().collect::<Result<_, _>>()?;
        Ok(Self { metrics })
    }

    /// Adds the entry to the metrics.
    pub(crate) fn apply(&self, entry: &PipelineEntry<'_>, counts: &mut BTreeMap<String, f64>) {
        for metric in &self.metrics {
            metric.count(entry, counts);
        }
    }
}

/// The configuration of a metric without one.
const NO_CONFIG: Node = Node::Null;

/// The keys of a metric.
const FIELDS: [&str; 6] = [
    "type",
    "description",
    "source",
    "prefix",
    "max_idle_duration",
    "config",
];

/// The keys of a metric's `config`, whatever its type is.
const CONFIG_FIELDS: [&str; 5] = ["action", "value", "match_all", "count_entry_bytes", "buckets"];

impl Metric {
    /// Builds a metric from its configuration.
    fn new(name: &str, node: &Node, place: Place, errors: &Errors) -> Result<Self, Reported> {
        let fields = Fields::of(node, place, errors)?.only(&FIELDS);
        let kind = fields.required_text("type", "expected Counter, Gauge or Histogram");
        let source = fields.text("source");
        let prefix = fields.text("prefix");
        let idle = check_idle_duration(&fields);
        fields.text("description")?;
        let config = Fields::of(
            fields.node("config").unwrap_or(&NO_CONFIG),
            fields.place_of("config"),
            errors,
        )?
        .only(&CONFIG_FIELDS);
        let value = config.text("value");
        let (match_all, count_entry_bytes) = (config.flag("match_all"), config.flag("count_entry_bytes"));
        let action = action(&fields, &config, &kind?);
        idle?;
        let (value, match_all, count_entry_bytes) = (value?, match_all?, count_entry_bytes?);
        if match_all && value.is_some() {
            let problem = "match_all and value exclude each other";
            return Err(config.report_stage(StageErrorKind::Combination(problem)));
        }
        if count_entry_bytes && !match_all {
            let problem = "count_entry_bytes needs match_all: true";
            return Err(config.report_stage(StageErrorKind::Combination(problem)));
        }
        let action = action?;
        if count_entry_bytes && action != (Action::Add { negative: false }) {
            let problem = "count_entry_bytes needs action: add";
            return Err(config.report_stage(StageErrorKind::Combination(problem)));
        }
        let prefix = prefix?.filter(|prefix| !prefix.is_empty());
        let prefix = prefix.as_deref().unwrap_or("promtail_custom_");
        Ok(Self {
            name: format!("{prefix}{name}"),
            source: source?
                .filter(|source| !source.is_empty())
                .as_deref()
                .unwrap_or(name)
                .into(),
            value,
            action,
            match_all,
            count_entry_bytes,
        })
    }

    /// Adds the entry to the metric.
    fn count(&self, entry: &PipelineEntry<'_>, counts: &mut BTreeMap<String, f64>) {
        let text = match (self.count_entry_bytes, self.match_all) {
            (true, _) => Some(entry.line.len().to_string()),
            (false, true) => Some(String::new()),
            (false, false) => entry
                .extracted
                .get(&self.source)
                .text()
                .map(|text| text.into_owned()),
        };
        let Some(text) = text.filter(|text| self.value.as_ref().is_none_or(|value| value == text)) else {
            return;
        };
        let mut slot = |suffix: &str, change: &dyn Fn(&mut f64)| {
            change(counts.entry(format!("{}{suffix}", self.name)).or_default());
        };
        match self.action {
            Action::Inc => slot("", &|count| *count += 1.0),
            Action::Dec => slot("", &|count| *count -= 1.0),
            Action::Set | Action::Add { .. } | Action::Sub | Action::Observer => {
                let Some(number) = number(&text) else { return };
                match self.action {
                    Action::Set => slot("", &|count| *count = number),
                    Action::Add { negative: false } if number < 0.0 => {}
                    Action::Add { .. } => slot("", &|count| *count += number),
                    Action::Sub => slot("", &|count| *count -= number),
                    _ => {
                        slot("_count", &|count| *count += 1.0);
                        slot("_sum", &|sum| *sum += number);
                    }
                }
            }
        }
    }
}

/// Parses a number, or a duration in seconds.
fn number(text: &str) -> Option<f64> {
    let number = text.parse::<f64>().ok();
    let number = number.or_else(|| Some(Duration::parse(text).ok()?.0 as f64 / 1e9));
    number.filter(|number| number.is_finite())
}

/// Checks `max_idle_duration`, which has no effect here.
fn check_idle_duration(fields: &Fields<'_>) -> Result<(), Reported> {
    match fields.duration("max_idle_duration")? {
        Some(nanos) if nanos < 1_000_000_000 => Err(fields.report(
            "max_idle_duration",
            StageErrorKind::Combination("expected at least 1s"),
        )),
        _ => Ok(()),
    }
}

/// Returns the action for a metric of that type.
fn action(fields: &Fields<'_>, config: &Fields<'_>, kind: &str) -> Result<Action, Reported> {
    let (allowed, actions): (_, &[(&str, Action)]) = match kind.to_lowercase().as_str() {
        "counter" => (
            "expected inc or add",
            &[("inc", Action::Inc), ("add", Action::Add { negative: false })],
        ),
        "gauge" => (
            "expected set, inc, dec, add or sub",
            &[
                ("set", Action::Set),
                ("inc", Action::Inc),
                ("dec", Action::Dec),
                ("add", Action::Add { negative: true }),
                ("sub", Action::Sub),
            ],
        ),
        "histogram" => {
            return match config.node("buckets") {
                None => Ok(Action::Observer),
                Some(Node::List(list)) if list.iter().all(|node| matches!(node, Node::Number(_))) => {
                    Ok(Action::Observer)
                }
                Some(other) => {
                    let (found, expected) = (other.kind(), "a list of numbers");
                    Err(config.report("buckets", StageErrorKind::Type { found, expected }))
                }
            };
        }
        _ => {
            return Err(fields.report(
                "type",
                StageErrorKind::Value {
                    value: kind.to_owned(),
                    allowed: "expected Counter, Gauge or Histogram",
                },
            ));
        }
    };
    let given = config.required_text("action", allowed)?;
    let mut actions = actions.iter();
    match actions.find(|(name, _)| name.eq_ignore_ascii_case(&given)) {
        Some((_, action)) => Ok(*action),
        None => Err(config.report(
            "action",
            StageErrorKind::Value {
                value: given.to_string(),
                allowed,
            },
        )),
    }
}
