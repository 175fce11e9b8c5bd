//! The setting `DROP_LABELS`: labels that are removed from every stream.

use loki_push::is_label_name;

/// A list of exact label names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelNames(Vec<String>);

/// An error for a name that is not a valid label name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("label name {0:?} does not match [a-zA-Z_][a-zA-Z0-9_]*; expected name1,name2 without spaces")]
pub struct LabelNameError(pub String);

impl LabelNames {
    /// Parses `name1,name2`. As upstream does, it does not trim the names. An empty text has no names.
    ///
    /// # Errors
    /// Returns an error if one of the names is not a valid label name.
    pub fn parse(text: &str) -> Result<Self, LabelNameError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let names = text.split(',').map(|name| match is_label_name(name) {
            true => Ok(name.to_owned()),
            false => Err(LabelNameError(name.to_owned())),
        });
        names.collect::<Result<_, _>>().map(Self)
    }

    /// Returns the names in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_trimmed() {
        let names = LabelNames::parse("__aws_log_type,b").unwrap();
        assert_eq!(names.iter().collect::<Vec<_>>(), ["__aws_log_type", "b"]);
        assert_eq!(LabelNames::parse("").unwrap().iter().count(), 0);
        for (text, bad) in [("a, b", " b"), ("a,", ""), ("a-b", "a-b")] {
            assert_eq!(LabelNames::parse(text), Err(LabelNameError(bad.to_owned())));
        }
    }
}
