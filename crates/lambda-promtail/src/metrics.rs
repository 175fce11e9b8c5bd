//! The metrics of an invocation, as a document in CloudWatch's Embedded Metric Format, from which CloudWatch Logs makes
//! metrics without a call of an API ("Specification: Embedded metric format",
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).

use std::io::{self, Write};

use log_pipeline::Clock;
use loki_push::Timestamp;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::Summary;

/// The settings of the metrics.
#[derive(Clone, Debug)]
pub struct MetricsSettings {
    /// The namespace in CloudWatch.
    pub namespace: String,
    /// The function's name, the value of the dimension `function`.
    pub function: String,
    /// The clock that gives the start of an invocation.
    pub clock: Clock,
}

/// A metric of an invocation.
pub(crate) struct Metric {
    name: &'static str,
    unit: Unit,
    meaning: &'static str,
    value: fn(&Figures<'_>) -> Option<u64>,
}

/// The units of CloudWatch that the metrics have.
#[derive(Clone, Copy, Debug, Serialize)]
enum Unit {
    Count,
    Bytes,
    Milliseconds,
    None,
}

/// The figures of one invocation.
#[derive(Debug)]
pub(crate) struct Figures<'a> {
    pub(crate) summary: &'a Summary,
    /// The start of the invocation.
    pub(crate) started: Timestamp,
    /// The time of the newest entry, if there was one.
    pub(crate) newest: Option<Timestamp>,
}

/// The metrics of every invocation, in the order of the documentation.
const METRICS: [Metric; 12] = [
    Metric {
        name: "entries",
        unit: Unit::Count,
        meaning: "entries that Loki acknowledged",
        value: |figures| Some(figures.summary.entries),
    },
    Metric {
        name: "bytes",
        unit: Unit::Bytes,
        meaning: "bytes of the acknowledged pushes, as they were sent",
        value: |figures| Some(figures.summary.bytes),
    },
    Metric {
        name: "pushes",
        unit: Unit::Count,
        meaning: "pushes that Loki acknowledged",
        value: |figures| Some(figures.summary.pushes),
    },
    Metric {
        name: "retries",
        unit: Unit::Count,
        meaning: "attempts beyond the first of each push",
        value: |figures| Some(figures.summary.retries),
    },
    Metric {
        name: "throttled",
        unit: Unit::Count,
        meaning: "attempts that Loki answered with 429: a rate limit was reached",
        value: |figures| Some(figures.summary.throttled),
    },
    Metric {
        name: "rejected",
        unit: Unit::Count,
        meaning: "entries that Loki refused and would refuse again",
        value: |figures| Some(figures.summary.rejected),
    },
    Metric {
        name: "too_far_behind",
        unit: Unit::Count,
        meaning: "entries that Loki refused because they are more than an hour older than their stream's newest; an earlier \
        delivery may have stored them",
        value: |figures| Some(figures.summary.too_far_behind),
    },
    Metric {
        name: "failed",
        unit: Unit::Count,
        meaning: "entries that were not delivered, and lines, items and events that could not be read; AWS delivers their \
        event or item again",
        value: |figures| Some(figures.summary.failed),
    },
    Metric {
        name: "dropped",
        unit: Unit::Count,
        meaning: "lines that were dropped on purpose: empty, without a label, of the function's own log, by a rule or by a stage",
        value: |figures| Some(figures.summary.dropped.total()),
    },
    Metric {
        name: "times_guessed",
        unit: Unit::Count,
        meaning: "lines of S3 objects without a readable time, which took the time of a line near them or of the object",
        value: |figures| Some(figures.summary.times_guessed),
    },
    Metric {
        name: "lag",
        unit: Unit::Milliseconds,
        meaning: "start of the invocation minus the time of the event's newest entry; 0 if that is in the future, and absent \
        if the event has no entries",
        value: |figures| figures.lag(),
    },
    Metric {
        name: "ms_left",
        unit: Unit::Milliseconds,
        meaning: "time that was left until the function's timeout",
        value: |figures| figures.summary.ms_left,
    },
];

/// The largest number of metrics in one document.
const MAX_METRICS: usize = 100;
const NANOS_PER_MILLI: i128 = 1_000_000;

impl MetricsSettings {
    /// Writes the document of an invocation to `out`, as one line.
    ///
    /// # Errors
    /// Returns an error if the line cannot be written.
    pub(crate) fn write(&self, figures: &Figures<'_>, mut out: impl Write) -> io::Result<()> {
        let document = Document {
            settings: self,
            figures,
        };
        let mut line = serde_json::to_vec(&document)?;
        line.push(b'\n');
        out.write_all(&line)
    }
}

impl Figures<'_> {
    fn lag(&self) -> Option<u64> {
        let lag = self.started.unix_nanos() - self.newest?.unix_nanos();
        Some(u64::try_from(lag / NANOS_PER_MILLI).unwrap_or(0))
    }

    /// Returns the values of `metrics` stages that a document can hold: finite numbers whose names no other metric has.
    fn of_stages(&self) -> impl Iterator<Item = (&str, f64)> {
        let values = self.summary.metrics.iter();
        values
            .map(|(name, value)| (name.as_str(), *value))
            .filter(|(name, value)| value.is_finite() && !is_taken(name))
            .take(MAX_METRICS - METRICS.len())
    }
}

