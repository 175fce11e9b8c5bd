//! Unknown fields of a configuration, with the known name that was probably meant.

use std::fmt;

/// An error for an unknown field.
///
/// Upstream ignores such fields. With `"regexp"` instead of `"regex"`, its `labeldrop` uses the default expression
/// and drops every label without an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownField {
    nearest: Option<&'static str>,
    known: &'static [&'static str],
}

impl UnknownField {
    /// Returns an error if the field `name` is not one of `known`. As in Go, case is ignored.
    pub fn check(name: &str, known: &'static [&'static str]) -> Option<Self> {
        let name = name.to_lowercase();
        if known.contains(&name.as_str()) {
            return None;
        }
        Some(Self::new(&name, known))
    }

    /// Returns an error for the field `name`, which is not one of `known`.
    pub fn new(name: &str, known: &'static [&'static str]) -> Self {
        Self {
            nearest: nearest(&name.to_lowercase(), known),
            known,
        }
    }
}

/// Returns the known name that is most similar to `name`, if one is similar enough: at most a third of the letters
/// differ, or one name contains the other. `_` and `-` are ignored.
fn nearest(name: &str, known: &'static [&'static str]) -> Option<&'static str> {
    let plain = |name: &str| name.replace(['_', '-'], "");
    let wanted = plain(name);
    let distance = |known: &&'static str| strsim::osa_distance(&wanted, &plain(known));
    let closest = *known.iter().min_by_key(|known| distance(known))?;
    if distance(&closest) <= wanted.chars().count().max(3) / 3 {
        return Some(closest);
    }
    let contains = |known: &&&'static str| {
        let known = plain(known);
        wanted.len() >= 3 && (known.contains(&wanted) || wanted.contains(&known))
    };
    known.iter().find(contains).copied()
}

impl std::error::Error for UnknownField {}

impl fmt::Display for UnknownField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown field; ")?;
        match (self.nearest, self.known) {
            (_, []) => f.write_str("expected an empty object"),
            (None, known) => write!(f, "expected one of {}", known.join(", ")),
            (Some(nearest), _) => write!(f, "did you mean {nearest}?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &[&str] = &["source_labels", "regex", "target_label", "replacement", "action"];

    #[test]
    fn the_nearest_name_is_the_one_meant() {
        let rows = [
            ("regexp", Some("regex")),
            ("re", None),
            ("targetlabel", Some("target_label")),
            ("target", Some("target_label")),
            ("source-label", Some("source_labels")),
            ("replace", Some("replacement")),
            ("actoin", Some("action")),
            ("comment", None),
            ("", None),
        ];
        for (name, meant) in rows {
            assert_eq!(nearest(name, RULE), meant, "{name}");
        }
    }

    #[test]
    fn names_are_known_in_any_case() {
        assert_eq!(UnknownField::check("Regex", RULE), None);
        let unknown = UnknownField::check("Regexp", RULE).map(|unknown| unknown.to_string());
        assert_eq!(unknown.as_deref(), Some("unknown field; did you mean regex?"));
    }
}
