//! The part of the parser that reads pipelines.

use crate::ast::{Command, Expr, Name, Pipe};
use crate::funcs::{self, Lookup};
use crate::lex::{Kind, Token};
use crate::number::{Number, unquote};
use crate::parse::{ParseResult, Parser, TemplateError, TemplateErrorKind};

impl Parser {
    /// Parses the commands up to and including the token that ends them.
    pub(crate) fn pipeline(&mut self, context: &str, end: Kind) -> ParseResult<Pipe> {
        self.nested(|parser| {
            let line = parser.peek_non_space().line;
            let (variables, assign) = parser.declarations(context)?;
            let mut commands = Vec::new();
            loop {
                let token = parser.peek_non_space().clone();
                if token.kind == end {
                    parser.take();
                    break;
                }
                match token.kind {
                    Kind::Bool | Kind::Number | Kind::Dot | Kind::Field | Kind::Identifier | Kind::Nil => {}
                    Kind::Raw | Kind::Quoted | Kind::Variable | Kind::LeftParen => {}
                    _ => return parser.unexpected(&token, context),
                }
                commands.push(parser.command()?);
            }
            if commands.is_empty() {
                return parser.fail(format!("missing value for {context}"));
            }
            for (index, command) in commands.iter().enumerate().skip(1) {
                if matches!(
                    command.head,
                    Expr::Bool(_) | Expr::Dot | Expr::Nil | Expr::Number(_) | Expr::Text(_)
                ) {
                    return parser.fail(format!("non executable command in pipeline stage {}", index + 1));
                }
            }
            Ok(Pipe {
                line,
                assign,
                variables,
                commands,
            })
        })
    }

    /// Parses the declarations `$x :=` and `$x =`, and in a range also `$i, $x :=`.
    fn declarations(&mut self, context: &str) -> ParseResult<(Vec<Name>, bool)> {
        let mut variables: Vec<Name> = Vec::new();
        loop {
            let start = self.next;
            let token = self.take_non_space();
            if token.kind != Kind::Variable {
                self.next = start;
                // After a comma in a range only a variable may follow; Go also accepts `{{range $i, }}`.
                return Ok((variables, false));
            }
            let next = self.peek_non_space().kind;
            match next {
                Kind::Assign | Kind::Declare => {
                    self.take();
                    variables.push(token.text.as_str().into());
                    self.variables.extend(variables.last().cloned());
                    return Ok((variables, next == Kind::Assign));
                }
                Kind::Comma => {
                    self.take();
                    variables.push(token.text.as_str().into());
                    self.variables.extend(variables.last().cloned());
                    if context != "range" || variables.len() >= 2 {
                        return self.fail(format!("too many declarations in {context}"));
                    }
                    if !matches!(
                        self.peek_non_space().kind,
                        Kind::Variable | Kind::Right | Kind::RightParen
                    ) {
                        return self.fail("range can only initialize variables");
                    }
                }
                _ => {
                    self.next = start;
                    return Ok((variables, false));
                }
            }
        }
    }

    /// Parses a command and its arguments.
    fn command(&mut self) -> ParseResult<Command> {
        let mut operands = Vec::new();
        loop {
            self.skip_space();
            operands.extend(self.operand()?);
            let token = self.take();
            match token.kind {
                Kind::Space => {}
                Kind::Right | Kind::RightParen => {
                    self.next -= 1;
                    break;
                }
                Kind::Pipe => break,
                _ => return self.unexpected(&token, "operand"),
            }
        }
        let mut operands = operands.into_iter();
        match operands.next() {
            Some(head) => Ok(Command {
                head,
                args: operands.collect(),
            }),
            None => self.fail("empty command"),
        }
    }

    /// Parses a term and the fields after it.
    fn operand(&mut self) -> ParseResult<Option<Expr>> {
        let Some(term) = self.term()? else { return Ok(None) };
        let mut fields: Vec<Name> = Vec::new();
        while self.peek().kind == Kind::Field {
            fields.push(self.take().text[1..].into());
        }
        if fields.is_empty() {
            return Ok(Some(term));
        }
        Ok(Some(match term {
            Expr::Field(mut path) => {
                path.append(&mut fields);
                Expr::Field(path)
            }
            Expr::Variable(name, mut path) => {
                path.append(&mut fields);
                Expr::Variable(name, path)
            }
            Expr::Bool(_) | Expr::Text(_) | Expr::Number(_) | Expr::Nil | Expr::Dot => {
                return self.fail("unexpected . after term");
            }
            term => Expr::Chain(Box::new(term), fields),
        }))
    }

    /// Parses a term, if one comes next.
    fn term(&mut self) -> ParseResult<Option<Expr>> {
        let token = self.take_non_space();
        Ok(Some(match token.kind {
            Kind::Identifier => match funcs::lookup(&token.text) {
                Lookup::Found(function) => Expr::Function(function),
                Lookup::Unsupported(why) => {
                    return Err(TemplateError {
                        line: self.peek().line,
                        message: format!("function {:?} not supported: {why}", token.text),
                        kind: TemplateErrorKind::Unsupported,
                    });
                }
                Lookup::Unknown => return self.fail(format!("function {:?} not defined", token.text)),
            },
            Kind::Dot => Expr::Dot,
            Kind::Nil => Expr::Nil,
            Kind::Bool => Expr::Bool(token.text == "true"),
            Kind::Field => Expr::Field(vec![token.text[1..].into()]),
            Kind::Variable => {
                let name: Name = token.text.as_str().into();
                if !self.variables.contains(&name) {
                    return self.fail(format!("undefined variable {name:?}"));
                }
                Expr::Variable(name, Vec::new())
            }
            Kind::Number => match Number::parse(&token.text) {
                Ok(number) => Expr::Number(number),
                Err(message) => return self.fail(message),
            },
            Kind::Quoted | Kind::Raw => Expr::Text(self.string(&token)?.into()),
            Kind::LeftParen => Expr::Pipe(Box::new(
                self.pipeline("parenthesized pipeline", Kind::RightParen)?,
            )),
            _ => {
                self.next -= 1;
                return Ok(None);
            }
        }))
    }

    /// Returns the text of a quoted or raw string.
    pub(crate) fn string(&self, token: &Token) -> ParseResult<String> {
        let raw = token
            .text
            .strip_prefix('`')
            .and_then(|text| text.strip_suffix('`'));
        // Go removes carriage returns from raw strings.
        match raw
            .map(|text| text.replace('\r', ""))
            .or_else(|| unquote(&token.text))
        {
            Some(text) => Ok(text),
            None => self.fail(format!("invalid syntax in string {}", token.text)),
        }
    }
}
