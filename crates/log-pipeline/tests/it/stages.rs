//! The results of upstream's stages, row by row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use log_pipeline::{Clock, DropReason, Effect, ExtractedValue, Pipeline, Run, Stages};
use loki_push::{Entry, ItemId, LabelSet, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

const VECTORS: &str = include_str!("../data/stage-vectors.json");
/// The rows with another result here, each as `name: reason`.
const DIFFERENCES: &str = include_str!("../differences/stages.txt");

#[derive(Deserialize)]
struct Row<'a> {
    name: String,
    #[serde(borrow)]
    stages: Option<&'a RawValue>,
    raw_config: Option<String>,
    input: Option<Input>,
    inputs: Option<Vec<Input>>,
    shared_labels: Option<BTreeMap<String, String>>,
    expect: Value,
    expect_any: Option<Vec<Value>>,
    drop_counter: Option<BTreeMap<String, u64>>,
    metrics: Option<BTreeMap<String, f64>>,
}

#[derive(Deserialize)]
struct Input {
    labels: Option<BTreeMap<String, String>>,
    ts: String,
    line: Option<String>,
    line_b64: Option<String>,
}

#[test]
fn every_row_has_the_result_of_upstream_or_is_listed_with_a_reason() {
    let rows: Vec<Row<'_>> = serde_json::from_str(VECTORS).unwrap();
    assert_eq!(rows.len(), 569);
    let listed: BTreeMap<&str, &str> = DIFFERENCES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").expect("a name and a reason"))
        .collect();
    let mut differing = BTreeSet::new();
    let mut failures = Vec::new();
    for row in &rows {
        match (row.difference(), listed.contains_key(row.name.as_str())) {
            (Some(difference), false) => failures.push(format!("{}: {difference}", row.name)),
            (None, true) => failures.push(format!("{}: listed, but does not differ", row.name)),
            (Some(_), true) => {
                differing.insert(row.name.as_str());
            }
            (None, false) => {}
        }
    }
    let unknown = listed
        .keys()
        .filter(|name| !rows.iter().any(|row| row.name == **name));
    failures.extend(unknown.map(|name| format!("{name}: listed, but there is no such row")));
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        rows.len(),
        failures.join("\n")
    );
    assert_eq!(differing.len(), listed.len());
}

/// The resulting entries in the form of the rows.
type Outcome = Vec<BTreeMap<String, Value>>;

impl Row<'_> {
    /// Returns the difference between the result and the expected one, if there is one.
    fn difference(&self) -> Option<String> {
        let config = match (&self.raw_config, self.stages) {
            (Some(raw), _) => raw.clone(),
            (None, Some(stages)) => stages.get().to_owned(),
            (None, None) => String::new(),
        };
        let clock = Clock::new(|| timestamp("2026-01-02T03:04:05Z"));
        let stages = match Stages::parse(&config, &clock) {
            Ok(stages) => stages,
            Err(errors) => return self.refusal(&errors.to_string()),
        };
        let pipeline = Pipeline::default().with_stages(stages);
        let (outcome, run) = self.process(&pipeline, &config);
        let counts = run.into_counts();
        let expected = match &self.expect {
            Value::Array(list) => list.clone(),
            one => vec![one.clone()],
        };
        let any = self.expect_any.clone().unwrap_or_default();
        let any = any.into_iter().map(|one| vec![one]);
        let alternatives: Vec<Vec<Value>> = std::iter::once(expected).chain(any).collect();
        let mut reasons = alternatives.iter().map(|expected| compare(&outcome, expected));
        if reasons.all(|reason| reason.is_some()) {
            return compare(&outcome, &alternatives[0]);
        }
        for (name, count) in self.drop_counter.iter().flatten() {
            let counted = counts.dropped.get(&DropReason::Stage(name.as_str().into()));
            if counted != Some(count) {
                return Some(format!("dropped {:?}", counts.dropped));
            }
        }
        for (name, value) in self.metrics.iter().flatten() {
            let mut parts = name.split(',');
            let name = parts.next().unwrap();
            let expected = match parts.find_map(|part| part.strip_prefix("sum=")) {
                None => vec![(name.to_owned(), *value)],
                Some(sum) => {
                    let sum = sum.parse().unwrap();
                    vec![(format!("{name}_count"), *value), (format!("{name}_sum"), sum)]
                }
            };
            for (name, value) in expected {
                if counts.metrics.get(&name).copied().unwrap_or_default() != value {
                    return Some(format!("metrics {:?}", counts.metrics));
                }
            }
        }
        None
    }

    /// Returns the difference between our error and upstream's. It is none if upstream refuses the same stage or
    /// panics.
    fn refusal(&self, ours: &str) -> Option<String> {
        if self.expect.get("config_panic").is_some() {
            return None;
        }
        let Some(Value::String(theirs)) = self.expect.get("config_error") else {
            return Some(format!("refused: {ours}"));
        };
        let stage = theirs
            .strip_prefix("invalid ")
            .and_then(|text| text.split(' ').next());
        match stage {
            Some(stage) if !ours.contains(&format!(".{stage}")) => Some(format!("another refusal: {ours}")),
            _ => None,
        }
    }

    fn process<'p>(&self, pipeline: &'p Pipeline, config: &str) -> (Outcome, Run<'p>) {
        let inputs: Vec<&Input> = match &self.inputs {
            Some(inputs) => inputs.iter().collect(),
            None => self.input.iter().collect(),
        };
        let mut run = pipeline.run();
        let (mut entries, mut explained) = (Vec::new(), Vec::new());
        for input in inputs {
            let labels = self.shared_labels.as_ref().or(input.labels.as_ref());
            let labels: LabelSet = labels.into_iter().flatten().collect();
            let line = input.line.clone().unwrap_or_else(|| {
                let bytes = BASE64_STANDARD.decode(input.line_b64.as_ref().unwrap()).unwrap();
                String::from_utf8_lossy(&bytes).into_owned()
            });
            let entry = Entry {
                labels: Arc::new(labels),
                timestamp: timestamp(&input.ts),
                line: line.into(),
                metadata: Vec::new(),
            };
            entries.extend(run.explain(entry, ItemId(0), &mut explained));
        }
        entries.extend(run.explain_finish(&mut explained));
        let last = last_place(config);
        let values = explained.iter().filter(|step| Some(&step.place) == last.as_ref());
        let values =
            values.filter(|step| matches!(step.effect, Effect::Kept | Effect::PassedBy | Effect::Released));
        let values = values.filter(|step| !step.line.is_empty() && step.labels.to_string() != "{}");
        let mut values: Vec<_> = values.map(|step| &step.extracted).collect();
        if values.len() != entries.len() {
            // Then no row expects extracted values.
            values.clear();
        }
        let outcome = entries.iter().enumerate().map(|(index, (entry, _))| {
            let labels = entry
                .labels
                .iter()
                .map(|label| (label.name.clone(), label.value.clone().into()));
            let extracted = values.get(index).map(|values| {
                let values = values.iter().map(|(name, value)| (name.clone(), json(value)));
                Value::Object(values.collect())
            });
            let metadata = entry
                .metadata
                .iter()
                .map(|(name, value)| vec![name.as_str(), value.as_str()]);
            BTreeMap::from([
                ("labels".to_owned(), Value::Object(labels.collect())),
                ("ts".to_owned(), entry.timestamp.unix_nanos().to_string().into()),
                ("line".to_owned(), entry.line.as_ref().into()),
                ("structured_metadata".to_owned(), metadata.collect()),
                ("stream".to_owned(), entry.labels.to_string().into()),
                ("extracted".to_owned(), extracted.unwrap_or_default()),
            ])
        });
        (outcome.collect(), run)
    }
}

