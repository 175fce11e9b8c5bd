//! One rule, compiled.

use go_regex::Regex;
use md5::{Digest, Md5};
use serde_json::value::RawValue;

use super::action::Action;
use super::case;
use super::error::{Errors, RelabelErrorKind, Reported};
use super::fields::Fields;
use super::label_names::is_never_valid;
use super::working_set::WorkingSet;

const SEPARATOR: &str = ";";
const REGEX: &str = "(.*)";
const REPLACEMENT: &str = "$1";

/// A rule, compiled.
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
    /// Reads the rule with that index, or reports what is wrong with it.
    pub(crate) fn parse(index: usize, json: &RawValue, errors: &mut Errors) -> Option<Self> {
        let place = format!("[{index}]");
        let fields = Fields::parse(&place, json, errors).ok()?;
        let mut checks = Checks { place, errors };
        let action = checks.action(&fields);
        let regex = checks.regex(&fields, action.ok());
        let checked = match action {
            Ok(action) => checks.fields(&fields, action),
            Err(reported) => Err(reported),
        };
        let (action, regex, ()) = (action.ok()?, regex.ok()?, checked.ok()?);
        let text = |key, field: Option<String>, default: &str| {
            let said = field.filter(|text| !is_ignored(key, text, action));
            said.unwrap_or_else(|| default.to_owned())
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

    /// Which rule of the list it is, from 0 on.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The name of what it does.
    pub fn action(&self) -> &'static str {
        self.action.name()
    }

    /// Whether the stream is kept.
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
            Action::Lowercase => labels.set(&self.target_label, case::lower(&self.value(labels))),
            Action::Uppercase => labels.set(&self.target_label, case::upper(&self.value(labels))),
            Action::LabelMap => self.map_names(labels),
            Action::LabelDrop => labels.retain_names(|name| !self.regex.is_match(name)),
            Action::LabelKeep => labels.retain_names(|name| self.regex.is_match(name)),
        }
        true
    }

    /// The values of the source labels, joined.
    fn value(&self, labels: &WorkingSet) -> String {
        let values: Vec<&str> = self.source_labels.iter().map(|name| labels.get(name)).collect();
        values.join(&self.separator)
    }

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

    fn map_names(&self, labels: &mut WorkingSet) {
        for label in labels.snapshot() {
            if self.regex.is_match(&label.name) {
                let name = self.regex.replace_all(&label.name, &self.replacement);
                labels.set(&name, label.value);
            }
        }
    }
}

/// Prometheus' hash: the last eight bytes of the MD5, as a big-endian number.
fn hash(value: &str) -> u64 {
    let digest: [u8; 16] = Md5::digest(value).into();
    (u128::from_be_bytes(digest) & u128::from(u64::MAX)) as u64
}

/// The checks of one rule. Every one reports what it finds.
struct Checks<'e> {
    place: String,
    errors: &'e mut Errors,
}

impl Checks<'_> {
    fn report(&mut self, key: &str, problem: RelabelErrorKind) -> Reported {
        self.errors.report(format!("{}.{key}", self.place), problem)
    }

    fn action(&mut self, fields: &Fields) -> Result<Action, Reported> {
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

    fn regex(&mut self, fields: &Fields, action: Option<Action>) -> Result<Regex, Reported> {
        let pattern = match &fields.regex {
            Ok(pattern) => pattern.as_deref(),
            Err(reported) => return Err(*reported),
        };
        let pattern =
            pattern.filter(|pattern| !action.is_some_and(|action| is_ignored("regex", pattern, action)));
        Regex::anchored(pattern.unwrap_or(REGEX)).map_err(|error| self.report("regex", error.into()))
    }

    fn fields(&mut self, fields: &Fields, action: Action) -> Result<(), Reported> {
        let results = [
            self.target(fields, action),
            self.modulus(fields, action),
            self.map_replacement(fields, action),
            self.refused(fields, action),
        ];
        results.into_iter().collect()
    }

    fn missing(&mut self, key: &str, action: Action, needed: &'static str) -> Reported {
        let action = action.name();
        self.report(key, RelabelErrorKind::Missing { action, needed })
    }

    fn target(&mut self, fields: &Fields, action: Action) -> Result<(), Reported> {
        let target = fields.target_label.as_ref().map_err(|reported| *reported)?;
        match target.as_deref().unwrap_or_default() {
            "" if action.needs_target() => Err(self.missing("target_label", action, "a label name")),
            name if action.writes_target() && is_bad_target(name, action) => {
                Err(self.report("target_label", RelabelErrorKind::LabelName(name.to_owned())))
            }
            _ => Ok(()),
        }
    }

    fn modulus(&mut self, fields: &Fields, action: Action) -> Result<(), Reported> {
        match fields.modulus? {
            None | Some(0) if action == Action::HashMod => {
                Err(self.missing("modulus", action, "a whole number from 1 on"))
            }
            _ => Ok(()),
        }
    }

    /// The names that `labelmap` makes.
    fn map_replacement(&mut self, fields: &Fields, action: Action) -> Result<(), Reported> {
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

    /// Keys that are there, with another value than their default, but refused by the action.
    fn refused(&mut self, fields: &Fields, action: Action) -> Result<(), Reported> {
        let said = |field: &Result<Option<String>, Reported>, default: &str| match field {
            Ok(Some(text)) => !text.is_empty() && text != default,
            _ => false,
        };
        let keys = [
            (
                "source_labels",
                matches!(&fields.source_labels, Ok(Some(labels)) if !labels.is_empty()),
            ),
            ("separator", said(&fields.separator, SEPARATOR)),
            ("regex", said(&fields.regex, "")),
            ("modulus", matches!(fields.modulus, Ok(Some(1..)))),
            ("target_label", said(&fields.target_label, "")),
            ("replacement", said(&fields.replacement, REPLACEMENT)),
        ];
        let mut result = Ok(());
        for (key, said) in keys {
            if said && action.refuses(key) {
                let (action, taken) = (action.name(), action.takes());
                result = Err(self.report(key, RelabelErrorKind::NotTaken { action, taken }));
            }
        }
        result
    }
}

/// A key that the action refuses may be `""`: upstream takes that for the default everywhere.
fn is_ignored(key: &str, text: &str, action: Action) -> bool {
    text.is_empty() && action.refuses(key)
}

/// Only `replace` expands references to groups in its target.
fn is_bad_target(name: &str, action: Action) -> bool {
    match action {
        Action::Replace => is_never_valid(name),
        _ => !loki_push::is_label_name(name),
    }
}
