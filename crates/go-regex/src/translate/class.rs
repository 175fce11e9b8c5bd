//! Translation of character classes: `[...]`, `\d` and the like, `\pL`, `\p{Greek}`, `[:alpha:]`.

use std::fmt::Write;

use super::{escape, unicode_names};
use crate::SyntaxErrorKind;

/// A class that matches no character.
pub(crate) const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";

/// The code points of UTF-16 surrogates.
const SURROGATES: std::ops::RangeInclusive<u32> = 0xD800..=0xDFFF;

/// Translates the bracketed class at the start of `text`, and returns it with the rest of the text.
pub(crate) fn bracketed(text: &str) -> Result<(String, &str), SyntaxErrorKind> {
    let mut rest = &text[1..];
    let mut members = String::new();
    let mut negation = "";
    if let Some(negated) = rest.strip_prefix('^') {
        negation = "^";
        rest = negated;
    }
    let mut first = true;
    while first || !rest.starts_with(']') {
        first = false;
        if let Some((item, after)) = posix(rest)?.map_or_else(|| escaped(rest), |found| Ok(Some(found)))? {
            members.push_str(&item);
            rest = after;
            continue;
        }
        let start = rest;
        let (low, after) = member(rest, text)?;
        rest = after;
        let mut high = low;
        if let Some(after) = rest
            .strip_prefix('-')
            .filter(|after| !after.is_empty() && !after.starts_with(']'))
        {
            (high, rest) = member(after, text)?;
        }
        if high < low {
            return Err(SyntaxErrorKind::ClassRange(
                start[..start.len() - rest.len()].to_owned(),
            ));
        }
        push_range(&mut members, low, high);
    }
    // The regex crate refuses empty brackets.
    let members = if members.is_empty() { NOTHING } else { &members };
    Ok((format!("[{negation}{members}]"), &rest[1..]))
}

/// Translates the class escape (`\d`, `\pL` and the like) at the start of `text`, if there is one.
pub(crate) fn escaped(text: &str) -> Result<Option<(String, &str)>, SyntaxErrorKind> {
    let mut chars = text.chars();
    if chars.next() != Some('\\') {
        return Ok(None);
    }
    let class = match chars.next() {
        Some('d') => "[0-9]",
        Some('D') => "[^0-9]",
        Some('s') => r"[\t\n\x0C\r ]",
        Some('S') => r"[^\t\n\x0C\r ]",
        Some('w') => "[0-9A-Za-z_]",
        Some('W') => "[^0-9A-Za-z_]",
        Some('p' | 'P') => return unicode(text),
        _ => return Ok(None),
    };
    Ok(Some((class.to_owned(), chars.as_str())))
}

/// Translates `\pL`, `\p{Greek}`, `\P{Greek}` or `\p{^Greek}`.
fn unicode(text: &str) -> Result<Option<(String, &str)>, SyntaxErrorKind> {
    let mut chars = text[2..].chars();
    let (name, rest) = match chars.next() {
        None => return Err(SyntaxErrorKind::ClassRange(text.to_owned())),
        Some('{') => chars
            .as_str()
            .split_once('}')
            .ok_or_else(|| SyntaxErrorKind::ClassRange(text.to_owned()))?,
        Some(letter) => (&text[2..2 + letter.len_utf8()], chars.as_str()),
    };
    let (name, inner_negation) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
    let query = unicode_names::query(name)
        .ok_or_else(|| SyntaxErrorKind::ClassRange(text[..text.len() - rest.len()].to_owned()))?;
    let negated = text.starts_with("\\P") != inner_negation;
    let class = match (unicode_names::is_surrogates(&query), negated) {
        (false, false) => format!("\\p{{{query}}}"),
        (false, true) => format!("\\P{{{query}}}"),
        (true, false) => NOTHING.to_owned(),
        (true, true) => r"[\x{0}-\x{10FFFF}]".to_owned(),
    };
    Ok(Some((class, rest)))
}

/// Translates `[:alpha:]` or `[:^alpha:]` at the start of `text`, if there is one.
fn posix(text: &str) -> Result<Option<(String, &str)>, SyntaxErrorKind> {
    let Some((name, rest)) = text.strip_prefix("[:").and_then(|text| text.split_once(":]")) else {
        return Ok(None);
    };
    let (name, negation) = name.strip_prefix('^').map_or((name, ""), |name| (name, "^"));
    let members = match name {
        "alnum" => "0-9A-Za-z",
        "alpha" => "A-Za-z",
        "ascii" => r"\x00-\x7F",
        "blank" => r"\t ",
        "cntrl" => r"\x00-\x1F\x7F",
        "digit" => "0-9",
        "graph" => r"\x21-\x7E",
        "lower" => "a-z",
        "print" => r"\x20-\x7E",
        "punct" => r"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E",
        "space" => r"\t\n\x0B\x0C\r ",
        "upper" => "A-Z",
        "word" => "0-9A-Za-z_",
        "xdigit" => "0-9A-Fa-f",
        _ => {
            return Err(SyntaxErrorKind::ClassRange(
                text[..text.len() - rest.len()].to_owned(),
            ));
        }
    };
    Ok(Some((format!("[{negation}{members}]"), rest)))
}

/// Reads one character of the class `whole`, and returns its code point with the rest of the text.
fn member<'a>(text: &'a str, whole: &str) -> Result<(u32, &'a str), SyntaxErrorKind> {
    if text.starts_with('\\') {
        return escape::code_point(text);
    }
    let mut chars = text.chars();
    let char = chars
        .next()
        .ok_or_else(|| SyntaxErrorKind::MissingBracket(whole.to_owned()))?;
    Ok((u32::from(char), chars.as_str()))
}

/// Appends the range without the surrogates in it. UTF-8 text cannot contain them, and the regex crate refuses them.
fn push_range(class: &mut String, low: u32, high: u32) {
    let low = if SURROGATES.contains(&low) {
        SURROGATES.end() + 1
    } else {
        low
    };
    let high = if SURROGATES.contains(&high) {
        SURROGATES.start() - 1
    } else {
        high
    };
    if low <= high {
        let _ = write!(class, r"\x{{{low:X}}}-\x{{{high:X}}}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_are_left_out_of_ranges() {
        let range = |low, high| {
            let mut class = String::new();
            push_range(&mut class, low, high);
            class
        };
        assert_eq!(range(0x61, 0x7A), r"\x{61}-\x{7A}");
        assert_eq!(range(0xD000, 0xD900), r"\x{D000}-\x{D7FF}");
        assert_eq!(range(0xD900, 0xE900), r"\x{E000}-\x{E900}");
        assert_eq!(range(0xD900, 0xDA00), "");
        assert_eq!(range(0xD000, 0xE900), r"\x{D000}-\x{E900}");
    }
}
