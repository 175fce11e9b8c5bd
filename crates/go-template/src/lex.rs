//! The lexer: text, and the tokens between `{{` and `}}`.

/// A token of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// The text of the token, as written.
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// `{{`, with its trim marker.
    Left,
    /// `}}`, with its trim marker.
    Right,
    Space,
    LeftParen,
    RightParen,
    Pipe,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    Comma,
    Dot,
    /// `.name`
    Field,
    /// `$name`
    Variable,
    Identifier,
    Bool,
    Nil,
    /// A number or a character constant.
    Number,
    /// `"…"`
    Quoted,
    /// `` `…` ``
    Raw,
    /// A keyword such as `if` or `end`.
    Keyword,
    /// Any other ASCII character.
    Char,
    End,
}

/// An error that prevents a template from being split into tokens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LexError {
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// The keywords.
const KEYWORDS: [&str; 10] = [
    "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with",
];

/// The characters that separate tokens, which trim markers remove.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// Returns all tokens of the template. The last one is [`Kind::End`].
pub(crate) fn lex(template: &str) -> Result<Vec<Token>, LexError> {
    let mut lexer = Lexer {
        rest: template,
        line: 1,
        tokens: Vec::new(),
    };
    lexer.run()?;
    lexer.push(Kind::End, 0);
    Ok(lexer.tokens)
}

/// A lexer in the middle of a template.
struct Lexer<'t> {
    rest: &'t str,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    /// Reads the whole template.
    fn run(&mut self) -> Result<(), LexError> {
        let mut trim_left = false;
        while !self.rest.is_empty() {
            if trim_left {
                self.skip(self.rest.len() - self.rest.trim_start_matches(SPACES).len());
            }
            let Some(len) = self.rest.find("{{") else {
                self.push_text(self.rest.len());
                return Ok(());
            };
            let trims = trims_before(&self.rest[len..]);
            let kept = if trims {
                self.rest[..len].trim_end_matches(SPACES).len()
            } else {
                len
            };
            self.push_text(kept);
            self.skip(len - kept);
            let comment = &self.rest[if trims { 4 } else { 2 }..];
            trim_left = if comment.starts_with("/*") {
                self.comment(if trims { 4 } else { 2 })?
            } else {
                self.push(Kind::Left, if trims { 3 } else { 2 });
                self.action()?
            };
        }
        Ok(())
    }

    /// Reads an action that is a comment, and returns whether it trims the text after it.
    fn comment(&mut self, start: usize) -> Result<bool, LexError> {
        let Some(len) = self.rest[start..].find("*/") else {
            return Err(self.error("unclosed comment"));
        };
        let after = start + len + 2;
        let (trims, len) = match &self.rest[after..] {
            rest if rest.starts_with("}}") => (false, 2),
            rest if closes_trimmed(rest) => (true, 4),
            _ => return Err(self.error("comment ends before closing delimiter")),
        };
        self.skip(after + len);
        Ok(trims)
    }

    /// Reads the tokens of an action, and returns whether it trims the text after it.
    fn action(&mut self) -> Result<bool, LexError> {
        let mut parens = 0usize;
        loop {
            let closing = if self.rest.starts_with("}}") {
                Some((false, 2))
            } else if closes_trimmed(self.rest) {
                Some((true, 4))
            } else {
                None
            };
            if let Some((trims, len)) = closing {
                if parens > 0 {
                    return Err(self.error("unclosed left paren"));
                }
                self.push(Kind::Right, len);
                return Ok(trims);
            }
            match self.token()? {
                Kind::LeftParen => parens += 1,
                Kind::RightParen if parens == 0 => return Err(self.error("unexpected right paren")),
                Kind::RightParen => parens -= 1,
                _ => {}
            }
        }
    }

    /// Reads a token.
    fn token(&mut self) -> Result<Kind, LexError> {
        let Some(first) = self.rest.chars().next() else {
            return Err(self.error("unclosed action"));
        };
        let second = self.rest[first.len_utf8()..].chars().next();
        let (kind, len) = match first {
            _ if SPACES.contains(&first) => (Kind::Space, self.space_len()),
            '=' => (Kind::Assign, 1),
            ':' if second == Some('=') => (Kind::Declare, 2),
            ':' => return Err(self.error("expected :=")),
            '|' => (Kind::Pipe, 1),
            ',' => (Kind::Comma, 1),
            '(' => (Kind::LeftParen, 1),
            ')' => (Kind::RightParen, 1),
            '"' => (Kind::Quoted, self.quoted_len('"', "unterminated quoted string")?),
            '\'' => (
                Kind::Number,
                self.quoted_len('\'', "unterminated character constant")?,
            ),
            '`' => match self.rest[1..].find('`') {
                Some(len) => (Kind::Raw, len + 2),
                None => return Err(self.error("unterminated raw quoted string")),
            },
            '$' => (Kind::Variable, self.name_len(1)?),
            '.' if !second.is_some_and(|c| c.is_ascii_digit()) => match self.name_len(1)? {
                1 => (Kind::Dot, 1),
                len => (Kind::Field, len),
            },
            '.' | '+' | '-' | '0'..='9' => (Kind::Number, self.number_len()?),
            _ if is_alphanumeric(first) => {
                let len = self.name_len(0)?;
                (identifier_kind(&self.rest[..len]), len)
            }
            ' '..='~' => (Kind::Char, 1),
            _ => return Err(self.error(&format!("unrecognized character in action: {first:?}"))),
        };
        self.push(kind, len);
        Ok(kind)
    }

    /// Returns the length of a run of spaces, without the space that belongs to ` -}}`.
    fn space_len(&self) -> usize {
        let len = self.rest.len() - self.rest.trim_start_matches(SPACES).len();
        if len > 1 && self.rest[len..].starts_with("-}}") {
            len - 1
        } else {
            len
        }
    }

    /// Returns the length of a constant in quotes.
    fn quoted_len(&self, quote: char, unterminated: &str) -> Result<usize, LexError> {
        let mut escaped = false;
        for (index, c) in self.rest.char_indices().skip(1) {
            match c {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => return Ok(index + 1),
                _ => {}
            }
        }
        Err(self.error(unterminated))
    }

    /// Returns the end of the letters, digits and `_` from `start` on. It fails if the character after them could be
    /// part of a name.
    fn name_len(&self, start: usize) -> Result<usize, LexError> {
        let name = &self.rest[start..];
        let len = start + name.find(|c| !is_alphanumeric(c)).unwrap_or(name.len());
        let after = &self.rest[len..];
        match after.chars().next() {
            Some(c) if !SPACES.contains(&c) && !".,|:()".contains(c) && !after.starts_with("}}") => {
                Err(self.error(&format!("bad character {c:?}")))
            }
            _ => Ok(len),
        }
    }

    /// Returns the length of all characters that could belong to a number; the parser checks them.
    fn number_len(&self) -> Result<usize, LexError> {
        let bytes = self.rest.as_bytes();
        let signed = usize::from(matches!(bytes[0], b'+' | b'-'));
        let run = |start: usize, digits: &[u8]| {
            let is_digit = |&&b: &&u8| b == b'_' || digits.contains(&b);
            bytes[start..].iter().take_while(is_digit).count()
        };
        let (mut len, digits, exponent): (usize, &[u8], &[u8]) = match &bytes[signed..] {
            [b'0', b'x' | b'X', ..] => (signed + 2, b"0123456789abcdefABCDEF", b"pP"),
            [b'0', b'o' | b'O', ..] => (signed + 2, b"01234567", b""),
            [b'0', b'b' | b'B', ..] => (signed + 2, b"01", b""),
            _ => (signed, b"0123456789", b"eE"),
        };
        len += run(len, digits);
        if bytes.get(len) == Some(&b'.') {
            len += 1;
            len += run(len, digits);
        }
        if bytes.get(len).is_some_and(|b| exponent.contains(b)) {
            len += 1;
            len += usize::from(matches!(bytes.get(len), Some(b'+' | b'-')));
            len += run(len, b"0123456789");
        }
        match self.rest[len..].chars().next() {
            Some(c) if is_alphanumeric(c) => {
                let end = len + c.len_utf8();
                Err(self.error(&format!("bad number syntax: {:?}", &self.rest[..end])))
            }
            _ => Ok(len),
        }
    }

    /// Adds a text token, unless it is empty.
    fn push_text(&mut self, len: usize) {
        if len > 0 {
            self.push(Kind::Text, len);
        }
    }

    /// Adds a token of that length.
    fn push(&mut self, kind: Kind, len: usize) {
        self.tokens.push(Token {
            kind,
            text: self.rest[..len].to_owned(),
            line: self.line,
        });
        self.skip(len);
    }

    /// Skips text, and counts its lines.
    fn skip(&mut self, len: usize) {
        self.line += self.rest[..len].matches('\n').count();
        self.rest = &self.rest[len..];
    }

    /// Returns an error at the current line.
    fn error(&self, message: &str) -> LexError {
        LexError {
            line: self.line,
            message: message.to_owned(),
        }
    }
}

