//! Reading a line that is a JSON object.

use std::collections::BTreeMap;
use std::fmt;

use jmespath::{Rcvar, Variable};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::expression::value_of;
use crate::stages::value::ExtractedValue;

/// The members of an object that a stage requests.
#[derive(Debug)]
pub(super) struct Members {
    /// The distinct names.
    names: Vec<String>,
    /// The index into `names` of each requested member.
    requested: Vec<usize>,
}

impl Members {
    /// Returns the members with those names.
    pub(super) fn new(requested: impl Iterator<Item = String>) -> Self {
        let mut names: Vec<String> = Vec::new();
        let requested = requested.map(|name| {
            let known = names.iter().position(|known| *known == name);
            known.unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            })
        });
        let requested = requested.collect();
        Self { names, requested }
    }
}

/// Returns the values of the requested members, with nil for those that are missing. It returns `None` if the text is
/// neither a JSON object nor null.
pub(super) fn members(text: &str, wanted: &Members) -> Option<Vec<ExtractedValue>> {
    let mut found = vec![ExtractedValue::Nil; wanted.names.len()];
    read(text, MemberCollector(&wanted.names, &mut found))?;
    if wanted.requested.len() == found.len() {
        return Some(found);
    }
    Some(wanted.requested.iter().map(|at| found[*at].clone()).collect())
}

/// Parses the whole document. It returns `None` if the text is neither a JSON object nor null.
pub(super) fn document(text: &str) -> Option<Rcvar> {
    match read(text, BuildValue)? {
        document @ (Variable::Object(_) | Variable::Null) => Some(Rcvar::new(document)),
        _ => None,
    }
}

/// Deserializes a text that contains one JSON value.
fn read<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> Option<S::Value> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut json).ok()?;
    json.end().ok()?;
    Some(value)
}

/// A deserializer that builds a value. Numbers are 64-bit floats, as in Go.
struct BuildValue;

impl<'de> DeserializeSeed<'de> for BuildValue {
    type Value = Variable;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Variable, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for BuildValue {
    type Value = Variable;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Variable, E> {
        Ok(Variable::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Variable, E> {
        Ok(Variable::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Variable, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Variable, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Variable, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("number out of range"))?;
        Ok(Variable::Number(number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Variable, E> {
        Ok(Variable::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Variable, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(BuildValue)? {
            items.push(Rcvar::new(item));
        }
        Ok(Variable::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Variable, A::Error> {
        let mut members = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            members.insert(key, Rcvar::new(map.next_value_seed(BuildValue)?));
        }
        Ok(Variable::Object(members))
    }
}

/// A deserializer that builds the requested members of the document, and skips the others.
struct MemberCollector<'n>(&'n [String], &'n mut [ExtractedValue]);

impl<'de> DeserializeSeed<'de> for MemberCollector<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MemberCollector<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(member) = map.next_key_seed(NameIndex(self.0))? {
            match member {
                Some(at) => self.1[at] = value_of(&map.next_value_seed(BuildValue)?),
                None => map.next_value_seed(SkipValue)?,
            }
        }
        Ok(())
    }
}

/// A deserializer that returns the index of a key among the names.
struct NameIndex<'n>(&'n [String]);

impl<'de> DeserializeSeed<'de> for NameIndex<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameIndex<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|name| name == key))
    }
}

/// A deserializer that checks a value as strictly as [`BuildValue`] and discards it. Serde's `IgnoredAny` accepts
/// numbers that a float cannot hold.
struct SkipValue;

impl<'de> DeserializeSeed<'de> for SkipValue {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SkipValue {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(SkipValue)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // For strings, `IgnoredAny` is as strict as reading them.
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(SkipValue)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_alone_and_the_whole_document_agree_on_what_is_json() {
        let wanted = Members::new(["k", "k", "j"].map(str::to_owned).into_iter());
        for (text, malformed) in [
            (r#"{"k":1,"x":[{"y":"z","n":-1.5e3}]}"#, false),
            (r#" {"x":{"k":true},"k":"v"} "#, false),
            ("null", false),
            ("{}", false),
            (r#"{"x":1e400}"#, true),
            (r#"{"x":[1,]}"#, true),
            ("{\"x\":\"a\tb\"}", true),
            (r#"{"x":"\x"}"#, true),
            (r#"{"x":01}"#, true),
            (r#"{"k":1}{"k":1}"#, true),
            ("[1]", true),
            ("1", true),
            ("", true),
        ] {
            let whole = document(text);
            let some = members(text, &wanted);
            assert_eq!(whole.is_none(), malformed, "{text}");
            assert_eq!(some.is_none(), malformed, "{text}");
            if let (Some(whole), Some(some)) = (whole, some) {
                let member = value_of(&whole.get_field("k"));
                assert_eq!(some, [member.clone(), member, ExtractedValue::Nil], "{text}");
            }
        }
    }
}
