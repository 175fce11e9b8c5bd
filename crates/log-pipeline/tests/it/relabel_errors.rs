//! Errors of relabelling rules, and the places that they name.

use insta::assert_snapshot;
use log_pipeline::{Relabel, RelabelCounts, RelabelErrorKind};
use loki_push::LabelSet;

fn errors(json: &str) -> Vec<(String, String)> {
    let errors = Relabel::parse(json).map(|_| ()).unwrap_err();
    let errors = errors.0.into_iter();
    errors
        .map(|error| (error.place, error.kind.to_string()))
        .collect()
}

/// Rules, the place of their only error, and a part of its message.
const BAD: &[(&str, &str, &str)] = &[
    ("drop", "", "not JSON: expected value at line 1 column 1"),
    (
        "action: drop",
        "",
        "looks like YAML; expected the same list of rules as JSON",
    ),
    ("- action: drop\n  regex: x", "", "looks like YAML"),
    (
        r#"[{"action":"labeldrop","regexp":"x"}]"#,
        "[0].regexp",
        "unknown field; did you mean regex?",
    ),
    (
        r#"[{"targetLabel":"x","target_label":"y"}]"#,
        "[0].targetLabel",
        "did you mean target_label?",
    ),
    (
        r#"[{"action":"drop","comment":"why"}]"#,
        "[0].comment",
        "unknown field; expected one of source_labels, separator, regex, modulus",
    ),
    (" ", "", "not JSON: EOF"),
    ("[{}", "", "not JSON: EOF"),
    ("[] []", "", "not JSON: trailing characters"),
    (
        r#"{"action":"drop"}"#,
        "",
        "is an object; expected a list of rules",
    ),
    (r#""[]""#, "", "is a string; expected a list of rules"),
    ("[null]", "[0]", "is null; expected an object"),
    (
        r#"[{"action":"keep"},"drop"]"#,
        "[1]",
        "is a string; expected an object",
    ),
    ("[[]]", "[0]", "is a list; expected an object"),
    (
        r#"[{"regex":5,"target_label":"x"}]"#,
        "[0].regex",
        "is a number; expected a string",
    ),
    (
        r#"[{"separator":[],"target_label":"x"}]"#,
        "[0].separator",
        "is a list; expected a string",
    ),
    (
        r#"[{"replacement":true,"target_label":"x"}]"#,
        "[0].replacement",
        "is a boolean; expected a string",
    ),
    (
        r#"[{"target_label":{}}]"#,
        "[0].target_label",
        "is an object; expected a string",
    ),
    (
        r#"[{"action":1}]"#,
        "[0].action",
        "is a number; expected a string",
    ),
    (
        r#"[{"source_labels":"a","target_label":"x"}]"#,
        "[0].source_labels",
        "is a string; expected a list of label names",
    ),
    (
        r#"[{"source_labels":[1],"target_label":"x"}]"#,
        "[0].source_labels",
        "expected a list of label names",
    ),
    (
        r#"[{"action":"hashmod","target_label":"h","modulus":"8"}]"#,
        "[0].modulus",
        "is a string; expected a whole number",
    ),
    (
        r#"[{"action":"hashmod","target_label":"h","modulus":8.5}]"#,
        "[0].modulus",
        "expected a whole number that is not",
    ),
    (
        r#"[{"action":"hashmod","target_label":"h","modulus":-8}]"#,
        "[0].modulus",
        "expected a whole number that is not",
    ),
    (
        r#"[{"action":"hashmod","target_label":"h","modulus":18446744073709551616}]"#,
        "[0].modulus",
        "expected a whole",
    ),
    (
        r#"[{"action":"explode"}]"#,
        "[0].action",
        r#"no action "explode"; expected one of replace, keep, drop, keepequal"#,
    ),
    (
        r#"[{"action":"keep"},{"regex":"(","target_label":"x"}]"#,
        "[1].regex",
        r#"regular expression "(": a group has no closing )"#,
    ),
    (
        r#"[{"regex":"(?=a)","target_label":"x"}]"#,
        "[0].regex",
        "look-around",
    ),
    (
        r#"[{"regex":"(a)\\1","target_label":"x"}]"#,
        "[0].regex",
        "back-reference",
    ),
    (
        "[{}]",
        "[0].target_label",
        "is missing or empty; the action replace needs a label name",
    ),
    (
        r#"[{"target_label":""}]"#,
        "[0].target_label",
        "the action replace needs a label name",
    ),
    (
        r#"[{"action":"hashmod","modulus":4}]"#,
        "[0].target_label",
        "the action hashmod needs a label name",
    ),
    (
        r#"[{"action":"lowercase"}]"#,
        "[0].target_label",
        "the action lowercase needs a label name",
    ),
    (
        r#"[{"action":"UPPERCASE"}]"#,
        "[0].target_label",
        "the action uppercase needs a label name",
    ),
    (
        r#"[{"action":"keepequal"}]"#,
        "[0].target_label",
        "the action keepequal needs a label name",
    ),
    (
        r#"[{"action":"dropequal"}]"#,
        "[0].target_label",
        "the action dropequal needs a label name",
    ),
    (
        r#"[{"action":"hashmod","target_label":"h"}]"#,
        "[0].modulus",
        "the action hashmod needs a whole number from 1 on",
    ),
    (
        r#"[{"action":"hashmod","target_label":"h","modulus":0}]"#,
        "[0].modulus",
        "needs a whole number from 1 on",
    ),
    (
        r#"[{"action":"labelmap","replacement":""}]"#,
        "[0].replacement",
        "the action labelmap needs a label name",
    ),
    (
        r#"[{"target_label":"a-b"}]"#,
        "[0].target_label",
        r#"label name "a-b" does not match [a-zA-Z_][a-zA-Z0-9_]*"#,
    ),
    (
        r#"[{"target_label":"a.$1"}]"#,
        "[0].target_label",
        r#"label name "a.$1" does not match"#,
    ),
    (
        r#"[{"target_label":"${1"}]"#,
        "[0].target_label",
        r#"label name "${1" does not match"#,
    ),
    (
        r#"[{"action":"lowercase","target_label":"$1"}]"#,
        "[0].target_label",
        r#"label name "$1" does not match"#,
    ),
    (
        r#"[{"action":"hashmod","modulus":2,"target_label":"1h"}]"#,
        "[0].target_label",
        r#"label name "1h" does not"#,
    ),
    (
        r#"[{"action":"labelmap","replacement":"$1-x"}]"#,
        "[0].replacement",
        r#"label name "$1-x" does not match"#,
    ),
    (
        r#"[{"action":"lowercase","target_label":"x","replacement":"y"}]"#,
        "[0].replacement",
        "the action lowercase does not take it",
    ),
    (
        r#"[{"action":"keepequal","target_label":"b","regex":"(.*)"}]"#,
        "[0].regex",
        "it takes only source_labels and target_label",
    ),
    (
        r#"[{"action":"dropequal","target_label":"b","separator":","}]"#,
        "[0].separator",
        "the action dropequal does not take it",
    ),
    (
        r#"[{"action":"keepequal","target_label":"b","modulus":1}]"#,
        "[0].modulus",
        "the action keepequal does not take it",
    ),
    (
        r#"[{"action":"keepequal","target_label":"b","replacement":"x"}]"#,
        "[0].replacement",
        "the action keepequal does not",
    ),
    (
        r#"[{"action":"labeldrop","source_labels":["a"]}]"#,
        "[0].source_labels",
        "the action labeldrop does not take it; it takes only regex",
    ),
    (
        r#"[{"action":"labeldrop","target_label":"a"}]"#,
        "[0].target_label",
        "it takes only regex",
    ),
    (
        r#"[{"action":"labelkeep","separator":","}]"#,
        "[0].separator",
        "it takes only regex",
    ),
    (
        r#"[{"action":"labelkeep","modulus":2}]"#,
        "[0].modulus",
        "it takes only regex",
    ),
    (
        r#"[{"action":"labelkeep","replacement":"x"}]"#,
        "[0].replacement",
        "it takes only regex",
    ),
];

#[test]
fn a_bad_rule_has_one_error_that_names_its_place() {
    let mut all = String::new();
    for &(json, place, text) in BAD {
        let errors = errors(json);
        assert_eq!(errors.len(), 1, "{json}: {errors:?}");
        assert_eq!(errors[0].0, place, "{json}");
        assert!(errors[0].1.contains(text), "{json}: {:?}", errors[0].1);
        all += &format!("{json}\n    {place}: {}\n", errors[0].1);
    }
    assert_snapshot!("texts", all);
}

#[test]
fn all_errors_are_reported_at_once() {
    let rules = r#"[
        {"action": "hashmod", "regex": "[", "source_labels": 1},
        {"target_label": "good"},
        null,
        {"action": "nope", "regex": ")", "separator": 2},
        {"action": "labeldrop", "target_label": "a", "replacement": "b"}
    ]"#;
    let places: Vec<String> = errors(rules).into_iter().map(|(place, _)| place).collect();
    let expected = [
        "[0].source_labels",
        "[0].regex",
        "[0].target_label",
        "[0].modulus",
        "[2]",
        "[3].separator",
        "[3].action",
        "[3].regex",
        "[4].target_label",
        "[4].replacement",
    ];
    assert_eq!(places, expected);
    let text = Relabel::parse(rules).unwrap_err().to_string();
    assert!(
        text.starts_with("[0].source_labels: is a number; expected a list of label names; [0].regex: "),
        "{text}"
    );
}

