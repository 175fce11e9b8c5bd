//! Translation of Go's syntax to that of the regex crate.
//!
//! Flags are resolved during the translation: the output spells out what they mean for `^`, `$`, `.` and greediness,
//! and only `i` remains. Named groups become numbered groups, because Go allows a name to repeat.

mod class;
mod escape;
mod group;
mod node;
mod repeat;
mod unicode_names;

use crate::SyntaxErrorKind;
use group::{Flags, Frame, Opening};
use node::Node;

/// The number of levels that groups and repetitions may be nested. Go's limit is 1000. The regex crate compiles
/// recursively: in a debug build, a hundred levels with branches take more than half of a thread's stack of 2 MiB.
pub(crate) const MAX_NESTING: usize = 100;

/// A pattern in the syntax of the regex crate.
pub(crate) struct Translation {
    /// The translated pattern.
    pub(crate) pattern: String,
    /// The names of the capturing groups, starting with group 1.
    pub(crate) names: Vec<Option<String>>,
    /// Whether the pattern contains `\B`, which the regex crate also matches inside a character.
    pub(crate) non_boundary: bool,
}

/// Translates a pattern in Go's syntax.
pub(crate) fn translate(pattern: &str) -> Result<Translation, SyntaxErrorKind> {
    let mut translator = Translator {
        rest: pattern,
        flags: Flags::default(),
        frames: Vec::new(),
        innermost: Frame::default(),
        names: Vec::new(),
        non_boundary: false,
    };
    translator.run()?;
    if !translator.frames.is_empty() {
        return Err(SyntaxErrorKind::MissingParenthesis);
    }
    Ok(Translation {
        pattern: translator.innermost.close()?.text,
        names: translator.names,
        non_boundary: translator.non_boundary,
    })
}

/// A translator in the middle of a pattern.
struct Translator<'a> {
    rest: &'a str,
    flags: Flags,
    /// The open groups around the innermost one.
    frames: Vec<Frame>,
    innermost: Frame,
    names: Vec<Option<String>>,
    non_boundary: bool,
}

impl<'a> Translator<'a> {
    /// Translates the rest of the pattern.
    fn run(&mut self) -> Result<(), SyntaxErrorKind> {
        // The text from the last repetition on, if nothing came after it: a second repetition directly after it is an
        // error.
        let mut repetition: Option<&'a str> = None;
        while let Some(char) = self.rest.chars().next() {
            let before = self.rest;
            let previous = repetition.take();
            match char {
                '*' | '+' | '?' | '{' => match repeat::operator(before)? {
                    Some((operator, after)) => {
                        self.repeat(operator, after, previous)?;
                        repetition = Some(before);
                    }
                    None => self.literal_char(char),
                },
                _ => self.one(char)?,
            }
        }
        Ok(())
    }

    /// Translates one item that is not a repetition.
    fn one(&mut self, char: char) -> Result<(), SyntaxErrorKind> {
        match char {
            '(' => return self.open(),
            ')' => return self.close(),
            '|' => self.innermost.next_branch(),
            '^' if self.flags.multi_line => self.push("(?m:^)"),
            '^' => self.push(r"\A"),
            '$' if self.flags.multi_line => self.push("(?m:$)"),
            '$' => self.push(r"\z"),
            '.' if self.flags.dot_all => self.push("(?s:.)"),
            '.' => self.push(r"[^\n]"),
            '[' => {
                let (class, rest) = class::bracketed(self.rest)?;
                self.push_folded(class);
                self.rest = rest;
                return Ok(());
            }
            '\\' => return self.backslash(),
            _ => {
                self.literal_char(char);
                return Ok(());
            }
        }
        self.rest = &self.rest[1..];
        Ok(())
    }

