//! A compiled relabelling rule.

use go_regex::Regex;
use go_text::{to_lower, to_upper};
use md5::{Digest, Md5};
use serde_json::value::RawValue;

use super::action::Action;
use super::error::{Errors, RelabelErrorKind};
use super::fields::Fields;
use super::label_names::is_never_valid;
use super::working_set::WorkingSet;
use json_config::{Place, Reported};

/// The default of `separator`.
const SEPARATOR: &str = ";";
/// The default of `regex`.
const REGEX: &str = "(.*)";
/// The default of `replacement`.
const REPLACEMENT: &str = "$1";

/// A compiled rule.
#[derive(Clone, Debug)]
pub struct Rule {
    index: usize,
    action: Action,
    source_labels: Vec<String>,
    separator: String,
    regex: Regex,
    modulus: u64,
    target_label: String,
    replacement: String,
}

impl Rule {
    /// Compiles the rule with that index, and reports all errors in it.
    pub(crate) fn parse(index: usize, place: &Place, json: &RawValue, errors: &Errors) -> Option<Self> {
        let fields = Fields::parse(place, json, errors).ok()?;
        let checks = Checks { place, errors };
        let action = checks.action(&fields);
        let regex = checks.regex(&fields, action.ok());
        let checked = match action {
            Ok(action) => checks.fields(&fields, action),
            Err(reported) => Err(reported),
        };
        let (action, regex, ()) = (action.ok()?, regex.ok()?, checked.ok()?);
        let text = |key, field: Option<String>, default: &str| {
            let given = field.filter(|text| !is_ignored(key, text, action));
            given.unwrap_or_else(|| default.to_owned())
        };
        Some(Self {
            index,
            action,
            source_labels: fields.source_labels.ok()?.unwrap_or_default(),
            separator: text("separator", fields.separator.ok()?, SEPARATOR),
            regex,
            modulus: fields.modulus.ok()?.unwrap_or_default(),
            target_label: fields.target_label.ok()?.unwrap_or_default(),
            replacement: text("replacement", fields.replacement.ok()?, REPLACEMENT),
        })
    }

    /// Returns the index of the rule in its list, counted from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns the name of the action.
    pub fn action(&self) -> &'static str {
        self.action.name()
    }

    /// Applies the rule, and returns whether the stream is kept.
    pub(crate) fn apply(&self, labels: &mut WorkingSet) -> bool {
        match self.action {
            Action::Keep => return self.regex.is_match(&self.value(labels)),
            Action::Drop => return !self.regex.is_match(&self.value(labels)),
            Action::KeepEqual => return labels.get(&self.target_label) == self.value(labels),
            Action::DropEqual => return labels.get(&self.target_label) != self.value(labels),
            Action::Replace => self.replace(labels),
            Action::HashMod => {
                let hash = hash(&self.value(labels)) % self.modulus;
                labels.set(&self.target_label, hash.to_string());
            }
            Action::Lowercase => labels.set(&self.target_label, to_lower(&self.value(labels))),
            Action::Uppercase => labels.set(&self.target_label, to_upper(&self.value(labels))),
            Action::LabelMap => self.map_names(labels),
            Action::LabelDrop => labels.retain_names(|name| !self.regex.is_match(name)),
            Action::LabelKeep => labels.retain_names(|name| self.regex.is_match(name)),
        }
        true
    }

    /// Returns the values of the source labels, joined by the separator.
    fn value(&self, labels: &WorkingSet) -> String {
        let values: Vec<&str> = self.source_labels.iter().map(|name| labels.get(name)).collect();
        values.join(&self.separator)
    }

    /// Applies the action `replace`.
    fn replace(&self, labels: &mut WorkingSet) {
        let value = self.value(labels);
        let Some(captures) = self.regex.captures(&value) else {
            return;
        };
        let expand = |template| {
            let mut text = String::new();
            captures.expand(template, &mut text);
            text
        };
        let name = expand(&self.target_label);
        if !name.is_empty() {
            labels.set(&name, expand(&self.replacement));
        }
    }

    /// Applies the action `labelmap`.
    fn map_names(&self, labels: &mut WorkingSet) {
        for label in labels.snapshot() {
            if self.regex.is_match(&label.name) {
                let name = self.regex.replace_all(&label.name, &self.replacement);
                labels.set(&name, label.value);
            }
        }
    }
}

/// Returns the hash that Prometheus uses for `hashmod`: the last eight bytes of the MD5 digest as a big-endian
/// number.
fn hash(value: &str) -> u64 {
    let digest: [u8; 16] = Md5::digest(value).into();
    (u128::from_be_bytes(digest) & u128::from(u64::MAX)) as u64
}

/// The checks of a rule, each of which reports its errors.
struct Checks<'e> {
    place: &'e Place,
    errors: &'e Errors,
}

