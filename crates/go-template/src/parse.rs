//! The parser, which builds the syntax tree from tokens by Go's rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ast::{Block, Branch, Name, Node};
use crate::lex::{Kind, LexError, Token, lex};

/// An error in the syntax of a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template, line {line}: {message}")]
pub struct TemplateError {
    /// The line of the error, counted from 1.
    pub line: usize,
    /// The reason.
    pub message: String,
    /// The kind of the error.
    pub kind: TemplateErrorKind,
}

/// The kind of a [`TemplateError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateErrorKind {
    /// Go refuses the template, too.
    Syntax,
    /// The template calls a function of Go or sprig that is not supported.
    Unsupported,
}

impl TemplateError {
    /// Returns an error that Go reports, too.
    fn syntax(line: usize, message: String) -> Self {
        Self {
            line,
            message,
            kind: TemplateErrorKind::Syntax,
        }
    }
}

/// The number of levels that actions and parentheses may nest.
const MAX_DEPTH: usize = 100;

/// The name of the main template.
pub(crate) const MAIN: &str = "";

/// The result of a step of the parser.
pub(crate) type ParseResult<T> = Result<T, TemplateError>;

/// Parses a text, and returns its templates by name.
pub(crate) fn parse(text: &str) -> ParseResult<BTreeMap<Name, Block>> {
    let tokens = lex(text).map_err(|LexError { line, message }| TemplateError::syntax(line, message))?;
    let mut parser = Parser {
        tokens,
        next: 0,
        variables: vec!["$".into()],
        ranges: 0,
        depth: 0,
        templates: BTreeMap::new(),
    };
    let main = parser.top_level()?;
    parser.templates.insert(MAIN.into(), main);
    Ok(parser.templates)
}

/// The state of the parser.
pub(crate) struct Parser {
    tokens: Vec<Token>,
    pub(crate) next: usize,
    /// The variables in scope.
    pub(crate) variables: Vec<Name>,
    /// The number of `range` actions around the current token.
    ranges: usize,
    depth: usize,
    templates: BTreeMap<Name, Block>,
}

/// The action that ends a list of nodes.
#[derive(PartialEq)]
enum Stop {
    End,
    Else,
}

