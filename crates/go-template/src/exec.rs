//! Execution of the nodes of a template.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ast::{Block, Branch, Name, Node, Pipe};
use crate::env::{Env, ExecError, ExecResult, check_depth, fail};
use crate::fmt;
use crate::value::Value;

/// The way in which a list of nodes ended.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Flow {
    Next,
    Break,
    Continue,
}

/// The state of one execution.
pub(crate) struct Exec<'e, 't> {
    pub(crate) env: &'e Env<'e>,
    pub(crate) templates: &'t BTreeMap<Name, Block>,
    pub(crate) out: String,
    /// The variables in the order in which they were set; a name means the last one.
    pub(crate) variables: Vec<(Name, Value)>,
    /// The index of the first variable of the running template.
    pub(crate) frame: usize,
    /// The number of lists of nodes, templates and parentheses around the current node.
    pub(crate) depth: usize,
}

impl Exec<'_, '_> {
    /// Executes the template with that name.
    pub(crate) fn template(&mut self, name: &str, dot: &Value) -> ExecResult<()> {
        let Some(body) = self.templates.get(name) else {
            return fail(format!("template {name:?} not defined"));
        };
        let (frame, scope) = (self.frame, self.variables.len());
        self.frame = scope;
        self.variables.push(("$".into(), dot.clone()));
        let walked = self.block(dot, body);
        self.variables.truncate(scope);
        self.frame = frame;
        walked.map(|_| ())
    }

    /// Executes a list of nodes one level deeper.
    fn block(&mut self, dot: &Value, nodes: &Block) -> ExecResult<Flow> {
        check_depth(self.depth + 1)?;
        self.depth += 1;
        let mut flow = Flow::Next;
        for node in nodes {
            flow = self.node(dot, node)?;
            if flow != Flow::Next {
                break;
            }
        }
        self.depth -= 1;
        Ok(flow)
    }

