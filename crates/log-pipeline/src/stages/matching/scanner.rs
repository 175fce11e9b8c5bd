//! The tokens of a selector, read as Go's `text/scanner` does.

use std::iter::Peekable;
use std::str::CharIndices;

use go_text::{Unescaped, unescape};

use crate::stages::config::StageErrorKind;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Identifier(String),
    Text(String),
    /// A single character, such as `{` or `=`.
    Sign(char),
    End,
}

/// Returns the tokens, each with the column at which it starts.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, StageErrorKind> {
    let mut scanner = Scanner {
        text,
        chars: text.char_indices().peekable(),
    };
    let mut tokens = Vec::new();
    while let Some((at, char)) = scanner.chars.next() {
        let column = column(text, at);
        match char {
            ' ' | '\t' | '\n' | '\r' => {}
            '/' if scanner.next_is('/') => {
                while scanner.chars.next_if(|(_, char)| *char != '\n').is_some() {}
            }
            '/' if scanner.next_is('*') => scanner.block_comment(column)?,
            '"' => tokens.push((column, Token::Text(scanner.string(column)?))),
            '_' => tokens.push((column, scanner.identifier(at))),
            char if char.is_alphabetic() => tokens.push((column, scanner.identifier(at))),
            sign => tokens.push((column, Token::Sign(sign))),
        }
    }
    tokens.push((column(text, text.len()), Token::End));
    Ok(tokens)
}

/// Returns the column of a byte position, in characters from 1.
fn column(text: &str, at: usize) -> usize {
    text[..at].chars().count() + 1
}

/// A scanner in the middle of a selector.
struct Scanner<'t> {
    text: &'t str,
    chars: Peekable<CharIndices<'t>>,
}

impl Scanner<'_> {
    /// Returns whether that character comes next.
    fn next_is(&mut self, expected: char) -> bool {
        self.chars.peek().is_some_and(|(_, char)| *char == expected)
    }

    /// Reads an identifier that starts at `start`.
    fn identifier(&mut self, start: usize) -> Token {
        let inside = |char: char| char == '_' || char.is_alphanumeric();
        while self.chars.next_if(|(_, char)| inside(*char)).is_some() {}
        let end = self.chars.peek().map_or(self.text.len(), |(at, _)| *at);
        Token::Identifier(self.text[start..end].to_owned())
    }

    /// Skips a comment up to its `*/`.
    fn block_comment(&mut self, column: usize) -> Result<(), StageErrorKind> {
        self.chars.next();
        let mut star = false;
        for (_, char) in self.chars.by_ref() {
            if star && char == '/' {
                return Ok(());
            }
            star = char == '*';
        }
        Err(problem(column, "the comment has no end"))
    }

    /// Reads a string in double quotes with Go's escapes, after its opening quote.
    fn string(&mut self, column: usize) -> Result<String, StageErrorKind> {
        let mut bytes = Vec::new();
        while let Some((_, char)) = self.chars.next() {
            match char {
                '"' => {
                    let invalid = |_| problem(column, "the string's escapes make no UTF-8");
                    return String::from_utf8(bytes).map_err(invalid);
                }
                '\n' => break,
                '\\' => {
                    let mut chars = self.chars.by_ref().map(|(_, char)| char);
                    let unknown = || problem(column, "the string has an unknown escape");
                    unescape(&mut chars, '"').ok_or_else(unknown)?.push_to(&mut bytes);
                }
                char => Unescaped::Char(char).push_to(&mut bytes),
            }
        }
        Err(problem(column, "the string has no end"))
    }
}

/// Returns an error at that column.
pub(super) fn problem(column: usize, reason: &str) -> StageErrorKind {
    StageErrorKind::Selector {
        column,
        reason: reason.to_owned(),
    }
}