/// Returns whether the action trims the text before it, as `{{- ` does.
fn trims_before(action: &str) -> bool {
    action.starts_with("{{-") && action[3..].starts_with(SPACES)
}

/// Returns whether the rest begins with ` -}}`.
fn closes_trimmed(rest: &str) -> bool {
    rest.starts_with(SPACES) && rest[1..].starts_with("-}}")
}

/// Returns whether the character can be part of a name.
fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphabetic() || c.is_numeric()
}

/// Returns the kind of token that the word is.
fn identifier_kind(word: &str) -> Kind {
    match word {
        "true" | "false" => Kind::Bool,
        "nil" => Kind::Nil,
        _ if KEYWORDS.contains(&word) => Kind::Keyword,
        _ => Kind::Identifier,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(template: &str) -> Vec<Kind> {
        let tokens = lex(template).unwrap();
        tokens
            .into_iter()
            .map(|token| token.kind)
            .filter(|kind| *kind != Kind::Space)
            .collect()
    }

    #[test]
    fn trim_marks_need_a_space() {
        assert_eq!(
            kinds("a {{- 3 -}} b"),
            [
                Kind::Text,
                Kind::Left,
                Kind::Number,
                Kind::Right,
                Kind::Text,
                Kind::End
            ]
        );
        let tokens = lex(" a {{- .x   -}} \n b").unwrap();
        assert_eq!(
            (tokens[0].text.as_str(), tokens[tokens.len() - 2].text.as_str()),
            (" a", "b")
        );
        // Without a space, the `-` is the sign of the number.
        assert_eq!(lex("{{-3}}").unwrap()[1].text, "-3");
    }

    #[test]
    fn comments_leave_nothing() {
        assert_eq!(kinds("a{{/* b }} */}}c"), [Kind::Text, Kind::Text, Kind::End]);
        let tokens = lex("a {{- /* b */ -}} c").unwrap();
        assert_eq!((tokens[0].text.as_str(), tokens[1].text.as_str()), ("a", "c"));
        assert_eq!(lex("{{/* b").unwrap_err().message, "unclosed comment");
        assert!(lex("{{/* b */ }}").is_err());
    }

    #[test]
    fn lines_are_counted() {
        let error = lex("a\n{{ .a\n\"").unwrap_err();
        assert_eq!(
            (error.line, error.message.as_str()),
            (3, "unterminated quoted string")
        );
    }
}
