//! The results of upstream for rules, extra labels and dropped labels (`data/relabel-vectors.json`), with the
//! exceptions that `differences/relabel.json` lists.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use log_pipeline::{DropReason, ExtraLabels, LabelNames, Pipeline, Relabel, RelabelCounts};
use loki_push::{Entry, ItemId, LabelSet, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Row {
    name: String,
    /// The rules, as JSON or as text.
    relabel_configs: Option<Box<RawValue>>,
    raw_config: Option<String>,
    labels: BTreeMap<String, String>,
    #[serde(default)]
    extra_labels: String,
    #[serde(default)]
    omit_extra_labels_prefix: bool,
    #[serde(default)]
    drop_labels: String,
    expect: Expect,
}

/// A row with another result here.
#[derive(Deserialize)]
struct Difference {
    name: String,
    reason: String,
    expect: Expect,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Labels(BTreeMap<String, String>),
    Dropped(bool),
    ConfigError(String),
    Panic(String),
}

#[derive(Deserialize)]
struct Expect {
    #[serde(flatten)]
    outcome: Outcome,
}

impl Row {
    fn run(&self) -> Outcome {
        match self.outcome() {
            Ok(labels) => labels,
            Err(error) => Outcome::ConfigError(error),
        }
    }

    fn outcome(&self) -> Result<Outcome, String> {
        let extra = ExtraLabels::parse(&self.extra_labels, !self.omit_extra_labels_prefix)
            .map_err(|error| error.to_string())?;
        let drop = LabelNames::parse(&self.drop_labels).map_err(|error| error.to_string())?;
        let json = match &self.relabel_configs {
            Some(json) => json.get(),
            None => self.raw_config.as_deref().unwrap(),
        };
        let relabel = Relabel::parse(json).map_err(|error| error.to_string())?;
        let pipeline = Pipeline::new(extra, drop).with_rules(relabel);
        let labels = pipeline.stream_labels(self.labels.iter().collect(), &mut RelabelCounts::default());
        Ok(match labels.map(|labels| deliver(&pipeline, labels)) {
            Some(Ok(labels)) => Outcome::Labels(labels),
            None => Outcome::Dropped(true),
            Some(Err(reason)) => {
                assert_eq!(reason, DropReason::NoLabels, "{}", self.name);
                Outcome::Dropped(true)
            }
        })
    }
}

fn deliver(pipeline: &Pipeline, labels: Arc<LabelSet>) -> Result<BTreeMap<String, String>, DropReason> {
    let entry = Entry {
        labels,
        timestamp: Timestamp::EPOCH,
        line: Cow::Borrowed("line"),
        metadata: Vec::new(),
    };
    let mut run = pipeline.run();
    match run.process(entry, ItemId(0)).into_iter().next() {
        Some((entry, _)) => {
            let labels = entry.labels.iter();
            Ok(labels
                .map(|label| (label.name.clone(), label.value.clone()))
                .collect())
        }
        None => Err(run.into_counts().dropped.into_keys().next().unwrap()),
    }
}

/// Returns whether the result is upstream's. Only the presence of an error is compared, because upstream's messages
/// are Go's.
fn is_upstreams(here: &Outcome, upstream: &Outcome) -> bool {
    match (here, upstream) {
        (Outcome::ConfigError(_), Outcome::ConfigError(_)) => true,
        (here, upstream) => here == upstream,
    }
}

#[test]
fn every_row_has_the_result_of_upstream_or_of_the_list_of_differences() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../data/relabel-vectors.json")).unwrap();
    let differences: Vec<Difference> =
        serde_json::from_str(include_str!("../differences/relabel.json")).unwrap();
    assert_eq!(rows.len(), 149);
    let mut wrong = Vec::new();
    for row in &rows {
        let here = row.run();
        let same = is_upstreams(&here, &row.expect.outcome);
        match differences.iter().find(|difference| difference.name == row.name) {
            None if same => {}
            None => wrong.push(format!(
                "{}: {here:?}; expected {:?}",
                row.name, row.expect.outcome
            )),
            Some(_) if same => wrong.push(format!("{}: listed, but there is no difference", row.name)),
            Some(listed) if here == listed.expect.outcome => assert!(!listed.reason.is_empty()),
            Some(listed) => wrong.push(format!(
                "{}: {here:?}; listed {:?}",
                row.name, listed.expect.outcome
            )),
        }
    }
    for Difference { name, .. } in &differences {
        if !rows.iter().any(|row| row.name == *name) {
            wrong.push(format!("{name}: listed, but there is no such row"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
