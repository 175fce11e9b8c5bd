//! Random rules and labels with the results of Prometheus' own relabelling (`data/relabel-prometheus.json`, made with
//! `ProcessBuilder` of Prometheus 3.8.1).

use std::collections::BTreeMap;

use log_pipeline::{Relabel, RelabelCounts};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Row {
    rules: Box<RawValue>,
    labels: BTreeMap<String, String>,
    /// The resulting labels, or `None` if a rule drops the stream.
    expect: Option<BTreeMap<String, String>>,
}

#[test]
fn rules_do_what_they_do_in_prometheus() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../data/relabel-prometheus.json")).unwrap();
    assert!(rows.len() >= 300, "{}", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let rules = row.rules.get();
        let relabel = Relabel::parse(rules).unwrap_or_else(|error| panic!("{rules}: {error}"));
        // The labels after the last rule and before names are corrected, because Prometheus accepts any name.
        let mut here = None;
        let labels = row.labels.iter().collect();
        relabel.apply_observed(labels, &mut RelabelCounts::default(), |_, labels| {
            here = labels.map(|labels| {
                let labels = labels.iter();
                labels
                    .map(|label| (label.name.clone(), label.value.clone()))
                    .collect()
            });
        });
        if here != row.expect {
            wrong.push(format!(
                "{rules} on {:?}: {here:?}; Prometheus: {:?}",
                row.labels, row.expect
            ));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}
