//! Reading the keys of a stage.

use std::sync::Arc;

use go_regex::Regex;
use go_time::Duration;
use loki_push::is_label_name;

use super::numbers::{self, Decoding};
use super::{Errors, Node, Place, Reported, StageErrorKind};
use json_config::UnknownField;

/// An object of the configuration. The case of its keys is ignored, but an exact match takes precedence.
#[derive(Debug)]
pub(crate) struct Fields<'c> {
    place: Place,
    entries: &'c [(String, Node)],
    decoding: Decoding,
    errors: &'c Errors,
}

/// Names with the sources of their values, as the stages for labels have them.
pub(crate) type Names = Vec<(Arc<str>, Arc<str>)>;

impl<'c> Fields<'c> {
    /// Returns the keys of `node`, which may be null.
    pub(crate) fn of(node: &'c Node, place: Place, errors: &'c Errors) -> Result<Self, Reported> {
        let entries: &[_] = match node {
            Node::Map(entries) => entries,
            Node::Null => &[],
            other => {
                let (found, expected) = (other.kind(), "an object");
                return Err(errors.report(&place, StageErrorKind::Type { found, expected }));
            }
        };
        Ok(Self {
            place,
            entries,
            decoding: Decoding::Strict,
            errors,
        })
    }

    /// Reports each key that is not one of `known`.
    pub(crate) fn only(self, known: &'static [&'static str]) -> Self {
        for (name, _) in self.entries {
            if let Some(unknown) = UnknownField::check(name, known) {
                self.report(name, unknown.into());
            }
        }
        self
    }

    /// Returns the same keys with weak decoding, which converts numbers, strings and booleans to one another.
    pub(crate) fn weak(self) -> Self {
        Self {
            decoding: Decoding::Weak,
            ..self
        }
    }

    /// Returns the place of the object.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Returns the place of a key.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        self.place.key(key)
    }

    /// Returns the list of errors.
    pub(crate) fn errors(&self) -> &'c Errors {
        self.errors
    }

    /// Returns all keys and values, for objects whose keys are names that the user chose.
    pub(crate) fn entries(&self) -> &'c [(String, Node)] {
        self.entries
    }

    /// Reports an error of a key.
    pub(crate) fn report(&self, key: &str, problem: StageErrorKind) -> Reported {
        self.errors.report(&self.place_of(key), problem)
    }

    /// Reports an error of the whole object.
    pub(crate) fn report_stage(&self, problem: StageErrorKind) -> Reported {
        self.errors.report(&self.place, problem)
    }

    /// Returns the value of a key unless it is missing or null.
    pub(crate) fn node(&self, key: &str) -> Option<&'c Node> {
        let exact = self.entries.iter().find(|(name, _)| name == key);
        let found = exact.or_else(|| {
            let mut entries = self.entries.iter();
            entries.find(|(name, _)| name.to_lowercase() == key)
        });
        match found {
            Some((_, Node::Null)) | None => None,
            Some((_, node)) => Some(node),
        }
    }

    /// Reads the value of a key with `read`, and reports a value of the wrong type.
    fn read<T>(
        &self,
        key: &str,
        expected: &'static str,
        read: impl Fn(&Node, Decoding) -> Option<T>,
    ) -> Result<Option<T>, Reported> {
        let Some(node) = self.node(key) else {
            return Ok(None);
        };
        match read(node, self.decoding) {
            Some(value) => Ok(Some(value)),
            None => {
                let found = node.kind();
                Err(self.report(key, StageErrorKind::Type { found, expected }))
            }
        }
    }

    /// Reads a string.
    pub(crate) fn text(&self, key: &str) -> Result<Option<String>, Reported> {
        self.read(key, "a string", numbers::text)
    }

    /// Reads a string that may be missing but not empty.
    pub(crate) fn text_unless_empty(
        &self,
        key: &str,
        needed: &'static str,
    ) -> Result<Option<Arc<str>>, Reported> {
        match self.text(key)? {
            Some(text) if text.is_empty() => Err(self.report(key, StageErrorKind::Empty(needed))),
            text => Ok(text.map(Arc::from)),
        }
    }

    /// Reads a string that is required and must not be empty.
    pub(crate) fn required_text(&self, key: &str, needed: &'static str) -> Result<Arc<str>, Reported> {
        match self.text(key)? {
            None => Err(self.report(key, StageErrorKind::Missing(needed))),
            Some(text) if text.is_empty() => Err(self.report(key, StageErrorKind::Empty(needed))),
            Some(text) => Ok(text.into()),
        }
    }

    /// Reads a boolean, which is false if it is missing.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, Reported> {
        let flag = self.read(key, "true or false", numbers::boolean)?;
        Ok(flag.unwrap_or(false))
    }

    /// Reads a number.
    pub(crate) fn number(&self, key: &str) -> Result<Option<f64>, Reported> {
        self.read(key, "a number", numbers::number)
    }

    /// Reads a whole number; the fraction of a number is removed.
    pub(crate) fn integer(&self, key: &str) -> Result<Option<i64>, Reported> {
        self.read(key, "a whole number", numbers::integer)
    }

    /// Reads a duration, and returns it in nanoseconds.
    pub(crate) fn duration(&self, key: &str) -> Result<Option<i64>, Reported> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        match Duration::parse(&text) {
            Ok(Duration(nanos)) => Ok(Some(nanos)),
            Err(_) => Err(self.report(
                key,
                StageErrorKind::Value {
                    value: text,
                    allowed: "expected a duration such as 500ms, 3s or 1h30m; the largest unit is h",
                },
            )),
        }
    }

    /// Reads a list of strings.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<String>, Reported> {
        let texts = self.read(key, "a list of strings", |node, decoding| match node {
            Node::List(list) => list.iter().map(|item| numbers::text(item, decoding)).collect(),
            single if decoding == Decoding::Weak => numbers::text(single, decoding).map(|text| vec![text]),
            _ => None,
        })?;
        Ok(texts.unwrap_or_default())
    }

    /// Reads and compiles a regular expression.
    pub(crate) fn pattern(&self, key: &str) -> Result<Option<Regex>, Reported> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        match Regex::new(&text) {
            Ok(pattern) => Ok(Some(pattern)),
            Err(error) => Err(self.report(key, error.into())),
        }
    }

    /// Reads and compiles a regular expression that is required.
    pub(crate) fn required_pattern(&self, key: &str) -> Result<Regex, Reported> {
        self.required_text(key, "expected a regular expression")?;
        match self.pattern(key)? {
            Some(pattern) => Ok(pattern),
            None => Err(Reported),
        }
    }

    /// Reads names and their sources. A source that is null or empty is the name itself.
    pub(crate) fn names(&self) -> Result<Names, Reported> {
        let mut names = Vec::with_capacity(self.entries.len());
        let mut problem = None;
        for (name, node) in self.entries {
            match node {
                Node::Null => names.push((name.as_str().into(), name.as_str().into())),
                Node::Text(source) if source.is_empty() => {
                    names.push((name.as_str().into(), name.as_str().into()));
                }
                Node::Text(source) => names.push((name.as_str().into(), source.as_str().into())),
                other => {
                    let (found, expected) = (other.kind(), "a string, or null for the name itself");
                    problem = Some(self.report(name, StageErrorKind::Type { found, expected }));
                }
            }
        }
        match problem {
            Some(reported) => Err(reported),
            None => Ok(names),
        }
    }

    /// Reads label names and their sources.
    pub(crate) fn label_names(&self) -> Result<Names, Reported> {
        let mut problem = None;
        for (name, _) in self.entries.iter().filter(|(name, _)| !is_label_name(name)) {
            problem = Some(self.report(name, StageErrorKind::LabelName(name.clone())));
        }
        let names = self.names()?;
        match problem {
            Some(reported) => Err(reported),
            None => Ok(names),
        }
    }
}
