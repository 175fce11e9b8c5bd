//! JSON objects that are read one level at a time.
//!
//! Every member is kept as written until it is requested. So a field that is not used can have any type, a
//! field of the wrong type counts as missing, and there are no errors of serde's, which would quote the
//! value.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use go_text::JsonText;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::FieldError;

/// The members of a JSON object, in their order.
#[derive(Default)]
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// Returns the object, if the value is one.
    pub(crate) fn read(value: &'a RawValue) -> Option<Self> {
        // Other values are distinguished by their first byte, to avoid an error of serde's.
        value
            .get()
            .starts_with('{')
            .then(|| serde_json::from_str(value.get()).ok())?
    }

    /// Returns the members, in their order.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// Returns the names of the members.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.0.iter().map(|(key, _)| key.to_string()).collect()
    }

    /// Returns the member with this name; if there are several, the last one, as most JSON parsers do.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let mut members = self.0.iter().rev();
        members.find(|(key, _)| key == name).map(|(_, value)| *value)
    }

    /// Returns the value at the end of a path such as `s3.object.key`.
    pub(crate) fn at(&self, path: &str) -> Option<&'a RawValue> {
        match path.split_once('.') {
            None => self.get(path),
            Some((name, rest)) => Object::read(self.get(name)?)?.at(rest),
        }
    }

    /// Returns the string at the end of a path, if there is one.
    pub(crate) fn text(&self, path: &str) -> Option<Cow<'a, str>> {
        string(self.at(path)?)
    }

    /// Returns the string at the end of a path, unless it is missing or empty.
    pub(crate) fn name(&self, path: &str) -> Option<String> {
        let name = self.text(path)?.into_owned();
        (!name.is_empty()).then_some(name)
    }

    /// Returns the whole number at the end of a path, if there is one.
    pub(crate) fn number(&self, path: &str) -> Option<u64> {
        self.at(path)?.get().parse().ok()
    }

    /// Returns the string at the end of a path, or an error if it is missing.
    pub(crate) fn demand(&self, path: &'static str) -> Result<Cow<'a, str>, FieldError> {
        self.text(path).ok_or(FieldError::NoText { field: path })
    }

    /// Returns the string at the end of a path, or an error if it is missing or empty.
    pub(crate) fn demand_name(&self, path: &'static str) -> Result<String, FieldError> {
        match self.demand(path)?.into_owned() {
            name if name.is_empty() => Err(FieldError::Empty { field: path }),
            name => Ok(name),
        }
    }

    /// Decodes the base64 string at the end of a path.
    pub(crate) fn demand_bytes(&self, path: &'static str) -> Result<Vec<u8>, FieldError> {
        let text = self.demand(path)?;
        STANDARD
            .decode(text.as_bytes())
            .map_err(|error| FieldError::Base64 { field: path, error })
    }

    /// Returns the list at the end of a path, if there is one.
    pub(crate) fn list(&self, path: &str) -> Option<Vec<&'a RawValue>> {
        elements(self.at(path)?)
    }
}

/// Returns the text of a value that is a string.
pub(crate) fn string(value: &RawValue) -> Option<Cow<'_, str>> {
    let JsonText(text) = serde_json::from_str(value.get()).ok()?;
    Some(text)
}

/// Returns the elements of a value that is a list.
pub(crate) fn elements(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut object = Object::default();
                while let Some((JsonText(key), value)) = map.next_entry()? {
                    object.0.push((key, value));
                }
                Ok(object)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> &RawValue {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn members_are_found_by_their_path() {
        let json = r#"{"a": {"b": {"c": "x\u0079"}, "n": null}, "d": 7, "e": "", "f": ["g"]}"#;
        let object = Object::read(value(json)).unwrap();
        assert_eq!(object.keys(), ["a", "d", "e", "f"]);
        assert_eq!(object.text("a.b.c").unwrap(), "xy");
        assert_eq!(object.text("e").unwrap(), "");
        assert_eq!(object.name("e"), None);
        for nowhere in [
            "", "a", "a.n", "a.n.c", "a.b.c.d", "a.b.x", "d", "d.a", "f", "x", ".",
        ] {
            assert_eq!(object.text(nowhere), None, "{nowhere}");
        }
        assert_eq!(object.list("f").unwrap()[0].get(), r#""g""#);
        assert!(object.list("a").is_none() && object.list("x").is_none());
    }

    #[test]
    fn of_two_members_with_one_name_the_last_counts() {
        let object = Object::read(value(r#"{"a": "1", "\u0061": "2"}"#)).unwrap();
        assert_eq!(object.text("a").unwrap(), "2");
    }

    #[test]
    fn other_values_are_not_objects() {
        for json in ["[]", "7", "null", "true", r#""{}""#] {
            assert!(Object::read(value(json)).is_none(), "{json}");
        }
    }

    #[test]
    fn a_lone_surrogate_in_a_name_or_a_value_does_no_harm() {
        let object = Object::read(value(r#"{"\ud800": {"\udfff": ["\ud800"]}, "a": "x\ud800"}"#)).unwrap();
        assert_eq!(object.text("a").unwrap(), "x\u{fffd}");
        assert_eq!(object.keys(), ["\u{fffd}", "a"]);
    }

    #[test]
    fn deep_nesting_is_passed_over() {
        let json = format!(
            r#"{{"x": {}{}, "a": "b"}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(Object::read(value(&json)).unwrap().text("a").unwrap(), "b");
    }
}
