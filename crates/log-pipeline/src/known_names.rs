//! Hints for names that a configuration does not know.

use std::fmt;

/// A field that its object does not have.
///
/// Upstream ignores such fields: with `"regexp"` for `"regex"`, a `labeldrop` falls back to its default and drops
/// every label with success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownField {
    nearest: Option<&'static str>,
    known: &'static [&'static str],
}

impl UnknownField {
    /// Returns the fault of the field `name` if it is none of `known`. Case does not matter, as in Go.
    pub(crate) fn check(name: &str, known: &'static [&'static str]) -> Option<Self> {
        let name = name.to_lowercase();
        if known.contains(&name.as_str()) {
            return None;
        }
        Some(Self {
            nearest: nearest(&name, known),
            known,
        })
    }
}

/// Returns the known name that is most like `name`, if any is like it: at most a third of its letters are wrong, or one
/// name is in the other, with or without `_`.
pub(crate) fn nearest(name: &str, known: &'static [&'static str]) -> Option<&'static str> {
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

/// Returns whether text that is not JSON looks like YAML, in which promtail and Prometheus write the same rules.
pub(crate) fn looks_like_yaml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    first.is_some_and(|line| {
        let item = line == "-" || line.starts_with("- ");
        item || line.split_once(':').is_some_and(|(key, value)| {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !key.is_empty() && key.chars().all(is_name) && (value.is_empty() || value.starts_with(' '))
        })
    })
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

    #[test]
    fn yaml_is_told_from_broken_json() {
        for yaml in [
            "- action: drop",
            "# rules\n---\n\n- json:\n    expressions:",
            "action: drop",
            "-\n  json: {}",
        ] {
            assert!(looks_like_yaml(yaml), "{yaml}");
        }
        for other in [
            "",
            "[{\"action\": \"drop\"",
            "{action: drop}",
            "arn:aws:ssm:eu",
            "https://x",
            "drop",
        ] {
            assert!(!looks_like_yaml(other), "{other}");
        }
    }
}
