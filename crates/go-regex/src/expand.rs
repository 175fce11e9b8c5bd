//! Expansion of `$1` and `${name}` in replacement templates.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::Captures;

/// Appends the template to `out` with its references to groups replaced.
pub(crate) fn expand(template: &str, captures: &Captures<'_, '_>, out: &mut String) {
    let mut rest = template;
    while let Some((before, reference)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = reference.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = name(reference) {
            out.push_str(group(name, captures));
            rest = after;
        } else {
            out.push('$');
            rest = reference;
        }
    }
    out.push_str(rest);
}

/// Returns the references to groups in a template, in their order: numbers and names, without `$` and braces. `None`
/// stands for a `$` that begins no reference and is copied.
pub fn references(template: &str) -> impl Iterator<Item = Option<&str>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        while let Some((_, reference)) = rest.split_once('$') {
            if let Some(after) = reference.strip_prefix('$') {
                rest = after;
                continue;
            }
            let found = name(reference);
            rest = found.map_or(reference, |(_, after)| after);
            return Some(found.map(|(name, _)| name));
        }
        None
    })
}

/// Splits off the name at the start of `text`, which may be in braces, and returns it with the rest.
fn name(text: &str) -> Option<(&str, &str)> {
    let (braced, text) = text.strip_prefix('{').map_or((false, text), |text| (true, text));
    let length = text.find(|char| !is_name_char(char)).unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    if name.is_empty() {
        return None;
    }
    let rest = if braced { rest.strip_prefix('}')? } else { rest };
    Some((name, rest))
}

/// Returns whether Go's `expand` takes the character as part of a name.
fn is_name_char(char: char) -> bool {
    char == '_'
        || char.is_ascii_alphanumeric()
        || !char.is_ascii()
            && (char.general_category_group() == GeneralCategoryGroup::Letter
                || char.general_category() == GeneralCategory::DecimalNumber)
}

/// Returns the text of the group with that number or name, or an empty text.
fn group<'t>(name: &str, captures: &Captures<'_, 't>) -> &'t str {
    let text = match number(name) {
        Some(number) => captures.get(number),
        None => captures.name(name),
    };
    text.unwrap_or_default()
}

/// Returns whether a reference is to one of the groups with these names.
pub(crate) fn is_known(reference: &str, names: &[Option<String>]) -> bool {
    match number(reference) {
        Some(number) => number < names.len(),
        None => names.iter().flatten().any(|name| name == reference),
    }
}

/// Parses a group number. A number with a leading zero, such as `01`, is a name in Go.
fn number(name: &str) -> Option<usize> {
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = name.len() > 1 && name.starts_with('0');
    name.parse().ok().filter(|_| digits && !leading_zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_those_that_an_expansion_replaces() {
        for (template, expected) in [
            ("", &[][..]),
            ("a$$b", &[]),
            ("$a ${b}$1", &[Some("a"), Some("b"), Some("1")]),
            ("$$$a", &[Some("a")]),
            ("${a-b} $", &[None, None]),
            ("${a", &[None]),
        ] {
            let found: Vec<_> = references(template).collect();
            assert_eq!(found, expected, "{template}");
        }
    }
}