#[test]
fn keys_that_an_action_does_not_use_may_be_empty() {
    let rules = [
        r#"{"action":"keepequal","source_labels":["a","b"],"target_label":"c","regex":"","separator":"","replacement":""}"#,
        r#"{"action":"labeldrop","regex":"a","source_labels":[],"target_label":"","separator":"","replacement":"","modulus":0}"#,
        r#"{"action":"labelkeep","regex":".*","source_labels":null,"separator":";","replacement":"$1"}"#,
        r#"{"action":"lowercase","target_label":"b","replacement":"","regex":"x","modulus":3,"source_labels":["c"]}"#,
    ];
    let relabel = Relabel::parse(&format!("[{}]", rules.join(","))).unwrap();
    let labels = LabelSet::from_iter([("a", "1"), ("b", "2"), ("c", "1;2")]);
    let left = relabel.apply(labels, &mut RelabelCounts::default());
    assert_eq!(left, Some(LabelSet::from_iter([("b", "1;2"), ("c", "1;2")])));
}

#[test]
fn the_last_of_equal_keys_counts_and_null_is_ignored() {
    let json = r#"[{"target_label":"a","TARGET_LABEL":"b","Target_Label":null,"replacement":"x","Replacement":"\ud800"}]"#;
    let left = Relabel::parse(json)
        .unwrap()
        .apply(LabelSet::new(), &mut RelabelCounts::default());
    assert_eq!(left, Some(LabelSet::from_iter([("b", "\u{fffd}")])));
}