/// Returns the first difference.
fn compare(outcome: &Outcome, expected: &[Value]) -> Option<String> {
    let delivered: Vec<&Value> = expected
        .iter()
        .filter(|one| one.get("dropped").is_none())
        .collect();
    if delivered
        .iter()
        .any(|one| one.get("panic").is_some() || one.get("config_panic").is_some())
    {
        return Some("upstream panics".to_owned());
    }
    if delivered.iter().any(|one| one.get("config_error").is_some()) {
        return Some("upstream refuses it".to_owned());
    }
    if delivered.len() != outcome.len() {
        return Some(format!(
            "{} entries, expected {}: {outcome:?}",
            outcome.len(),
            delivered.len()
        ));
    }
    outcome.iter().zip(delivered).find_map(|(ours, theirs)| {
        theirs.as_object().unwrap().iter().find_map(|(key, value)| {
            let (key, value) = match (key.as_str(), value) {
                ("ts", Value::String(ts)) if ts.starts_with(|char: char| char.is_ascii_digit()) => {
                    ("ts", timestamp(ts).unix_nanos().to_string().into())
                }
                ("line_b64", Value::String(line)) => {
                    let line = BASE64_STANDARD.decode(line).unwrap();
                    ("line", String::from_utf8(line).map_or(Value::Null, Value::from))
                }
                (key, value) => (key, value.clone()),
            };
            let same = if key == "extracted" {
                equal(&ours[key], &value)
            } else {
                ours[key] == value
            };
            (!same).then(|| format!("{key} is {}, expected {value}", ours[key]))
        })
    })
}

/// Returns whether two values are equal, with numbers compared as floats.
fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|other| equal(value, other)))
        }
        (one, other) => one == other,
    }
}

fn json(value: &ExtractedValue) -> Value {
    match value {
        ExtractedValue::Nil => Value::Null,
        ExtractedValue::Text(text) => text.as_str().into(),
        ExtractedValue::Number(number) => (*number).into(),
        ExtractedValue::Bool(bool) => (*bool).into(),
    }
}

/// Returns the place of the last stage.
fn last_place(config: &str) -> Option<String> {
    let config: Value = serde_json::from_str(config).ok()?;
    let (index, stage) = config.as_array()?.iter().enumerate().next_back()?;
    let name = stage.as_object()?.keys().next()?;
    // In the only row with two stages in one object, this one is last.
    let name = if stage.get("output").is_some() {
        "output"
    } else {
        name
    };
    Some(format!("[{index}].{name}"))
}

fn timestamp(text: &str) -> Timestamp {
    let time = go_time::Layout::new(go_time::RFC3339_NANO)
        .parse(text, None)
        .unwrap();
    Timestamp::new(time.unix_seconds(), time.subsec_nanos()).unwrap()
}
