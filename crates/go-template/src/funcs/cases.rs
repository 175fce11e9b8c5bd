//! Sprig's functions that change letter case.
//!
//! `snakecase`, `kebabcase` and `camelcase` follow `github.com/huandu/xstrings` 1.5.0; `swapcase` and `untitle`
//! follow `github.com/Masterminds/goutils` 1.1.1.

use go_text::{lower_char, upper_char};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::env::{Env, ExecResult};
use crate::funcs::{Function, Param, function};

use Param::Text;

pub(crate) const FUNCTIONS: &[Function] = &[
    function("title", &[Text], None, |env, args| env.text(title(args.text(0)))),
    function("untitle", &[Text], None, |env, args| {
        env.text(untitle(args.text(0)))
    }),
    function("swapcase", &[Text], None, |env, args| {
        env.text(swap_case(args.text(0)))
    }),
    function("camelcase", &[Text], None, |env, args| {
        env.text(pascal(args.text(0)))
    }),
    function("snakecase", &[Text], None, |env, args| {
        words(env, args.text(0), '_')
    }),
    function("kebabcase", &[Text], None, |env, args| {
        words(env, args.text(0), '-')
    }),
];

/// Returns whether the character is an upper-case letter.
fn is_upper(c: char) -> bool {
    c.general_category() == GeneralCategory::UppercaseLetter
}

/// Returns whether the character is a lower-case letter.
fn is_lower(c: char) -> bool {
    c.general_category() == GeneralCategory::LowercaseLetter
}

/// Changes the first letter of each word to upper case, as Go's `strings.Title` does. A word starts after any
/// character other than a letter, digit or underscore.
fn title(text: &str) -> String {
    let mut before = ' ';
    let word = |c: char| {
        if c.is_ascii() {
            c.is_ascii_alphanumeric() || c == '_'
        } else {
            !c.is_whitespace()
        }
    };
    let titled = |c| {
        let starts = !word(before);
        before = c;
        if starts { upper_char(c) } else { c }
    };
    text.chars().map(titled).collect()
}

/// Changes the first letter of each word to lower case.
fn untitle(text: &str) -> String {
    let mut starts = true;
    let lowered = |c: char| {
        if c.is_whitespace() {
            starts = true;
            return c;
        }
        if std::mem::take(&mut starts) {
            lower_char(c)
        } else {
            c
        }
    };
    text.chars().map(lowered).collect()
}

/// Changes upper case to lower case and lower case to upper case.
fn swap_case(text: &str) -> String {
    let swapped = |c: char| {
        if is_upper(c) || c.general_category() == GeneralCategory::TitlecaseLetter {
            lower_char(c)
        } else if is_lower(c) {
            upper_char(c)
        } else {
            c
        }
    };
    text.chars().map(swapped).collect()
}

/// Returns whether the character separates words.
fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || c.is_whitespace()
}

/// Converts `some_words` to `SomeWords`. Of several capitals at the start of a word only the first stays a capital.
fn pascal(text: &str) -> String {
    let start = text.find(|c| !is_connector(c)).unwrap_or(text.len());
    let mut out = text[..start].to_owned();
    let mut chars = text[start..].chars();
    let Some(first) = chars.next() else {
        // If there are only connectors, xstrings writes the last one twice.
        out.extend(text.chars().next_back());
        return out;
    };
    let mut in_capitals = is_upper(first);
    let mut pending = upper_char(first);
    for mut c in chars {
        match (is_connector(pending), is_connector(c)) {
            (true, true) => out.push(pending),
            // One connector is removed.
            (true, false) => {
                in_capitals = is_upper(c);
                c = upper_char(c);
            }
            (false, _) => {
                if in_capitals && is_upper(c) {
                    c = lower_char(c);
                } else {
                    in_capitals = false;
                }
                out.push(pending);
            }
        }
        pending = c;
    }
    out.push(pending);
    out
}