#[test]
fn names_from_values_are_corrected_after_the_last_rule() {
    let rules = r#"[
        {"source_labels":["a"],"target_label":"$1","replacement":"v"},
        {"source_labels":["x-y"],"target_label":"seen"},
        {"action":"labelmap","regex":"b(.*)"}
    ]"#;
    let relabel = Relabel::parse(rules).unwrap();
    let mut counts = RelabelCounts::default();
    let labels = LabelSet::from_iter([("a", "x-y"), ("b", "2")]);
    let mut steps = Vec::new();
    let left = relabel.apply_observed(labels, &mut counts, |rule, labels| {
        steps.push((rule.index(), rule.action(), labels.map(LabelSet::len)));
    });
    assert_eq!(
        left,
        Some(LabelSet::from_iter([
            ("a", "x-y"),
            ("b", "2"),
            ("seen", "v"),
            ("x_y", "v")
        ]))
    );
    let (renamed, given_up) = (1, 1);
    assert_eq!(counts, RelabelCounts { renamed, given_up });
    assert_eq!(
        steps,
        [
            (0, "replace", Some(3)),
            (1, "replace", Some(4)),
            (2, "labelmap", Some(5))
        ]
    );
}

#[test]
fn observing_ends_with_the_rule_that_drops() {
    let relabel = Relabel::parse(r#"[{"action":"keep"},{"action":"drop"},{"action":"keep"}]"#).unwrap();
    let mut steps = Vec::new();
    let left = relabel.apply_observed(LabelSet::new(), &mut RelabelCounts::default(), |rule, labels| {
        steps.push((rule.action(), labels.is_some()));
    });
    assert_eq!(left, None);
    assert_eq!(steps, [("keep", true), ("drop", false)]);
}

#[test]
fn no_rules_are_empty() {
    for json in ["", "null", "[]", " [ ] "] {
        assert!(Relabel::parse(json).unwrap().is_empty(), "{json}");
    }
    assert!(!Relabel::parse(r#"[{"action":"keep"}]"#).unwrap().is_empty());
    let errors = Relabel::parse("x").unwrap_err();
    assert!(matches!(errors.0[0].kind, RelabelErrorKind::Json(_)));
}

/// Checks a misspelled key. Upstream reports only that `target_label` is missing, which confuses a user who wrote it.
#[test]
fn a_misspelled_field_is_named_beside_what_is_missing_without_it() {
    let found = errors(r#"[{"targetLabel":"x"}]"#);
    let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["[0].targetLabel", "[0].target_label"]);
    assert_eq!(found[0].1, "unknown field; did you mean target_label?");
}