/// Returns whether a member of the document has the name already.
fn is_taken(name: &str) -> bool {
    ["_aws", "function", "source", ""].contains(&name) || METRICS.iter().any(|metric| metric.name == name)
}

/// The document of one invocation.
struct Document<'a> {
    settings: &'a MetricsSettings,
    figures: &'a Figures<'a>,
}

/// The member that says which other members are metrics.
#[derive(Serialize)]
struct Metadata<'a> {
    #[serde(rename = "Timestamp")]
    timestamp: i64,
    #[serde(rename = "CloudWatchMetrics")]
    directives: [Directive<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive<'a> {
    namespace: &'a str,
    dimensions: [[&'static str; 2]; 1],
    metrics: Vec<Definition<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition<'a> {
    name: &'a str,
    unit: Unit,
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let figures = self.figures;
        let values: Vec<(&Metric, u64)> = METRICS
            .iter()
            .filter_map(|metric| Some((metric, (metric.value)(figures)?)))
            .collect();
        let of_summary = values.iter().map(|(metric, _)| Definition {
            name: metric.name,
            unit: metric.unit,
        });
        let of_stages = figures.of_stages().map(|(name, _)| Definition {
            name,
            unit: Unit::None,
        });
        let metadata = Metadata {
            // The quotient of nanoseconds in 96 bits fits.
            timestamp: (figures.started.unix_nanos() / NANOS_PER_MILLI) as i64,
            directives: [Directive {
                namespace: &self.settings.namespace,
                dimensions: [["function", "source"]],
                metrics: of_summary.chain(of_stages).collect(),
            }],
        };
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("_aws", &metadata)?;
        members.serialize_entry("function", &self.settings.function)?;
        members.serialize_entry("source", figures.summary.source)?;
        for (metric, value) in &values {
            members.serialize_entry(metric.name, value)?;
        }
        for (name, value) in figures.of_stages() {
            members.serialize_entry(name, &value)?;
        }
        members.end()
    }
}

/// Returns the metrics as a Markdown table.
pub fn metrics_markdown() -> String {
    let mut table = "| metric | unit | meaning |\n| --- | --- | --- |\n".to_owned();
    for metric in &METRICS {
        table += &format!("| `{}` | {:?} | {} |\n", metric.name, metric.unit, metric.meaning);
    }
    table
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    fn document(summary: &Summary, newest: Option<i64>) -> Value {
        let time = |millis| Timestamp::from_unix_millis(millis).unwrap();
        let started = time(1_795_500_428_123);
        let settings = MetricsSettings {
            namespace: "logs".to_owned(),
            function: "shipper".to_owned(),
            clock: Clock::new(move || started),
        };
        let figures = Figures {
            summary,
            started: settings.clock.now(),
            newest: newest.map(time),
        };
        let mut line = Vec::new();
        settings.write(&figures, &mut line).unwrap();
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        serde_json::from_slice(&line).unwrap()
    }

    /// Returns the names that the document declares as metrics.
    fn declared(document: &Value) -> Vec<&str> {
        let metrics = document["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array();
        let names = metrics
            .unwrap()
            .iter()
            .map(|metric| metric["Name"].as_str().unwrap());
        names.collect()
    }

    #[test]
    fn a_document_has_a_namespace_two_dimensions_and_a_member_for_each_metric() {
        let summary = Summary {
            source: "s3",
            entries: 200,
            throttled: 2,
            ms_left: Some(1_000),
            ..Summary::default()
        };
        let document = document(&summary, Some(1_795_500_428_000));
        let metadata = &document["_aws"];
        assert_eq!(metadata["Timestamp"], 1_795_500_428_123_i64);
        let directive = &metadata["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "logs");
        assert_eq!(directive["Dimensions"], json!([["function", "source"]]));
        assert_eq!(
            (&document["function"], &document["source"]),
            (&json!("shipper"), &json!("s3"))
        );
        assert_eq!(declared(&document).len(), METRICS.len());
        for name in declared(&document) {
            assert!(document[name].is_u64(), "{name}");
        }
        assert_eq!(
            (&document["entries"], &document["throttled"], &document["lag"]),
            (&json!(200), &json!(2), &json!(123))
        );
    }

    #[test]
    fn lag_is_absent_without_entries_and_never_negative() {
        let summary = Summary::default();
        let without = document(&summary, None);
        assert!(without.get("lag").is_none() && !declared(&without).contains(&"lag"));
        assert_eq!(document(&summary, Some(1_795_500_500_000))["lag"], 0);
    }

    #[test]
    fn values_of_stages_are_metrics_unless_a_document_cannot_hold_them() {
        let values = [
            ("requests", 3.0),
            ("endless", f64::INFINITY),
            ("entries", 1.0),
            ("source", 2.0),
        ];
        let mut metrics: BTreeMap<String, f64> = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect();
        let summary = |metrics| Summary {
            entries: 7,
            source: "sqs",
            metrics,
            ms_left: Some(1_000),
            ..Summary::default()
        };
        let few = document(&summary(metrics.clone()), None);
        assert_eq!(
            (&few["requests"], &few["entries"], &few["source"]),
            (&json!(3.0), &json!(7), &json!("sqs"))
        );
        assert!(few.get("endless").is_none());

        metrics.extend((0..200).map(|index| (format!("m{index}"), 1.0)));
        let many = document(&summary(metrics), Some(0));
        assert_eq!(declared(&many).len(), MAX_METRICS);
    }
}
