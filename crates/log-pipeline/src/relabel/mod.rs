//! The setting `RELABEL_CONFIGS`: relabelling rules as in Prometheus.
//!
//! [`Relabel::parse`] compiles the rules, and [`Relabel::apply`] applies them to the labels of a stream in their
//! order. Keys, defaults, checks and actions are those of Prometheus 3.8, read from JSON as upstream reads them, with
//! these differences:
//!
//! - An empty `regex`, `separator` or `replacement` is used as an empty text if the action uses that key. Upstream
//!   replaces it by the default. If the action does not use the key, it is ignored.
//! - An unknown field is a configuration error. Upstream ignores it.
//! - `keepequal` and `dropequal` work, and the names of actions may be in any case.
//! - An unknown action and a rule that is `null` are configuration errors.
//! - A label name in the configuration that Loki would refuse is an error. If such a name comes from a label's value
//!   or name, the following rules see it unchanged, and after the last rule each invalid character becomes `_`.
//! - Regular expressions are those of [`go_regex`].

mod action;
mod error;
mod fields;
mod label_names;
mod rule;
mod working_set;

use loki_push::LabelSet;
use serde_json::value::RawValue;

pub use error::{RelabelError, RelabelErrorKind, RelabelErrors};
pub use rule::Rule;

use error::Errors;
use fields::kind;
use json_config::{Place, looks_like_yaml};
use working_set::WorkingSet;

/// A list of relabelling rules, in the order in which they are applied.
#[derive(Clone, Debug, Default)]
pub struct Relabel(Vec<Rule>);

/// The numbers of labels whose names Loki would refuse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelabelCounts {
    /// The number of labels in whose names invalid characters were replaced by `_`.
    pub renamed: u64,
    /// The number of labels that were removed because the name was empty, or because another label already had the
    /// corrected name.
    pub given_up: u64,
}

impl Relabel {
    /// Compiles a JSON list of rules. An empty text, `null` and `[]` stand for an empty list.
    ///
    /// # Errors
    /// Returns all errors in the text.
    pub fn parse(json: &str) -> Result<Self, RelabelErrors> {
        if json.is_empty() {
            return Ok(Self::default());
        }
        let errors = Errors::default();
        let place = Place::default();
        let list = match list(json) {
            Ok(list) => list,
            Err(problem) => {
                errors.report(&place, problem);
                Vec::new()
            }
        };
        let rules = list.iter().enumerate();
        let rules = rules.filter_map(|(index, json)| Rule::parse(index, &place.index(index), json, &errors));
        let rules = rules.collect();
        errors.into_result().map(|()| Self(rules))
    }

    /// Returns whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Applies the rules and returns the resulting labels, which may be empty. It returns `None` if a rule drops the
    /// stream.
    pub fn apply(&self, labels: LabelSet, counts: &mut RelabelCounts) -> Option<LabelSet> {
        self.apply_observed(labels, counts, |_, _| {})
    }

    /// Applies the rules as [`apply`](Self::apply) does, and passes each rule to `observe` with the labels after it,
    /// or with `None` if the rule drops the stream. Names that Loki would refuse are not yet corrected then.
    pub fn apply_observed(
        &self,
        labels: LabelSet,
        counts: &mut RelabelCounts,
        mut observe: impl FnMut(&Rule, Option<&LabelSet>),
    ) -> Option<LabelSet> {
        let mut working = WorkingSet::new(labels);
        for rule in &self.0 {
            let kept = rule.apply(&mut working);
            observe(rule, kept.then(|| working.labels()));
            if !kept {
                return None;
            }
        }
        Some(label_names::with_valid_names(working.into_labels(), counts))
    }
}

/// Returns the rules of the JSON list.
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