/// The kind of a part of a text.
#[derive(Clone, Copy, PartialEq)]
enum Word {
    Number,
    /// Several capitals, or one capital and the letters after it.
    Upper,
    Alphabet,
    Connector,
    Punctuation,
    Other,
    End,
}

/// Returns whether the character is a number.
fn is_number(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Number
}

/// Returns whether the character is punctuation.
fn is_punctuation(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// Returns whether the character is a letter of a script that separates words, which excludes Chinese ideographs.
fn is_alphabet(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Letter
        && !matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}')
}

/// Returns the part at the start of the text, and its kind.
fn next_word(text: &str) -> (Word, &str) {
    let Some(first) = text.chars().next() else {
        return (Word::End, "");
    };
    let run = |belongs: &dyn Fn(char) -> bool| {
        let after = &text[first.len_utf8()..];
        first.len_utf8() + after.find(|c| !belongs(c)).unwrap_or(after.len())
    };
    let small = |c: char| is_alphabet(c) && !is_upper(c);
    let (word, len) = match first {
        c if is_connector(c) => (Word::Connector, run(&is_connector)),
        c if is_punctuation(c) => (Word::Punctuation, run(&is_punctuation)),
        c if is_upper(c) => {
            let capitals = run(&is_upper);
            let many = capitals > first.len_utf8();
            let followed = text[capitals..].chars().next().is_some_and(is_alphabet);
            let len = match (many, followed) {
                // The last of several capitals begins the next word.
                (true, true) => text[..capitals]
                    .char_indices()
                    .next_back()
                    .map_or(capitals, |(index, _)| index),
                (true, false) => capitals,
                (false, _) => run(&small),
            };
            (Word::Upper, len)
        }
        c if is_alphabet(c) => (Word::Alphabet, run(&small)),
        c if is_number(c) => (Word::Number, run(&is_number)),
        _ => {
            let other = |c| !(is_connector(c) || is_alphabet(c) || is_number(c) || is_punctuation(c));
            (Word::Other, run(&other))
        }
    };
    (word, &text[..len])
}

/// Converts to words joined by the connector. It costs more steps than other functions, because the category of every
/// character is looked up once or twice.
fn words(env: &Env<'_>, text: &str, connector: char) -> ExecResult {
    env.spend(text.len() / 2)?;
    env.text(joined_words(text, connector))
}

/// Converts `SomeWords` to `some_words`. A number belongs to the lower-case letters around it.
fn joined_words(text: &str, connector: char) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, part) = next_word(rest);
        words.push((word, part));
        rest = &rest[part.len()..];
    }
    let word = |index: usize| words.get(index).copied().unwrap_or((Word::End, ""));
    let parted = |kind: Word| !matches!(kind, Word::Connector | Word::Punctuation);
    let in_number = |kind: Word| matches!(kind, Word::Alphabet | Word::Number);
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while at + 1 < words.len() {
        let (kind, part) = word(at);
        push_lower(&mut out, kind, part, connector);
        at += 1;
        let mut joins = false;
        match kind {
            Word::Connector | Word::Punctuation => continue,
            Word::Number => joins = true,
            _ if word(at).0 != Word::Number => {}
            _ if at + 1 >= words.len() => continue,
            _ => {
                let (_, number) = word(at);
                joins = in_number(word(at + 1).0) && word(at + 1).0 == Word::Alphabet;
                if joins {
                    out.push(connector);
                }
                out.push_str(number);
                at += 1;
            }
        }
        while joins && in_number(word(at).0) {
            out.push_str(word(at).1);
            at += 1;
        }
        if parted(word(at).0) && word(at).0 != Word::End {
            out.push(connector);
        }
    }
    let (kind, part) = word(at);
    push_lower(&mut out, kind, part, connector);
    out
}

/// Appends a part in lower case.
fn push_lower(out: &mut String, kind: Word, part: &str, connector: char) {
    match kind {
        Word::Upper => out.extend(part.chars().map(|c| if is_upper(c) { lower_char(c) } else { c })),
        Word::Connector => out.extend(part.chars().map(|_| connector)),
        _ => out.push_str(part),
    }
}
