//! Label names that Loki refuses.

use std::borrow::Cow;

use go_regex::Regex;
use loki_push::{Label, LabelSet, is_label_name};

use super::RelabelCounts;

/// Returns whether every name that the template can expand to is invalid because of its literal text.
pub(crate) fn is_never_valid(template: &str) -> bool {
    let first_is_digit = template.starts_with(|char: char| char.is_ascii_digit());
    let literal = literal_text(template);
    first_is_digit || !literal.is_empty() && !is_label_name(&format!("_{literal}"))
}

/// Returns the template without its references to groups.
fn literal_text(template: &str) -> Cow<'_, str> {
    if !template.contains('$') {
        return Cow::Borrowed(template);
    }
    // In an empty match all groups are empty.
    let nothing = Regex::new("").ok();
    let mut literal = String::new();
    if let Some(captures) = nothing.as_ref().and_then(|regex| regex.captures("")) {
        captures.expand(template, &mut literal);
    }
    Cow::Owned(literal)
}

/// Replaces each character that Loki does not accept in a label name by `_`.
///
/// A valid name keeps its label. If several names become equal, the first one keeps its label.
pub(crate) fn with_valid_names(labels: LabelSet, counts: &mut RelabelCounts) -> LabelSet {
    let (good, bad): (Vec<&Label>, Vec<&Label>) = labels.iter().partition(|label| is_label_name(&label.name));
    if bad.is_empty() {
        return labels;
    }
    let good = good
        .iter()
        .map(|label| (label.name.as_str(), label.value.as_str()));
    let mut valid = LabelSet::from_iter(good);
    for label in bad {
        let name = valid_name(&label.name);
        if name.is_empty() || valid.get(&name).is_some() {
            counts.given_up += 1;
        } else {
            valid.set(name, label.value.as_str());
            counts.renamed += 1;
        }
    }
    valid
}

/// Returns the name with invalid characters replaced by `_`.
fn valid_name(name: &str) -> String {
    let replace = |(index, char): (usize, char)| match char {
        'a'..='z' | 'A'..='Z' => char,
        '0'..='9' if index > 0 => char,
        _ => '_',
    };
    name.chars().enumerate().map(replace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_that_can_never_make_a_valid_name_are_found() {
        for bad in [
            "a-b", "é", "1a", "a.$1", "$1-x", "${1", "a$$b", "a$", "1$1", "$1 $2",
        ] {
            assert!(is_never_valid(bad), "{bad}");
        }
        for good in [
            "a", "__a9", "$1", "${1}9", "lbl_$1", "$1_$name", "$1a", "$nope", "",
        ] {
            assert!(!is_never_valid(good), "{good}");
        }
    }

    #[test]
    fn bad_characters_become_underscores() {
        let mut counts = RelabelCounts::default();
        let labels = LabelSet::from_iter([
            ("", "gone"),
            ("/aws/fn", "a"),
            ("1x", "b"),
            ("a-b", "c"),
            ("a.b", "gone"),
            ("c_d", "d"),
            ("c-d", "gone"),
            ("é日", "e"),
        ]);
        let labels = with_valid_names(labels, &mut counts);
        let expected = [
            ("_aws_fn", "a"),
            ("_x", "b"),
            ("a_b", "c"),
            ("c_d", "d"),
            ("__", "e"),
        ];
        assert_eq!(labels, LabelSet::from_iter(expected));
        let (renamed, given_up) = (4, 3);
        assert_eq!(counts, RelabelCounts { renamed, given_up });
    }

    #[test]
    fn good_names_stay() {
        let mut counts = RelabelCounts::default();
        let labels = LabelSet::from_iter([("a", "1"), ("_b9", "2")]);
        assert_eq!(with_valid_names(labels.clone(), &mut counts), labels);
        assert_eq!(counts, RelabelCounts::default());
    }
}
