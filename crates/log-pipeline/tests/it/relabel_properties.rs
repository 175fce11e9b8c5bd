//! Properties of all rules and labels.

use log_pipeline::{Relabel, RelabelCounts};
use loki_push::{LabelSet, is_label_name};
use proptest::prelude::*;
use serde_json::{Value, json};

type Labels = Vec<(String, String)>;

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-d]", "[a-dB]_?[a-d1]", "_[a-d]", "[a-c][-. é]"]
}

/// Returns a strategy for labels with distinct names.
fn labels() -> impl Strategy<Value = Labels> {
    let value = "[a-cA-C;é1]{0,3}";
    proptest::collection::btree_map(name(), value, 0..6).prop_map(|labels| labels.into_iter().collect())
}

fn labels_and_another_order() -> impl Strategy<Value = (Labels, Labels)> {
    labels().prop_flat_map(|labels| (Just(labels.clone()), Just(labels).prop_shuffle()))
}

fn regex() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "(.*)",
        "(.+)",
        "a|b.*",
        "([a-c])(.*)",
        "(?i)(a+);?(.*)",
        "",
        "[^;]*",
        "_?(.*)",
    ])
}

fn rule() -> impl Strategy<Value = Value> {
    let source = || proptest::collection::vec(name(), 0..3);
    let target = prop::sample::select(vec!["a", "b", "new", "$1", "l_$1", "${2}_$1"]);
    let replacement = prop::sample::select(vec!["$1", "", "x", "$2$1", "$0"]);
    let replace = (source(), regex(), target, replacement).prop_map(|(source, regex, target, replacement)| {
        json!({"source_labels": source, "regex": regex, "target_label": target, "replacement": replacement})
    });
    let filter = (prop::sample::select(vec!["keep", "drop"]), source(), regex()).prop_map(
        |(action, source, regex)| json!({"action": action, "source_labels": source, "regex": regex}),
    );
    let equal = (prop::sample::select(vec!["keepequal", "dropequal"]), source(), name())
        .prop_map(|(action, source, target)| json!({"action": action, "source_labels": source, "target_label": target}));
    let write = (prop::sample::select(vec!["hashmod", "lowercase", "uppercase"]), source(), "[a-d]").prop_map(
        |(action, source, target)| {
            json!({"action": action, "source_labels": source, "target_label": target, "modulus": 5})
        },
    );
    let names = (
        prop::sample::select(vec!["labeldrop", "labelkeep", "labelmap"]),
        regex(),
    )
        .prop_map(|(action, regex)| json!({"action": action, "regex": regex}));
    let map = (regex(), prop::sample::select(vec!["c", "n_$1", "$2", "$1$1"]))
        .prop_map(|(regex, name)| json!({"action": "labelmap", "regex": regex, "replacement": name}));
    prop_oneof![4 => replace, 1 => filter, 1 => equal, 2 => write, 2 => names, 2 => map]
}

fn rules() -> impl Strategy<Value = String> {
    proptest::collection::vec(rule(), 0..5).prop_map(|rules| Value::from(rules).to_string())
}

fn set(labels: &Labels) -> LabelSet {
    labels.iter().cloned().collect()
}

fn apply(relabel: &Relabel, labels: &Labels) -> (Option<LabelSet>, RelabelCounts) {
    let mut counts = RelabelCounts::default();
    let labels = relabel.apply(set(labels), &mut counts);
    (labels, counts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_order_of_the_labels_does_not_matter(rules in rules(), (labels, shuffled) in labels_and_another_order()) {
        let relabel = Relabel::parse(&rules).unwrap();
        prop_assert_eq!(apply(&relabel, &labels), apply(&relabel, &shuffled), "{}", rules);
    }

    #[test]
    fn label_sets_never_affect_each_other(rules in rules(), all in proptest::collection::vec(labels(), 1..5)) {
        let alone: Vec<_> = all.iter().map(|labels| apply(&Relabel::parse(&rules).unwrap(), labels)).collect();
        let relabel = Relabel::parse(&rules).unwrap();
        let together: Vec<_> = all.iter().map(|labels| apply(&relabel, labels)).collect();
        let mut backwards: Vec<_> = all.iter().rev().map(|labels| apply(&relabel, labels)).collect();
        backwards.reverse();
        prop_assert_eq!(&together, &alone, "{}", rules);
        prop_assert_eq!(&backwards, &alone, "{}", rules);
    }

    #[test]
    fn loki_accepts_all_resulting_labels(rules in rules(), labels in labels()) {
        let (left, _) = apply(&Relabel::parse(&rules).unwrap(), &labels);
        for label in left.iter().flat_map(LabelSet::iter) {
            prop_assert!(is_label_name(&label.name), "{:?} after {}", label.name, rules);
            prop_assert!(!label.value.is_empty());
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}", regex in "[a-z(?:<>\\[\\]{}\\\\|*+$^.,1-9PQE-]{0,24}", labels in labels()) {
        let _ = Relabel::parse(&text);
        let rules = json!([{"source_labels": ["a", "b"], "regex": regex, "target_label": "$1", "replacement": text}]);
        if let Ok(relabel) = Relabel::parse(&rules.to_string()) {
            apply(&relabel, &labels);
        }
    }
}
