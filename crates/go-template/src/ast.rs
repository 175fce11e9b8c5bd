//! What a parsed template is made of.

use std::sync::Arc;

use crate::funcs::Function;
use crate::number::Number;

/// A name of a template, a field or a variable.
pub(crate) type Name = Arc<str>;

pub(crate) type Block = Vec<Node>;

#[derive(Debug)]
pub(crate) enum Node {
    Text(Arc<str>),
    /// `{{ pipeline }}`: printed unless it sets variables.
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    /// `{{template "name" pipeline}}`, and what `{{block}}` leaves in its place.
    Template {
        name: Name,
        pipe: Option<Pipe>,
        line: usize,
    },
    Break,
    Continue,
}

#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) pipe: Pipe,
    pub(crate) body: Block,
    pub(crate) otherwise: Option<Block>,
}

#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) line: usize,
    /// `$x = …`, not `$x := …`.
    pub(crate) assign: bool,
    /// The variables it sets.
    pub(crate) variables: Vec<Name>,
    pub(crate) commands: Vec<Command>,
}

/// An operand, or a function, field or variable and its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) head: Expr,
    pub(crate) args: Vec<Expr>,
}

#[derive(Debug)]
pub(crate) enum Expr {
    Dot,
    Nil,
    Bool(bool),
    Number(Number),
    Text(Arc<str>),
    /// `.a.b`
    Field(Vec<Name>),
    /// `$x.a.b`
    Variable(Name, Vec<Name>),
    /// `(…).a.b`, `f.a.b`
    Chain(Box<Expr>, Vec<Name>),
    Function(&'static Function),
    Pipe(Box<Pipe>),
}