    /// Executes a node.
    fn node(&mut self, dot: &Value, node: &Node) -> ExecResult<Flow> {
        self.env.spend(1)?;
        match node {
            Node::Text(text) => {
                self.env.spend_bytes(text.len())?;
                self.out.push_str(text);
                self.env.check_bytes(self.out.len())?;
            }
            Node::Action(pipe) => {
                let value = self.pipe(dot, pipe)?;
                if pipe.variables.is_empty() {
                    self.print(&value)?;
                }
            }
            Node::If(branch) => return self.if_or_with(dot, branch, false),
            Node::With(branch) => return self.if_or_with(dot, branch, true),
            Node::Range(branch) => return self.range(dot, branch),
            Node::Template { name, pipe, line } => {
                let dot = match pipe {
                    Some(pipe) => self.pipe(dot, pipe)?,
                    None => Value::Nil,
                };
                self.template(name, &dot).map_err(|error| at_line(error, *line))?;
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    /// Appends a value to the output.
    fn print(&mut self, value: &Value) -> ExecResult<()> {
        match value {
            Value::Nil => self.out.push_str("<no value>"),
            value => fmt::append(self.env, &mut self.out, value)?,
        }
        self.env.check_bytes(self.out.len())
    }

    /// Executes an `if` or a `with`.
    fn if_or_with(&mut self, dot: &Value, branch: &Branch, with: bool) -> ExecResult<Flow> {
        let scope = self.variables.len();
        let value = self.pipe(dot, &branch.pipe)?;
        let flow = if value.truth() {
            self.block(if with { &value } else { dot }, &branch.body)
        } else {
            self.otherwise(dot, branch)
        };
        self.variables.truncate(scope);
        flow
    }

    /// Executes the `else` branch, if there is one.
    fn otherwise(&mut self, dot: &Value, branch: &Branch) -> ExecResult<Flow> {
        branch
            .otherwise
            .as_ref()
            .map_or(Ok(Flow::Next), |body| self.block(dot, body))
    }

    /// Executes a `range`.
    fn range(&mut self, dot: &Value, branch: &Branch) -> ExecResult<Flow> {
        let scope = self.variables.len();
        let value = self.pipe(dot, &branch.pipe)?;
        let count = match &value {
            Value::Int(n) | Value::Int64(n) => usize::try_from(*n).unwrap_or(0),
            Value::Byte(n) => usize::from(*n),
            Value::List(list) => list.items().len(),
            Value::Dict(dict) => dict.entries().len(),
            Value::Nil => 0,
            other => return fail(format!("range can't iterate over a {}", other.type_name())),
        };
        if matches!(value, Value::Int(_) | Value::Int64(_) | Value::Byte(_))
            && branch.pipe.variables.len() > 1
        {
            return fail("can't use a number to iterate over more than one variable");
        }
        if count == 0 {
            self.variables.truncate(scope);
            let flow = self.otherwise(dot, branch);
            self.variables.truncate(scope);
            return flow;
        }
        let flow = self.iterations(&value, count, branch);
        self.variables.truncate(scope);
        flow
    }

    /// Executes the body of a `range` for each element.
    fn iterations(&mut self, value: &Value, count: usize, branch: &Branch) -> ExecResult<Flow> {
        // Go iterates over the entries that exist at the start.
        let entries: Vec<(Arc<str>, Value)> = match value {
            Value::Dict(dict) => {
                self.env.spend_items(count)?;
                dict.entries()
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect()
            }
            _ => Vec::new(),
        };
        for index in 0..count {
            self.env.spend(1)?;
            // Counts come from lists and `int` values, so they fit.
            let number = i64::try_from(index).unwrap_or(i64::MAX);
            let (key, item) = match value {
                Value::List(list) => (
                    Value::Int(number),
                    list.items().get(index).cloned().unwrap_or(Value::Nil),
                ),
                Value::Dict(_) => match entries.get(index) {
                    Some((key, item)) => (Value::Text(key.clone()), item.clone()),
                    None => break,
                },
                Value::Int64(_) => (Value::Nil, Value::Int64(number)),
                Value::Byte(_) => (Value::Nil, Value::Byte(u8::try_from(index).unwrap_or(u8::MAX))),
                _ => (Value::Nil, Value::Int(number)),
            };
            let scope = self.variables.len();
            self.set_loop_variables(&branch.pipe, key, &item)?;
            let flow = self.block(&item, &branch.body);
            self.variables.truncate(scope);
            if flow? == Flow::Break {
                break;
            }
        }
        Ok(Flow::Next)
    }

    /// Sets the variables of a loop. If there are two, the first is the key.
    fn set_loop_variables(&mut self, pipe: &Pipe, key: Value, item: &Value) -> ExecResult<()> {
        match pipe.variables.as_slice() {
            [] => {}
            [only] if pipe.assign => self.assign(only, item.clone())?,
            [first, second, ..] if pipe.assign => {
                self.assign(first, key)?;
                self.assign(second, item.clone())?;
            }
            [_] => self.set_from_top(1, item.clone()),
            [_, _, ..] => {
                self.set_from_top(1, item.clone());
                self.set_from_top(2, key);
            }
        }
        Ok(())
    }

    /// Sets the variable that was declared `from_top` declarations ago.
    fn set_from_top(&mut self, from_top: usize, value: Value) {
        let index = self.variables.len().checked_sub(from_top);
        if let Some((_, slot)) = index.and_then(|index| self.variables.get_mut(index)) {
            *slot = value;
        }
    }

    /// Assigns a value to an existing variable.
    pub(crate) fn assign(&mut self, name: &Name, value: Value) -> ExecResult<()> {
        let frame = self.frame;
        match self.variables[frame..]
            .iter_mut()
            .rev()
            .find(|(set, _)| set == name)
        {
            Some((_, slot)) => {
                *slot = value;
                Ok(())
            }
            None => fail(format!("undefined variable {name}")),
        }
    }

    /// Returns the value of a variable.
    pub(crate) fn variable(&self, name: &Name) -> ExecResult {
        match self.variables[self.frame..]
            .iter()
            .rev()
            .find(|(set, _)| set == name)
        {
            Some((_, value)) => Ok(value.clone()),
            None => fail(format!("undefined variable {name}")),
        }
    }
}

/// Adds the line to an error that does not name one yet.
pub(crate) fn at_line(error: ExecError, line: usize) -> ExecError {
    match error {
        ExecError::Failed { line: None, message } => ExecError::Failed {
            line: Some(line),
            message,
        },
        error => error,
    }
}
