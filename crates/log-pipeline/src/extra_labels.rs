//! The setting `EXTRA_LABELS`: labels that are added to every stream.

use loki_push::is_label_name;

/// The prefix that upstream adds to the names of extra labels by default.
const PREFIX: &str = "__extra_";

/// Names and values in the order of the setting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtraLabels(Vec<(String, String)>);

/// An error for a text that is not a list of labels.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtraLabelsError {
    /// The last name has no value.
    #[error("{count} comma-separated parts; expected name1,value1,name2,value2: an even number")]
    Odd {
        /// The number of parts.
        count: usize,
    },
    /// A label name that Loki refuses.
    #[error("label name {name:?} does not match [a-zA-Z_][a-zA-Z0-9_]*")]
    Name {
        /// The name with its prefix.
        name: String,
    },
}

impl ExtraLabels {
    /// Parses `name1,value1,name2,value2`. As upstream does, it splits the text at every comma, without escapes and
    /// without trimming, and checks the name with its prefix. An empty text has no labels.
    ///
    /// # Errors
    /// Returns an error if a name has no value or Loki would refuse the name.
    pub fn parse(text: &str, prefix: bool) -> Result<Self, ExtraLabelsError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let parts: Vec<&str> = text.split(',').collect();
        if !parts.len().is_multiple_of(2) {
            return Err(ExtraLabelsError::Odd { count: parts.len() });
        }
        let prefix = if prefix { PREFIX } else { "" };
        let labels = parts.chunks_exact(2).map(|pair| {
            let name = format!("{prefix}{}", pair[0]);
            if is_label_name(&name) {
                Ok((name, pair[1].to_owned()))
            } else {
                Err(ExtraLabelsError::Name { name })
            }
        });
        labels.collect::<Result<_, _>>().map(Self)
    }

    /// Returns the names and values in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str, prefix: bool) -> Vec<(String, String)> {
        ExtraLabels::parse(text, prefix).unwrap().0
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn names_are_prefixed_unless_told_not_to() {
        assert_eq!(
            labels("A,a,B_1,b c", true),
            [pair("__extra_A", "a"), pair("__extra_B_1", "b c")]
        );
        assert_eq!(labels("A,a", false), [pair("A", "a")]);
        assert_eq!(labels("", true), []);
    }

    #[test]
    fn nothing_is_trimmed_and_a_value_may_be_empty() {
        assert_eq!(labels("a, b ", false), [pair("a", " b ")]);
        assert_eq!(labels("a,", false), [pair("a", "")]);
    }

    #[test]
    fn a_name_is_judged_with_its_prefix() {
        assert_eq!(labels("1a,x", true), [pair("__extra_1a", "x")]);
        for (text, prefix) in [("1a,x", false), ("a-b,x", true), (" a,x", true), (",x", false)] {
            let error = ExtraLabels::parse(text, prefix).unwrap_err();
            assert!(matches!(error, ExtraLabelsError::Name { .. }), "{text}: {error}");
        }
    }

    #[test]
    fn an_odd_list_is_an_error() {
        for (text, count) in [("a", 1), ("a,b,c", 3), ("a,b,", 3)] {
            assert_eq!(
                ExtraLabels::parse(text, true),
                Err(ExtraLabelsError::Odd { count })
            );
        }
    }
}
