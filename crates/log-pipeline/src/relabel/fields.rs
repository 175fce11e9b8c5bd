//! Reading the keys of a rule as Go's decoder does: their case is ignored, the last of several equal keys counts, and
//! `null` stands for the default. Unknown keys are reported.

use std::fmt;

use go_text::JsonText;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::{Errors, RelabelErrorKind};
use json_config::{Place, Reported, UnknownField};

/// The value of a key, which is `None` if the key is missing or `null`.
pub(crate) type Field<T> = Result<Option<T>, Reported>;

/// The keys that a rule may have.
const NAMES: [&str; 7] = [
    "source_labels",
    "separator",
    "regex",
    "modulus",
    "target_label",
    "replacement",
    "action",
];

/// The keys of a rule and their values.
#[derive(Debug)]
pub(crate) struct Fields {
    pub(crate) source_labels: Field<Vec<String>>,
    pub(crate) separator: Field<String>,
    pub(crate) regex: Field<String>,
    pub(crate) modulus: Field<u64>,
    pub(crate) target_label: Field<String>,
    pub(crate) replacement: Field<String>,
    pub(crate) action: Field<String>,
}

impl Fields {
    /// Reads the keys of the rule at `place`, and reports all errors in them.
    pub(crate) fn parse(place: &Place, json: &RawValue, errors: &Errors) -> Result<Self, Reported> {
        let wrong = |problem| errors.report(place, problem);
        if kind(json) != "an object" {
            let (found, expected) = (kind(json), "an object");
            return Err(wrong(RelabelErrorKind::Type { found, expected }));
        }
        let members: Members<'_> = serde_json::from_str(json.get())
            .map_err(|error| wrong(RelabelErrorKind::Json(error.to_string())))?;
        for (name, _) in &members.0 {
            if let Some(unknown) = UnknownField::check(&name.0, &NAMES) {
                errors.report(&place.key(&name.0), unknown.into());
            }
        }
        let reader = Reader {
            place,
            members,
            errors,
        };
        Ok(Self {
            source_labels: reader.read("source_labels", "a list of label names", texts),
            separator: reader.read("separator", "a string", text),
            regex: reader.read("regex", "a string", text),
            modulus: reader.read("modulus", "a whole number that is not negative", unsigned),
            target_label: reader.read("target_label", "a string", text),
            replacement: reader.read("replacement", "a string", text),
            action: reader.read("action", "a string", text),
        })
    }
}

/// Returns the type of a value, for an error message.
pub(crate) fn kind(json: &RawValue) -> &'static str {
    match json.get().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// A reader of the members of a rule.
struct Reader<'a> {
    place: &'a Place,
    members: Members<'a>,
    errors: &'a Errors,
}

impl Reader<'_> {
    /// Reads the value of a key.
    fn read<T>(&self, key: &str, expected: &'static str, read: impl Fn(&RawValue) -> Option<T>) -> Field<T> {
        let mut field = Ok(None);
        for (name, value) in &self.members.0 {
            if !name.0.eq_ignore_ascii_case(key) || kind(value) == "null" {
                continue;
            }
            field = read(value).map(Some).ok_or_else(|| {
                let found = kind(value);
                let problem = RelabelErrorKind::Type { found, expected };
                self.errors.report(&self.place.key(key), problem)
            });
        }
        field
    }
}

/// Reads a string.
fn text(json: &RawValue) -> Option<String> {
    let JsonText(text) = serde_json::from_str(json.get()).ok()?;
    Some(text.into_owned())
}

/// Reads a list of strings.
fn texts(json: &RawValue) -> Option<Vec<String>> {
    let list: Vec<Option<JsonText<'_>>> = serde_json::from_str(json.get()).ok()?;
    // In a list of strings, Go reads null as an empty string.
    let text = |item: Option<JsonText<'_>>| item.unwrap_or_default().0.into_owned();
    Some(list.into_iter().map(text).collect())
}

/// Reads a whole number that is not negative.
fn unsigned(json: &RawValue) -> Option<u64> {
    serde_json::from_str(json.get()).ok()
}

/// The members of an object in their order, including those with equal names.
struct Members<'a>(Vec<(JsonText<'a>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