impl Parser {
    /// Returns the next token.
    pub(crate) fn peek(&self) -> &Token {
        // The last token is `End`, and the index stays at it.
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    /// Returns the next token and moves past it.
    pub(crate) fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    /// Skips tokens that are spaces.
    pub(crate) fn skip_space(&mut self) {
        while self.peek().kind == Kind::Space {
            self.next += 1;
        }
    }

    /// Skips spaces and returns the next token.
    pub(crate) fn peek_non_space(&mut self) -> &Token {
        self.skip_space();
        self.peek()
    }

    /// Skips spaces, returns the next token and moves past it.
    pub(crate) fn take_non_space(&mut self) -> Token {
        self.skip_space();
        self.take()
    }

    /// Skips spaces, and returns whether the next token is that keyword.
    fn is_keyword(&mut self, word: &str) -> bool {
        let token = self.peek_non_space();
        token.kind == Kind::Keyword && token.text == word
    }

    /// Returns an error at the next token.
    pub(crate) fn fail<T>(&self, message: impl Into<String>) -> ParseResult<T> {
        Err(TemplateError::syntax(self.peek().line, message.into()))
    }

    /// Returns the error for a token that is not allowed in that context.
    pub(crate) fn unexpected<T>(&self, token: &Token, context: &str) -> ParseResult<T> {
        let what = match token.kind {
            Kind::End => "end of the template".to_owned(),
            Kind::Keyword => format!("<{}>", token.text),
            _ => format!("{:?}", token.text),
        };
        Err(TemplateError::syntax(
            token.line,
            format!("unexpected {what} in {context}"),
        ))
    }

    /// Reads the `}}` that must come next.
    fn expect_right(&mut self, context: &str) -> ParseResult<()> {
        let token = self.take_non_space();
        match token.kind {
            Kind::Right => Ok(()),
            _ => self.unexpected(&token, context),
        }
    }

    /// Runs `parse` one level deeper, and fails beyond the limit.
    pub(crate) fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> ParseResult<T>) -> ParseResult<T> {
        if self.depth >= MAX_DEPTH {
            return self.fail(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Parses the main template and the definitions in it.
    fn top_level(&mut self) -> ParseResult<Block> {
        let mut nodes = Vec::new();
        while self.peek().kind != Kind::End {
            let start = self.next;
            if self.take().kind == Kind::Left && self.is_keyword("define") {
                self.take();
                self.definition()?;
                continue;
            }
            self.next = start;
            match self.text_or_action()? {
                Ok(node) => nodes.push(node),
                Err(Stop::End) => return self.fail("unexpected {{end}}"),
                Err(Stop::Else) => return self.fail("unexpected {{else}}"),
            }
        }
        Ok(nodes)
    }

    /// Parses `{{define "name"}} … {{end}}` after its keyword.
    fn definition(&mut self) -> ParseResult<()> {
        let name = self.template_name("define clause")?;
        self.expect_right("define clause")?;
        let body = self.own_scope(Self::until_end)?;
        self.add(name, body)
    }

    /// Runs `parse` in a scope of its own, with `$` as its only variable and outside any range.
    fn own_scope<T>(&mut self, parse: impl FnOnce(&mut Self) -> ParseResult<T>) -> ParseResult<T> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let ranges = std::mem::take(&mut self.ranges);
        let parsed = self.nested(parse);
        self.variables = variables;
        self.ranges = ranges;
        parsed
    }

    /// Parses nodes up to `{{end}}`.
    fn until_end(&mut self) -> ParseResult<Block> {
        match self.list()? {
            (body, Stop::End) => Ok(body),
            (_, Stop::Else) => self.fail("unexpected {{else}}"),
        }
    }

    /// Adds a template. A second one with the same name replaces the first if either is empty.
    fn add(&mut self, name: Name, body: Block) -> ParseResult<()> {
        let blank = |nodes: &Block| {
            nodes
                .iter()
                .all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
        };
        match self.templates.get(&name) {
            Some(existing) if !blank(existing) => {
                if blank(&body) {
                    return Ok(());
                }
                self.fail(format!("multiple definition of template {name:?}"))
            }
            _ => {
                self.templates.insert(name, body);
                Ok(())
            }
        }
    }

    /// Reads the name of a template.
    fn template_name(&mut self, context: &str) -> ParseResult<Name> {
        let token = self.take_non_space();
        match token.kind {
            Kind::Quoted | Kind::Raw => Ok(self.string(&token)?.into()),
            _ => self.unexpected(&token, context),
        }
    }

    /// Parses nodes up to and including `{{end}}` or `{{else`.
    fn list(&mut self) -> ParseResult<(Block, Stop)> {
        let mut nodes = Vec::new();
        while self.peek_non_space().kind != Kind::End {
            match self.text_or_action()? {
                Ok(node) => nodes.push(node),
                Err(stop) => return Ok((nodes, stop)),
            }
        }
        self.fail("unexpected end of the template: {{end}} is missing")
    }

    /// Parses a text or an action, which may end the list.
    fn text_or_action(&mut self) -> ParseResult<Result<Node, Stop>> {
        let token = self.take_non_space();
        match token.kind {
            Kind::Text => Ok(Ok(Node::Text(token.text.into()))),
            Kind::Left => self.action(),
            _ => self.unexpected(&token, "input"),
        }
    }

    /// Parses an action after its `{{`.
    fn action(&mut self) -> ParseResult<Result<Node, Stop>> {
        let token = self.peek_non_space().clone();
        if token.kind != Kind::Keyword {
            let pipe = self.pipeline("command", Kind::Right)?;
            return Ok(Ok(Node::Action(pipe)));
        }
        self.take();
        match token.text.as_str() {
            "if" => Ok(Ok(Node::If(self.branch("if")?))),
            "with" => Ok(Ok(Node::With(self.branch("with")?))),
            "range" => Ok(Ok(Node::Range(self.branch("range")?))),
            "end" => self.expect_right("end").map(|()| Err(Stop::End)),
            "else" => {
                // `{{else if` is short for `{{else}}{{if` with one `{{end}}` for both, so the keyword is not
                // consumed.
                if !self.is_keyword("if") && !self.is_keyword("with") {
                    self.expect_right("else")?;
                }
                Ok(Err(Stop::Else))
            }
            "break" | "continue" => {
                self.expect_right(&token.text)?;
                if self.ranges == 0 {
                    return self.fail(format!("{{{{{}}}}} outside {{{{range}}}}", token.text));
                }
                Ok(Ok(if token.text == "break" {
                    Node::Break
                } else {
                    Node::Continue
                }))
            }
            "template" => {
                let name = self.template_name("template clause")?;
                let pipe = if self.peek_non_space().kind == Kind::Right {
                    self.take();
                    None
                } else {
                    Some(self.pipeline("template clause", Kind::Right)?)
                };
                let line = token.line;
                Ok(Ok(Node::Template { name, pipe, line }))
            }
            "block" => {
                let name = self.template_name("block clause")?;
                let pipe = Some(self.pipeline("block clause", Kind::Right)?);
                let body = self.own_scope(Self::until_end)?;
                self.add(Arc::clone(&name), body)?;
                let line = token.line;
                Ok(Ok(Node::Template { name, pipe, line }))
            }
            _ => self.unexpected(&token, "command"),
        }
    }

    /// Parses an `if`, `with` or `range` after its keyword.
    fn branch(&mut self, keyword: &str) -> ParseResult<Branch> {
        let scope = self.variables.len();
        let branch = self.nested(|parser| {
            let pipe = parser.pipeline(keyword, Kind::Right)?;
            parser.ranges += usize::from(keyword == "range");
            let list = parser.list();
            parser.ranges -= usize::from(keyword == "range");
            let (body, stop) = list?;
            let otherwise = match stop {
                Stop::End => None,
                Stop::Else => Some(parser.otherwise(keyword)?),
            };
            Ok(Branch {
                pipe,
                body,
                otherwise,
            })
        });
        self.variables.truncate(scope);
        branch
    }

    /// Parses an `else` branch up to its end.
    fn otherwise(&mut self, keyword: &str) -> ParseResult<Block> {
        if keyword != "range" && self.is_keyword(keyword) {
            self.take();
            let branch = self.branch(keyword)?;
            return Ok(vec![if keyword == "if" {
                Node::If(branch)
            } else {
                Node::With(branch)
            }]);
        }
        match self.list()? {
            (body, Stop::End) => Ok(body),
            (_, Stop::Else) => self.fail("expected {{end}}; found {{else}}"),
        }
    }
}
