//! `$1` and `${name}` in templates.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::Captures;

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

/// The name that `text` starts with, in braces or as long as it goes on.
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

fn is_name_char(char: char) -> bool {
    char == '_'
        || char.is_ascii_alphanumeric()
        || !char.is_ascii()
            && (char.general_category_group() == GeneralCategoryGroup::Letter
                || char.general_category() == GeneralCategory::DecimalNumber)
}

fn group<'t>(name: &str, captures: &Captures<'_, 't>) -> &'t str {
    let text = match number(name) {
        Some(number) => captures.get(number),
        None => captures.name(name),
    };
    text.unwrap_or_default()
}

/// A number has no leading zeros: `01` is a name.
fn number(name: &str) -> Option<usize> {
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = name.len() > 1 && name.starts_with('0');
    name.parse().ok().filter(|_| digits && !leading_zero)
}
