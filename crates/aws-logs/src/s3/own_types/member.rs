//! The times of records that have no header: JSON members, and regular expressions over any text.

use std::borrow::Cow;
use std::sync::Arc;

use loki_push::Timestamp;

use super::time::{Place, Timing};
use crate::s3::format::{Layout, Read};
use crate::s3::json;

/// The layout of records whose time is in a JSON member, or is found by a regular expression.
#[derive(Debug)]
pub(super) struct Members(pub(super) Arc<Timing>);

impl Layout for Members {
    fn read(&mut self, record: &[u8]) -> Read {
        Read::Line(match &self.0.place {
            Place::Field(path) => self.time(record, path),
            Place::Group(_) => self.0.of(record, |_, _| None),
        })
    }
}

impl Members {
    /// Returns the time in a member, which may be a number or a string.
    fn time(&self, record: &[u8], path: &str) -> Option<Timestamp> {
        let value = find(record, path.as_bytes())?;
        match json::string(value) {
            Some(text) => self.0.format.parse(&unescaped(text, value)?),
            None => self.0.format.parse(value),
        }
    }
}

/// Returns the value of a member of the object: of that with the path as its name, or of one in an object, whose name
/// the path begins with before a dot. The first member that fits counts.
fn find<'a>(object: &'a [u8], path: &[u8]) -> Option<&'a [u8]> {
    json::Members::of(object).find_map(|(name, value)| {
        if name == path {
            return Some(value);
        }
        find(value, path.strip_prefix(name)?.strip_prefix(b".")?)
    })
}

/// Returns the text of a string without its escapes, such as `\/`, which some programs write in dates.
fn unescaped<'a>(text: &'a [u8], value: &[u8]) -> Option<Cow<'a, [u8]>> {
    if !text.contains(&b'\\') {
        return Some(Cow::Borrowed(text));
    }
    let text: String = serde_json::from_slice(value).ok()?;
    Some(Cow::Owned(text.into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_a_member_of_any_depth() {
        let found = |object: &str, path: &str| {
            let value = find(object.as_bytes(), path.as_bytes());
            value.map(|value| String::from_utf8(value.to_vec()).unwrap())
        };
        for (object, path, value) in [
            (r#"{"a":1,"ts":2}"#, "ts", Some("2")),
            (r#"{"a":{"ts":1},"ts":2}"#, "ts", Some("2")),
            (r#"{"a":{"b":{"c":1}}}"#, "a.b.c", Some("1")),
            (r#"{"a.b":{"c":1}}"#, "a.b.c", Some("1")),
            (r#"{"a":{"b.c":1}}"#, "a.b.c", Some("1")),
            (r#"{"a.b.c":1}"#, "a.b.c", Some("1")),
            (r#"{"a":{"b":1},"a.b":2}"#, "a.b", Some("1")),
            (r#"{"a.b":2,"a":{"b":1}}"#, "a.b", Some("2")),
            (r#"{"a":{"x":1},"a":{"b":2}}"#, "a.b", Some("2")),
            (r#"{"a":{"":1}}"#, "a.", Some("1")),
            (r#"{"a":[{"b":1}]}"#, "a.b", None),
            (r#"{"a":"{\"b\":1}"}"#, "a.b", None),
            (r#"{"ab":1}"#, "a.b", None),
            (r#"[{"ts":1}]"#, "ts", None),
            ("ts", "ts", None),
            ("", "ts", None),
        ] {
            assert_eq!(found(object, path).as_deref(), value, "{path} in {object}");
        }
    }
}
