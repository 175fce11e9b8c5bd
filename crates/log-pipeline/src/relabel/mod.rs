//! `RELABEL_CONFIGS`: Prometheus' relabelling rules.
//!
//! [`Relabel::parse`] compiles them, [`Relabel::apply`] runs them over a stream's labels, one rule after
//! another. Keys, defaults, checks and actions are those of Prometheus 3.8, read as upstream reads them from
//! JSON, with these differences:
//!
//! - `""` for `regex`, `separator` and `replacement` means what it says, where the action takes that key.
//!   Upstream takes it for the default. Where the action does not take the key, it is as if it was not there.
//! - A field that rules do not have is an error of the configuration; upstream ignores it.
//! - `keepequal` and `dropequal` work, and actions may be in capitals.
//! - An action that does not exist, and a rule that is `null`, are errors of the configuration.
//! - So is a label name that Loki cannot parse, if the configuration says it. If it comes from a label's value
//!   or name, the rules after it see it as it is, and in what they leave each bad character is a `_`.
//! - Regular expressions are [`go_regex`]'s.

mod action;
mod case;
mod error;
mod fields;
mod label_names;
mod rule;
mod working_set;

use loki_push::LabelSet;
use serde_json::value::RawValue;

pub use error::{RelabelError, RelabelErrorKind, RelabelErrors};
pub use rule::Rule;

use crate::known_names::looks_like_yaml;
use error::Errors;
use fields::kind;
use working_set::WorkingSet;

/// Rules, in the order they are applied.
#[derive(Clone, Debug, Default)]
pub struct Relabel(Vec<Rule>);

/// What had to be done to labels whose names Loki cannot parse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelabelCounts {
    /// Labels whose bad characters became `_`.
    pub renamed: u64,
    /// Labels that are gone: their names were empty, or another label has what they became.
    pub given_up: u64,
}

impl Relabel {
    /// Reads a JSON list of rules. Empty text, `null` and `[]` are none.
    ///
    /// # Errors
    /// All that is wrong with the text.
    pub fn parse(json: &str) -> Result<Self, RelabelErrors> {
        if json.is_empty() {
            return Ok(Self::default());
        }
        let mut errors = Errors::default();
        let list = match list(json) {
            Ok(list) => list,
            Err(problem) => {
                errors.report(String::new(), problem);
                Vec::new()
            }
        };
        let rules = list.iter().enumerate();
        let rules = rules.filter_map(|(index, json)| Rule::parse(index, json, &mut errors));
        let rules = rules.collect();
        errors.into_result().map(|()| Self(rules))
    }

    /// Whether there are no rules.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels that the rules leave, or none if one of them drops the stream. What is left may be empty.
    pub fn apply(&self, labels: LabelSet, counts: &mut RelabelCounts) -> Option<LabelSet> {
        self.apply_observed(labels, counts, |_, _| {})
    }

    /// As [`apply`](Self::apply), telling `watch` what each rule leaves: the last one may be a rule that drops
    /// the stream. Names are then still as the rules made them.
    pub fn apply_observed(
        &self,
        labels: LabelSet,
        counts: &mut RelabelCounts,
        mut watch: impl FnMut(&Rule, Option<&LabelSet>),
    ) -> Option<LabelSet> {
        let mut working = WorkingSet::new(labels);
        for rule in &self.0 {
            let kept = rule.apply(&mut working);
            watch(rule, kept.then(|| working.labels()));
            if !kept {
                return None;
            }
        }
        Some(label_names::parseable(working.into_labels(), counts))
    }
}

fn list(json: &str) -> Result<Vec<&RawValue>, RelabelErrorKind> {
    let not_json = |error: serde_json::Error| match looks_like_yaml(json) {
        true => RelabelErrorKind::Yaml,
        false => RelabelErrorKind::Json(error.to_string()),
    };
    let value: &RawValue = serde_json::from_str(json).map_err(not_json)?;
    match kind(value) {
        "null" => Ok(Vec::new()),
        "a list" => serde_json::from_str(value.get()).map_err(not_json),
        found => Err(RelabelErrorKind::Type {
            found,
            expected: "a list of rules",
        }),
    }
}