    /// Translates an escape sequence.
    fn backslash(&mut self) -> Result<(), SyntaxErrorKind> {
        let after = self.rest.get(2..).unwrap_or_default();
        match self.rest.as_bytes().get(1) {
            Some(b'A') => self.push(r"\A"),
            Some(b'z') => self.push(r"\z"),
            Some(b'b') => self.push(r"(?-u:\b)"),
            Some(b'B') => {
                self.push(r"(?-u:\B)");
                self.non_boundary = true;
            }
            Some(b'Q') => {
                let (text, rest) = after.split_once(r"\E").unwrap_or((after, ""));
                text.chars().for_each(|char| self.push_literal(u32::from(char)));
                self.rest = rest;
                return Ok(());
            }
            _ => {
                if let Some((class, rest)) = class::escaped(self.rest)? {
                    self.push_folded(class);
                    self.rest = rest;
                } else {
                    let (code_point, rest) = escape::code_point(self.rest)?;
                    self.push_literal(code_point);
                    self.rest = rest;
                }
                return Ok(());
            }
        }
        self.rest = after;
        Ok(())
    }

    /// Opens a group, or sets flags.
    fn open(&mut self) -> Result<(), SyntaxErrorKind> {
        let outer_flags = self.flags;
        let (opening, rest) = group::opening(self.rest, self.flags)?;
        self.rest = rest;
        let capturing = match opening {
            Opening::Flags(flags) => {
                self.flags = flags;
                return Ok(());
            }
            Opening::NonCapturing(flags) => {
                self.flags = flags;
                false
            }
            Opening::Capturing(name) => {
                self.names.push(name);
                true
            }
        };
        if self.frames.len() >= MAX_NESTING {
            return Err(SyntaxErrorKind::Nesting(MAX_NESTING));
        }
        let group = Frame::new(capturing, outer_flags);
        self.frames.push(std::mem::replace(&mut self.innermost, group));
        Ok(())
    }

    /// Closes the innermost group.
    fn close(&mut self) -> Result<(), SyntaxErrorKind> {
        let outer = self.frames.pop().ok_or(SyntaxErrorKind::UnexpectedParenthesis)?;
        let group = std::mem::replace(&mut self.innermost, outer);
        self.flags = group.outer_flags();
        self.innermost.push(group.close()?);
        self.rest = &self.rest[1..];
        Ok(())
    }

    /// Applies a repetition to the last part of the innermost group.
    fn repeat(
        &mut self,
        operator: repeat::Operator,
        after: &'a str,
        previous: Option<&str>,
    ) -> Result<(), SyntaxErrorKind> {
        let (lazy, rest) = after
            .strip_prefix('?')
            .map_or((false, after), |rest| (true, rest));
        let read = |from: &str| from[..from.len() - rest.len()].to_owned();
        if let Some(previous) = previous {
            return Err(SyntaxErrorKind::NestedRepetition(read(previous)));
        }
        let repeated = self
            .innermost
            .pop()
            .ok_or_else(|| SyntaxErrorKind::NothingToRepeat(read(self.rest)))?;
        let node = repeated.repeat(operator, lazy != self.flags.swap_greed)?;
        if operator.is_counted() && node.repeats > repeat::MAX_COUNT {
            return Err(SyntaxErrorKind::RepeatCount(read(self.rest)));
        }
        self.innermost.push(node);
        self.rest = rest;
        Ok(())
    }

    /// Appends translated text as one part.
    fn push(&mut self, text: &str) {
        self.innermost.push(Node::leaf(text.to_owned()));
    }

    /// Appends a class or character, case-insensitive if the flag `i` is set.
    fn push_folded(&mut self, class: String) {
        let text = if self.flags.fold {
            format!("(?i:{class})")
        } else {
            class
        };
        self.innermost.push(Node::leaf(text));
    }

    /// Translates a character that stands for itself.
    fn literal_char(&mut self, char: char) {
        self.push_literal(u32::from(char));
        self.rest = &self.rest[char.len_utf8()..];
    }

    /// Appends a code point that stands for itself.
    fn push_literal(&mut self, code_point: u32) {
        match char::from_u32(code_point) {
            Some(char) => {
                let text = regex::escape(char.encode_utf8(&mut [0; 4]));
                if char.is_ascii() && !char.is_ascii_alphabetic() {
                    self.push(&text);
                } else {
                    self.push_folded(text);
                }
            }
            // Go accepts a surrogate in a pattern, and it never matches.
            None => self.push(class::NOTHING),
        }
    }
}
