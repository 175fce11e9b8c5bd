//! The stage `logfmt`, which extracts values from text such as `key=value`.

use std::borrow::Cow;
use std::sync::Arc;

use go_text::unescape_utf16;

use super::config::{Fields, Names, Node, Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct LogfmtStage {
    /// The keys of the text, each with the name for its value. If several names request a key, the first one gets it.
    mapping: Names,
    source: Option<Arc<str>>,
}

impl LogfmtStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["mapping", "source"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let mapping = mapping(fields);
        let source =
            fields.text_unless_empty("source", "expected the name of an extracted value, or no source");
        Ok(Self {
            mapping: mapping?,
            source: source?,
        })
    }
}

/// Reads `mapping`.
fn mapping(fields: &Fields<'_>) -> Result<Names, Reported> {
    let needed = "expected an object of names and logfmt keys";
    let Some(node) = fields.node("mapping") else {
        return Err(fields.report("mapping", StageErrorKind::Missing(needed)));
    };
    if matches!(node, Node::Map(entries) if entries.is_empty()) {
        return Err(fields.report("mapping", StageErrorKind::Empty(needed)));
    }
    let mut mapping = Names::new();
    for (name, key) in Fields::of(node, fields.place_of("mapping"), fields.errors())?.names()? {
        if mapping.iter().all(|(known, _)| *known != key) {
            mapping.push((key, name));
        }
    }
    Ok(mapping)
}

impl StatelessStage for LogfmtStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let found: Vec<_> = {
            let Some(input) = entry.input(self.source.as_deref()) else {
                return Decision::Keep;
            };
            let pairs = input
                .split('\n')
                .map(|line| line.strip_suffix('\r').unwrap_or(line));
            let mut found = Vec::new();
            for line in pairs {
                let mut rest = line;
                let complete = loop {
                    match pair(&mut rest) {
                        Ok(Some((key, value))) => {
                            let wanted = self.mapping.iter().find(|(wanted, _)| **wanted == *key);
                            if let Some((_, name)) = wanted {
                                found.push((name, value.into_owned()));
                            }
                        }
                        Ok(None) => break true,
                        Err(Malformed) => break false,
                    }
                };
                if !complete {
                    break;
                }
            }
            found
        };
        for (name, value) in found {
            entry.extracted.set_text(name, value);
        }
        Decision::Keep
    }
}

/// A marker for text that is not logfmt. The pairs before it are used.
struct Malformed;

/// Reads the next key of a line and its value, which may be empty.
fn pair<'t>(rest: &mut &'t str) -> Result<Option<(&'t str, Cow<'t, str>)>, Malformed> {
    let line = rest.trim_start_matches(|char| char <= ' ');
    let end = line
        .find(|char| matches!(char, '=' | '"') || char <= ' ')
        .unwrap_or(line.len());
    let (key, after) = line.split_at(end);
    *rest = after;
    // go-logfmt treats the replacement character as invalid text.
    let whole = !key.contains(char::REPLACEMENT_CHARACTER);
    match after.chars().next() {
        None if key.is_empty() => Ok(None),
        Some('=') if !key.is_empty() && whole => {
            let value = value(&after[1..], rest)?;
            Ok(Some((key, value)))
        }
        Some('=' | '"') => Err(Malformed),
        _ if whole => Ok(Some((key, Cow::Borrowed("")))),
        _ => Err(Malformed),
    }
}

/// Reads a value, which may be in quotes.
fn value<'t>(text: &'t str, rest: &mut &'t str) -> Result<Cow<'t, str>, Malformed> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut escaped = false;
        let mut escapes = false;
        for (at, char) in quoted.char_indices() {
            match char {
                _ if escaped => escaped = false,
                '\\' => (escaped, escapes) = (true, true),
                '"' => {
                    *rest = &quoted[at + 1..];
                    let quoted = &quoted[..at];
                    return if escapes {
                        unescape(quoted).map(Cow::Owned)
                    } else {
                        Ok(Cow::Borrowed(quoted))
                    };
                }
                _ => {}
            }
        }
        return Err(Malformed);
    }
    let end = text
        .find(|char| matches!(char, '=' | '"') || char <= ' ')
        .unwrap_or(text.len());
    let (value, after) = text.split_at(end);
    *rest = after;
    match after.chars().next() {
        Some('=' | '"') => Err(Malformed),
        _ => Ok(Cow::Borrowed(value)),
    }
}

/// Returns the text inside the quotes without its escapes, which are JSON's and `\'`.
fn unescape(text: &str) -> Result<String, Malformed> {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        let char = match char {
            '\\' => match chars.next().ok_or(Malformed)? {
                char @ ('"' | '\\' | '/' | '\'') => char,
                'b' => '\x08',
                'f' => '\x0c',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let (char, rest) = unescape_utf16(chars.as_str()).ok_or(Malformed)?;
                    chars = rest.chars();
                    char
                }
                _ => return Err(Malformed),
            },
            '\0'..='\x1f' => return Err(Malformed),
            char => char,
        };
        plain.push(char);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(line: &str) -> (Vec<(String, String)>, bool) {
        let (mut rest, mut found) = (line, Vec::new());
        loop {
            match pair(&mut rest) {
                Ok(Some((key, value))) => found.push((key.to_owned(), value.into_owned())),
                Ok(None) => return (found, true),
                Err(Malformed) => return (found, false),
            }
        }
    }

    #[test]
    fn lines_are_read_until_they_stop_being_logfmt() {
        for (line, expected, complete) in [
            ("a=1 b", &[("a", "1"), ("b", "")][..], true),
            (" a= \t b=é ", &[("a", ""), ("b", "é")], true),
            (r#"a="x y"b=2"#, &[("a", "x y"), ("b", "2")], true),
            (
                r#"a="\"\u00e9\ud83d\ude00\ud800\n""#,
                &[("a", "\"é😀\u{fffd}\n")],
                true,
            ),
            (r#"a="" b=1"#, &[("a", ""), ("b", "1")], true),
            ("a=1 b=x=y c=2", &[("a", "1")], false),
            (r#"a=1 b"c d=1"#, &[("a", "1")], false),
            (r#"a="\x""#, &[], false),
            (r#"a="\u12"#, &[], false),
            ("=1", &[], false),
            ("", &[], true),
        ] {
            let expected = expected
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            assert_eq!(pairs(line), (expected.collect(), complete), "{line}");
        }
    }
}
