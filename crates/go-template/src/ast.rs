//! The syntax tree of a template.

use std::sync::Arc;

use crate::funcs::Function;
use crate::number::Number;

/// The name of a template, a field or a variable.
pub(crate) type Name = Arc<str>;

/// A list of nodes.
pub(crate) type Block = Vec<Node>;

/// A node of the tree.
#[derive(Debug)]
pub(crate) enum Node {
    Text(Arc<str>),
    /// `{{ pipeline }}`: the value is printed unless the pipeline sets variables.
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    /// `{{template "name" pipeline}}`; a `{{block}}` is one, too, after its body was defined.
    Template {
        name: Name,
        pipe: Option<Pipe>,
        line: usize,
    },
    Break,
    Continue,
}

/// An `if`, `with` or `range` with its bodies.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) pipe: Pipe,
    pub(crate) body: Block,
    pub(crate) otherwise: Option<Block>,
}

/// A pipeline of commands.
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) line: usize,
    /// Whether the variables are assigned (`$x = …`) and not declared (`$x := …`).
    pub(crate) assign: bool,
    /// The variables that the pipeline sets.
    pub(crate) variables: Vec<Name>,
    pub(crate) commands: Vec<Command>,
}

/// A command: an operand, or a function, field or variable with its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) head: Expr,
    pub(crate) args: Vec<Expr>,
}

/// An operand.
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