impl Checks<'_> {
    /// Reports an error of a key.
    fn report(&self, key: &str, problem: RelabelErrorKind) -> Reported {
        self.errors.report(&self.place.key(key), problem)
    }

    /// Returns the action; an empty name is `replace`.
    fn action(&self, fields: &Fields) -> Result<Action, Reported> {
        let name = match &fields.action {
            Ok(name) => name.as_deref().unwrap_or_default(),
            Err(reported) => return Err(*reported),
        };
        match name {
            "" => Ok(Action::Replace),
            name => Action::named(name).ok_or_else(|| {
                let action = name.to_owned();
                self.report("action", RelabelErrorKind::UnknownAction { action })
            }),
        }
    }

    /// Compiles the regular expression.
    fn regex(&self, fields: &Fields, action: Option<Action>) -> Result<Regex, Reported> {
        let pattern = match &fields.regex {
            Ok(pattern) => pattern.as_deref(),
            Err(reported) => return Err(*reported),
        };
        let pattern =
            pattern.filter(|pattern| !action.is_some_and(|action| is_ignored("regex", pattern, action)));
        Regex::anchored(pattern.unwrap_or(REGEX)).map_err(|error| self.report("regex", error.into()))
    }

    /// Checks the other keys.
    fn fields(&self, fields: &Fields, action: Action) -> Result<(), Reported> {
        let results = [
            self.target(fields, action),
            self.modulus(fields, action),
            self.map_replacement(fields, action),
            self.refused(fields, action),
        ];
        results.into_iter().collect()
    }

    /// Reports a missing key.
    fn missing(&self, key: &str, action: Action, needed: &'static str) -> Reported {
        let action = action.name();
        self.report(key, RelabelErrorKind::Missing { action, needed })
    }

    /// Checks `target_label`.
    fn target(&self, fields: &Fields, action: Action) -> Result<(), Reported> {
        let target = fields.target_label.as_ref().map_err(|reported| *reported)?;
        match target.as_deref().unwrap_or_default() {
            "" if action.needs_target() => Err(self.missing("target_label", action, "a label name")),
            name if action.writes_target() && is_bad_target(name, action) => {
                Err(self.report("target_label", RelabelErrorKind::LabelName(name.to_owned())))
            }
            _ => Ok(()),
        }
    }

    /// Checks `modulus`.
    fn modulus(&self, fields: &Fields, action: Action) -> Result<(), Reported> {
        match fields.modulus? {
            None | Some(0) if action == Action::HashMod => {
                Err(self.missing("modulus", action, "a whole number from 1 on"))
            }
            _ => Ok(()),
        }
    }

    /// Checks the names that `labelmap` creates.
    fn map_replacement(&self, fields: &Fields, action: Action) -> Result<(), Reported> {
        match fields
            .replacement
            .as_ref()
            .map_err(|reported| *reported)?
            .as_deref()
        {
            Some("") if action == Action::LabelMap => {
                Err(self.missing("replacement", action, "a label name, or nothing for $1"))
            }
            Some(name) if action == Action::LabelMap && is_never_valid(name) => {
                Err(self.report("replacement", RelabelErrorKind::LabelName(name.to_owned())))
            }
            _ => Ok(()),
        }
    }

    /// Reports keys that the action does not allow, unless they have their default value.
    fn refused(&self, fields: &Fields, action: Action) -> Result<(), Reported> {
        let is_given = |field: &Result<Option<String>, Reported>, default: &str| match field {
            Ok(Some(text)) => !text.is_empty() && text != default,
            _ => false,
        };
        let keys = [
            (
                "source_labels",
                matches!(&fields.source_labels, Ok(Some(labels)) if !labels.is_empty()),
            ),
            ("separator", is_given(&fields.separator, SEPARATOR)),
            ("regex", is_given(&fields.regex, "")),
            ("modulus", matches!(fields.modulus, Ok(Some(1..)))),
            ("target_label", is_given(&fields.target_label, "")),
            ("replacement", is_given(&fields.replacement, REPLACEMENT)),
        ];
        let mut result = Ok(());
        for (key, is_given) in keys {
            if is_given && action.refuses(key) {
                let (action, taken) = (action.name(), action.takes());
                result = Err(self.report(key, RelabelErrorKind::NotTaken { action, taken }));
            }
        }
        result
    }
}

/// Returns whether an empty key is ignored. Upstream replaces an empty text by the default for every action, so it
/// must not be an error where the action does not allow the key.
fn is_ignored(key: &str, text: &str, action: Action) -> bool {
    text.is_empty() && action.refuses(key)
}

/// Returns whether the target is not a valid name. Only `replace` expands references to groups in it.
fn is_bad_target(name: &str, action: Action) -> bool {
    match action {
        Action::Replace => is_never_valid(name),
        _ => !loki_push::is_label_name(name),
    }
}
