//! A scanner of JSON bytes that finds the ends of values and the members of an object. It builds no tree and
//! decodes nothing.

use fearless_simd::{Level, Simd, dispatch};

use super::json_block::{BLOCK, Block, Position, Step};
use crate::word_search::find_either;

/// A scanner that finds the end of one JSON value in bytes that arrive in pieces.
///
/// Brackets are counted, not matched: the contents of a value are not checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValueScanner {
    depth: usize,
    inside: Inside,
}

#[derive(Clone, Copy, Debug)]
enum Inside {
    /// No byte of the value was read.
    Nothing,
    /// Between the strings of an object or array.
    Nested,
    String,
    /// In a string, after a backslash.
    Escape,
    /// In a number or a literal, which ends where something else begins.
    Scalar,
}

impl ValueScanner {
    pub(crate) const fn new() -> Self {
        Self {
            depth: 0,
            inside: Inside::Nothing,
        }
    }

    /// Returns the number of bytes that complete the value, or `None` if the value continues beyond them.
    ///
    /// The first byte of the value must not be white space.
    pub(crate) fn scan(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        if let (Inside::Nothing, b'{' | b'[') = (self.inside, bytes.first()?) {
            (self.depth, self.inside) = (1, Inside::Nested);
            at = 1;
        }
        if self.depth == 0 {
            return self.scan_bytes(bytes);
        }
        loop {
            let (passed, last) = dispatch!(Level::new(), simd => self.scan_blocks(simd, &bytes[at..]));
            at += passed;
            if let Some(last) = last {
                return Some(at + last + 1);
            }
            let rest = &bytes[at..];
            let block = rest.get(..BLOCK).unwrap_or(rest);
            if let Some(end) = self.scan_bytes(block) {
                return Some(at + end);
            }
            at += block.len();
            if at == bytes.len() {
                return None;
            }
        }
    }

    /// Scans whole blocks of a value in brackets, up to the first one that must be scanned byte by byte. Returns the number of
    /// their bytes, and the place of the value's last byte in the block after them if it ends there.
    #[inline(always)]
    fn scan_blocks(&mut self, simd: impl Simd, bytes: &[u8]) -> (usize, Option<usize>) {
        let mut position = Position {
            depth: self.depth,
            in_string: match self.inside {
                Inside::String => true,
                Inside::Nested => false,
                Inside::Nothing | Inside::Escape | Inside::Scalar => return (0, None),
            },
        };
        let (mut passed, mut last) = (0, None);
        for block in bytes.as_chunks().0 {
            match Block::of(simd, block).step(position) {
                Step::GoesOn(next) => position = next,
                Step::EndsWith(place) => {
                    last = Some(place);
                    break;
                }
                Step::Escapes => break,
            }
            passed += BLOCK;
        }
        self.depth = position.depth;
        self.inside = match position.in_string {
            true => Inside::String,
            false => Inside::Nested,
        };
        (passed, last)
    }

    /// Scans byte by byte.
    fn scan_bytes(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            match self.inside {
                Inside::Nothing => {
                    self.inside = match bytes.get(at)? {
                        b'{' | b'[' => {
                            self.depth = 1;
                            Inside::Nested
                        }
                        b'"' => Inside::String,
                        _ => Inside::Scalar,
                    };
                }
                Inside::Nested => {
                    at += bytes[at..]
                        .iter()
                        .position(|byte| STRUCTURE[usize::from(*byte)])?;
                    match bytes[at] {
                        b'"' => self.inside = Inside::String,
                        b'{' | b'[' => self.depth += 1,
                        _ => {
                            self.depth -= 1;
                            if self.depth == 0 {
                                return Some(at + 1);
                            }
                        }
                    }
                }
                Inside::String => {
                    at += find_either(b'"', b'\\', &bytes[at..])?;
                    if bytes[at] == b'\\' {
                        self.inside = Inside::Escape;
                    } else if self.depth == 0 {
                        return Some(at + 1);
                    } else {
                        self.inside = Inside::Nested;
                    }
                }
                Inside::Escape => {
                    bytes.get(at)?;
                    self.inside = Inside::String;
                }
                Inside::Scalar => {
                    let ends = |byte: &u8| is_space(*byte) || matches!(byte, b',' | b']' | b'}');
                    return Some(at + bytes.get(at..)?.iter().position(ends)?);
                }
            }
            at += 1;
        }
    }
}

/// The bytes that are significant between the strings of an object or array.
const STRUCTURE: [bool; 256] = {
    let mut structure = [false; 256];
    let (marks, mut at) = (b"\"{}[]", 0);
    while at < marks.len() {
        structure[marks[at] as usize] = true;
        at += 1;
    }
    structure
};

/// The members of a JSON object in their order: the name without quotes and the value, both as written. The
/// iteration ends where the text is not valid JSON.
pub(crate) struct Members<'a> {
    rest: &'a [u8],
}

impl<'a> Members<'a> {
    pub(crate) fn of(text: &'a [u8]) -> Self {
        Self {
            rest: text.trim_ascii_start().strip_prefix(b"{").unwrap_or_default(),
        }
    }

