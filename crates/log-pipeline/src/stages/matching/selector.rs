//! Promtail's selectors: `{name="value", other=~"pattern"} |= "in the line" !~ "not there"`.

use std::slice;

use go_regex::Regex;
use loki_push::LabelSet;

use super::scanner::{Token, problem, tokens};
use crate::stages::config::StageErrorKind;

/// A selector: conditions on labels and on the line that must all be met.
#[derive(Debug)]
pub(super) struct Selector {
    matchers: Vec<(String, Condition)>,
    filters: Vec<Condition>,
}

/// A condition on a text.
#[derive(Debug)]
struct Condition {
    test: Test,
    /// The result that the test must have.
    holds: bool,
}

/// A test of a text.
#[derive(Debug)]
enum Test {
    Equals(String),
    Contains(String),
    Matches(Regex),
}

impl Test {
    /// Returns the result of the test.
    fn check(&self, text: &str) -> bool {
        match self {
            Self::Equals(value) => text == value,
            Self::Contains(part) => text.contains(part),
            Self::Matches(pattern) => pattern.is_match(text),
        }
    }
}

impl Selector {
    /// Parses a selector.
    pub(super) fn parse(text: &str) -> Result<Self, StageErrorKind> {
        let tokens = tokens(text)?;
        let mut parser = Parser {
            tokens: tokens.iter(),
        };
        parser.sign('{')?;
        let mut matchers = Vec::new();
        loop {
            let name = parser.identifier()?;
            matchers.push((name, parser.matcher()?));
            match parser.next() {
                (_, Token::Sign(',')) => {}
                (_, Token::Sign('}')) => break,
                (column, _) => return Err(problem(column, "expected , or }")),
            }
        }
        let mut filters = Vec::new();
        while let Some(filter) = parser.filter()? {
            filters.push(filter);
        }
        Ok(Self { matchers, filters })
    }

    /// Returns whether labels and line meet all conditions. A missing label is an empty text.
    pub(super) fn matches(&self, labels: &LabelSet, line: &str) -> bool {
        let holds = |condition: &Condition, text| condition.test.check(text) == condition.holds;
        let mut matchers = self.matchers.iter();
        matchers.all(|(name, condition)| holds(condition, labels.get(name).unwrap_or_default()))
            && self.filters.iter().all(|condition| holds(condition, line))
    }
}

/// A parser in the middle of a selector.
struct Parser<'t> {
    tokens: slice::Iter<'t, (usize, Token)>,
}

impl Parser<'_> {
    /// Returns the next token and moves past it.
    fn next(&mut self) -> (usize, Token) {
        // The last token marks the end.
        self.tokens.next().cloned().unwrap_or((0, Token::End))
    }

    /// Skips the character if it comes next, and returns whether it did.
    fn next_if(&mut self, sign: char) -> bool {
        let is = matches!(self.tokens.as_slice().first(), Some((_, Token::Sign(next))) if *next == sign);
        if is {
            self.tokens.next();
        }
        is
    }

    /// Reads the expected character.
    fn sign(&mut self, expected: char) -> Result<(), StageErrorKind> {
        match self.next() {
            (_, Token::Sign(sign)) if sign == expected => Ok(()),
            (column, _) => Err(problem(column, &format!("expected {expected}"))),
        }
    }

    /// Reads a label name.
    fn identifier(&mut self) -> Result<String, StageErrorKind> {
        match self.next() {
            (_, Token::Identifier(name)) => Ok(name),
            (column, _) => Err(problem(column, "expected a label name")),
        }
    }

    /// Reads a string, and returns it with its column.
    fn text(&mut self) -> Result<(usize, String), StageErrorKind> {
        match self.next() {
            (column, Token::Text(text)) => Ok((column, text)),
            (column, _) => Err(problem(column, "expected a string in double quotes")),
        }
    }

    /// Parses the operator and value after a label name.
    fn matcher(&mut self) -> Result<Condition, StageErrorKind> {
        let (column, first) = self.next();
        let (holds, pattern) = match first {
            Token::Sign('=') => (true, self.next_if('~')),
            Token::Sign('!') if self.next_if('=') => (false, false),
            Token::Sign('!') if self.next_if('~') => (false, true),
            _ => return Err(problem(column, "expected =, !=, =~ or !~")),
        };
        let (column, value) = self.text()?;
        let test = match pattern {
            false => Test::Equals(value),
            true => match Regex::anchored(&value) {
                Ok(pattern) => Test::Matches(pattern),
                Err(error) => return Err(problem(column, &error.to_string())),
            },
        };
        Ok(Condition { test, holds })
    }

    /// Parses the next filter of the line, if there is one.
    fn filter(&mut self) -> Result<Option<Condition>, StageErrorKind> {
        let (column, first) = self.next();
        let (holds, pattern) = match first {
            Token::End => return Ok(None),
            Token::Sign('|') if self.next_if('=') => (true, false),
            Token::Sign('|') if self.next_if('~') => (true, true),
            Token::Sign('!') if self.next_if('=') => (false, false),
            Token::Sign('!') if self.next_if('~') => (false, true),
            _ => return Err(problem(column, "expected |=, !=, |~ or !~")),
        };
        let (column, value) = self.text()?;
        let test = match pattern {
            false => Test::Contains(value),
            true => match Regex::new(&value) {
                Ok(pattern) => Test::Matches(pattern),
                Err(error) => return Err(problem(column, &error.to_string())),
            },
        };
        Ok(Some(Condition { test, holds }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_conditions_must_hold() {
        let labels = LabelSet::from_iter([("app", "web"), ("env", "a\nb")]);
        for (selector, matches) in [
            (r#"{app="web"}"#, true),
            (r#"{app!="web"}"#, false),
            (r#" { app =~ "w.." , env =~ "a.b" } "#, true),
            (r#"{app=~"we"}"#, false),
            (r#"{app!~"we"}"#, true),
            (r#"{nope=""}"#, true),
            (r#"{app="web"} |= "err" |~ "e.r" != "zz" !~ "^x""#, true),
            (r#"{app="web"} |= "err" |= "zz""#, false),
            (r#"{app="\x77\145\u0062"}"#, true),
            ("{app=\"web\"} /* { */ // }", true),
        ] {
            let parsed = Selector::parse(selector).unwrap();
            assert_eq!(parsed.matches(&labels, "an error"), matches, "{selector}");
        }
    }

    #[test]
    fn errors_name_the_column() {
        for (selector, column) in [
            ("", 1),
            ("app", 1),
            ("{}", 2),
            (r#"{a="b",}"#, 8),
            (r#"{a.b="x"}"#, 3),
            (r#"{a=="x"}"#, 4),
            ("{a=`x`}", 4),
            (r#"{é="x"#, 4),
            (r#"{a="x" b="y"}"#, 8),
            (r#"{a=~"("}"#, 5),
            (r#"{a="b"} | json"#, 9),
            (r#"{a="b"} |~ "(""#, 12),
            (r#"{a="\q"}"#, 4),
            (r#"{a="\xff"}"#, 4),
            (r#"{a="b"} /* "#, 9),
        ] {
            let problem = Selector::parse(selector).unwrap_err();
            let StageErrorKind::Selector { column: found, .. } = problem else {
                panic!("{selector}: {problem}");
            };
            assert_eq!(found, column, "{selector}");
        }
    }
}
