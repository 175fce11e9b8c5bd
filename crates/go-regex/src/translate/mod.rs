//! Go's syntax into the regex crate's.
//!
//! Flags are resolved here, so that what comes out has none but `i`: what they do to `^`, `$`, `.` and to
//! greed is written out. Named groups come out as numbered ones, because Go lets names repeat.

mod class;
mod escape;
mod group;
mod node;
mod repeat;
mod unicode_names;

use crate::SyntaxErrorKind;
use group::{Flags, Frame, Opening};
use node::Node;

/// How deep groups and repetitions may be nested. Go stops at 1000; the regex crate compiles recursively, and a hundred
/// levels, each with branches, take a debug build more than half of the 2 MiB that a thread has.
pub(crate) const MAX_NESTING: usize = 100;

/// A pattern as the regex crate reads it.
pub(crate) struct Translation {
    /// The pattern.
    pub(crate) pattern: String,
    /// The names of the capturing groups, from the second on: the first is the whole match.
    pub(crate) names: Vec<Option<String>>,
    /// Whether it has a `\B`, which the regex crate also finds in the middle of a character.
    pub(crate) non_boundary: bool,
}

/// Reads Go's pattern.
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

struct Translator<'a> {
    rest: &'a str,
    flags: Flags,
    /// The groups around the innermost.
    frames: Vec<Frame>,
    innermost: Frame,
    names: Vec<Option<String>>,
    non_boundary: bool,
}

impl<'a> Translator<'a> {
    fn run(&mut self) -> Result<(), SyntaxErrorKind> {
        // The repetition just read, with what follows it: a second one right behind it is an error.
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

    /// Reads what is no repetition.
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

    fn close(&mut self) -> Result<(), SyntaxErrorKind> {
        let outer = self.frames.pop().ok_or(SyntaxErrorKind::UnexpectedParenthesis)?;
        let group = std::mem::replace(&mut self.innermost, outer);
        self.flags = group.outer_flags();
        self.innermost.push(group.close()?);
        self.rest = &self.rest[1..];
        Ok(())
    }

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

    fn push(&mut self, text: &str) {
        self.innermost.push(Node::leaf(text.to_owned()));
    }

    fn push_folded(&mut self, class: String) {
        let text = if self.flags.fold {
            format!("(?i:{class})")
        } else {
            class
        };
        self.innermost.push(Node::leaf(text));
    }

    fn literal_char(&mut self, char: char) {
        self.push_literal(u32::from(char));
        self.rest = &self.rest[char.len_utf8()..];
    }

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
            // A surrogate: Go reads it and never finds it.
            None => self.push(class::NOTHING),
        }
    }
}