    /// Returns the value of the first member with this name.
    pub(crate) fn find(mut self, name: &str) -> Option<&'a [u8]> {
        self.find_map(|(found, value)| (found == name.as_bytes()).then_some(value))
    }

    /// Returns the next member of an object that may be cut short, and whether its value is complete. A part of a
    /// value has at least one byte, and is the last one.
    pub(crate) fn next_or_part(&mut self) -> Option<(&'a [u8], &'a [u8], bool)> {
        let name = self.name()?;
        self.mark(b':')?;
        if let Some(value) = self.value() {
            let _ = self.mark(b',');
            return Some((name, value, true));
        }
        let part = std::mem::take(&mut self.rest);
        (!part.is_empty()).then_some((name, part, false))
    }

    /// Returns a string without its quotes.
    fn name(&mut self) -> Option<&'a [u8]> {
        let text = self.rest.trim_ascii_start().strip_prefix(b"\"")?;
        // A name with an escape is scanned like any value.
        let Some((name, rest)) = find_either(b'"', b'\\', text)
            .map(|end| text.split_at(end))
            .and_then(|(name, rest)| Some((name, rest.strip_prefix(b"\"")?)))
        else {
            return string(self.value()?);
        };
        self.rest = rest;
        Some(name)
    }

    fn value(&mut self) -> Option<&'a [u8]> {
        self.rest = self.rest.trim_ascii_start();
        let end = ValueScanner::new().scan(self.rest)?;
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(value)
    }

    fn mark(&mut self, mark: u8) -> Option<()> {
        self.rest = self.rest.trim_ascii_start().strip_prefix(&[mark])?;
        Some(())
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.name()?;
        self.mark(b':')?;
        let value = self.value()?;
        // The last member has no comma.
        let _ = self.mark(b',');
        Some((name, value))
    }
}

/// Returns the text between a string's quotes, as written.
pub(crate) fn string(value: &[u8]) -> Option<&[u8]> {
    value.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// Returns whether the byte is white space in JSON.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Blocks only save time: where they begin depends on how the bytes arrive.
        #[test]
        fn values_end_where_they_end_byte_by_byte(
            text in r#"[{\[]([{}\[\],:"a-c ]|\\\\|\\"|"[a-c\[{ ]{0,70}"|"[^"\\]{0,20}"){0,120}"#,
            cut in any::<prop::sample::Index>(),
        ) {
            let text = text.as_bytes();
            let expected = ValueScanner::new().scan_bytes(text);
            prop_assert_eq!(ValueScanner::new().scan(text), expected);
            let (first, second) = text.split_at(cut.index(text.len() + 1));
            let mut scanner = ValueScanner::new();
            let found = scanner.scan(first).or_else(|| Some(first.len() + scanner.scan(second)?));
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn values_end_where_they_end_however_they_are_cut() {
        for (value, rest) in [
            (r#"{"a":[1,{"b":"}\"]"}]}"#, r#",{}"#),
            (r#""a\\""#, r#"b""#),
            (r#""\ud800""#, ""),
            ("-1.5e9", "}"),
            ("null", " ,"),
            ("1772600767034", ","),
            ("[]", "]"),
        ] {
            let text = [value, rest].concat();
            for first in 0..=text.len() {
                let mut scanner = ValueScanner::new();
                let end = match scanner.scan(&text.as_bytes()[..first]) {
                    Some(end) => Some(end),
                    None => scanner.scan(&text.as_bytes()[first..]).map(|end| first + end),
                };
                assert_eq!(end, Some(value.len()), "{text} cut at {first}");
            }
        }
        assert_eq!(ValueScanner::new().scan(br#"{"a":"}"#), None);
    }

    #[test]
    fn a_member_can_be_cut_short() {
        let text = br#"{"a":1,"b":[{"c":2},"#;
        let mut members = Members::of(text);
        assert_eq!(members.next_or_part(), Some((&b"a"[..], &b"1"[..], true)));
        assert_eq!(
            members.next_or_part(),
            Some((&b"b"[..], &br#"[{"c":2},"#[..], false))
        );
        assert_eq!(members.next_or_part(), None);
        for text in [r#"{"a":"#, r#"{"a"#, "{", r#"{"a":1"#] {
            let mut members = Members::of(text.as_bytes());
            let complete = members.next_or_part().map(|(.., is_complete)| is_complete);
            assert_ne!(complete, Some(true), "{text}");
        }
    }

    #[test]
    fn members_are_those_of_the_object_itself() {
        let text = br#" { "inner" : {"time":"no"} , "list":["time"], "time" : "yes","n":1}"#;
        assert_eq!(Members::of(text).find("time"), Some(&br#""yes""#[..]));
        assert_eq!(Members::of(text).find("n"), Some(&b"1"[..]));
        assert_eq!(Members::of(text).find("no"), None);
        let escaped = br#"{"a\"\\":1,"time":2}"#;
        assert_eq!(Members::of(escaped).find(r#"a\"\\"#), Some(&b"1"[..]));
        assert_eq!(Members::of(escaped).find("time"), Some(&b"2"[..]));
        assert_eq!(Members::of(text).count(), 4);
        for text in [
            "",
            "{",
            "[1]",
            "{}",
            r#"{"a"}"#,
            r#"{"a":"#,
            r#"{"a" 1}"#,
            r#"{1:"a"}"#,
            "null",
        ] {
            assert_eq!(Members::of(text.as_bytes()).count(), 0, "{text}");
        }
    }
}
