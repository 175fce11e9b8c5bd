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

/// Parses a group number. A number with a leading zero, such as `01`, is a name in Go.
fn number(name: &str) -> Option<usize> {
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = name.len() > 1 && name.starts_with('0');
    name.parse().ok().filter(|_| digits && !leading_zero)
}
