//! Evaluation of pipelines.

use crate::ast::{Command, Expr, Name, Pipe};
use crate::compare;
use crate::env::{ExecResult, check_depth, fail};
use crate::exec::{Exec, at_line};
use crate::funcs::{Args, Function, Param, ShortCircuit};
use crate::value::Value;

impl Exec<'_, '_> {
    /// Evaluates a pipeline, sets its variables and returns its value.
    pub(crate) fn pipe(&mut self, dot: &Value, pipe: &Pipe) -> ExecResult {
        let mut value = None;
        for command in &pipe.commands {
            let next = self
                .command(dot, command, value.take())
                .map_err(|error| at_line(error, pipe.line))?;
            value = Some(next);
        }
        let value = value.unwrap_or(Value::Nil);
        for name in &pipe.variables {
            if pipe.assign {
                self.assign(name, value.clone())?;
            } else {
                self.variables.push((name.clone(), value.clone()));
            }
        }
        Ok(value)
    }

    /// Evaluates a command. `piped` is the value of the previous command, which becomes the last argument of this
    /// one.
    fn command(&mut self, dot: &Value, command: &Command, piped: Option<Value>) -> ExecResult {
        self.env.spend(1)?;
        let has_args = !command.args.is_empty() || piped.is_some();
        match &command.head {
            Expr::Function(function) => return self.call(dot, function, &command.args, piped),
            Expr::Field(path) => return self.fields(dot.clone(), path, dot, &command.args, piped),
            Expr::Variable(name, path) if !path.is_empty() => {
                let value = self.variable(name)?;
                return self.fields(value, path, dot, &command.args, piped);
            }
            Expr::Chain(term, path) => {
                let value = self.argument(dot, term, Param::Any)?;
                return self.fields(value, path, dot, &command.args, piped);
            }
            _ if has_args => return fail("can't give argument to non-function"),
            _ => {}
        }
        match &command.head {
            Expr::Nil => fail("nil is not a command"),
            head => self.argument(dot, head, Param::Any),
        }
    }

    /// Evaluates a chain of fields. Only the last field may have arguments, and only if it is a method.
    fn fields(
        &mut self,
        value: Value,
        path: &[Name],
        dot: &Value,
        args: &[Expr],
        piped: Option<Value>,
    ) -> ExecResult {
        let mut value = Some(value);
        for (index, name) in path.iter().enumerate() {
            self.env.spend(1)?;
            let last = index + 1 == path.len();
            let has_args = last && (!args.is_empty() || piped.is_some());
            value = match value {
                // A field of a missing value, or of a nil dot, is missing as well.
                None => None,
                Some(Value::Nil) if index == 0 => None,
                Some(Value::Nil) => return fail(format!("nil pointer evaluating interface {{}}.{name}")),
                Some(Value::Dict(_)) if has_args => {
                    return fail(format!("{name} is not a method but has arguments"));
                }
                Some(Value::Dict(dict)) => dict.get(name),
                Some(Value::Time(time)) => {
                    let mut values = Vec::new();
                    if last {
                        for arg in args {
                            values.push(self.argument(dot, arg, Param::Any)?);
                        }
                        values.extend(piped.clone());
                    }
                    Some(crate::funcs::time_method(self.env, &time, name, &values)?)
                }
                Some(Value::Version(version)) if !has_args => match version.field(name) {
                    Some(value) => Some(value),
                    None => return fail(format!("can't evaluate field {name} in type *semver.Version")),
                },
                Some(other) => {
                    return fail(format!(
                        "can't evaluate field {name} in type {}",
                        other.type_name()
                    ));
                }
            };
        }
        Ok(value.unwrap_or(Value::Nil))
    }

    /// Checks and evaluates the arguments of a function, and calls it.
    fn call(
        &mut self,
        dot: &Value,
        function: &'static Function,
        args: &[Expr],
        piped: Option<Value>,
    ) -> ExecResult {
        self.env.spend(1)?;
        let count = args.len() + usize::from(piped.is_some());
        let fixed = function.params.len();
        if function.rest.is_none() && count != fixed {
            return fail(format!(
                "wrong number of args for {}: want {fixed} got {count}",
                function.name
            ));
        }
        if count < fixed {
            return fail(format!(
                "wrong number of args for {}: want at least {fixed} got {count}",
                function.name
            ));
        }
        if let Some(short_circuit) = function.short_circuit {
            return self.short_circuit(dot, short_circuit, args, piped);
        }
        let param = |index: usize| {
            function
                .params
                .get(index)
                .copied()
                .or(function.rest)
                .unwrap_or(Param::Any)
        };
        let mut values = Vec::with_capacity(count);
        for (index, arg) in args.iter().enumerate() {
            values.push(self.argument(dot, arg, param(index))?);
        }
        if let Some(piped) = piped {
            values.push(fits(piped, param(count - 1))?);
        }
        for value in &values {
            if let Value::Text(text) = value {
                // The function may read the whole text.
                self.env.spend(text.len() / 32)?;
            }
        }
        (function.run)(self.env, &Args(values)).map_err(|error| match error {
            crate::ExecError::Failed { line, message } => crate::ExecError::Failed {
                line,
                message: format!("error calling {}: {message}", function.name),
            },
            error => error,
        })
    }

    /// Evaluates `and` or `or`, which evaluate only as many arguments as they need.
    fn short_circuit(
        &mut self,
        dot: &Value,
        short_circuit: ShortCircuit,
        args: &[Expr],
        piped: Option<Value>,
    ) -> ExecResult {
        let mut value = Value::Nil;
        for arg in args {
            value = self.argument(dot, arg, Param::Any)?;
            if value.truth() == (short_circuit == ShortCircuit::Or) {
                return Ok(value);
            }
        }
        Ok(piped.unwrap_or(value))
    }

    /// Evaluates an argument for a parameter of that type.
    fn argument(&mut self, dot: &Value, expr: &Expr, param: Param) -> ExecResult {
        self.env.spend(1)?;
        let value = match expr {
            Expr::Dot => dot.clone(),
            Expr::Nil if param.takes_nil() => return Ok(Value::Nil),
            Expr::Nil => return fail(format!("cannot assign nil to {}", param.type_name())),
            Expr::Field(path) => self.fields(dot.clone(), path, dot, &[], None)?,
            Expr::Variable(name, path) => {
                let value = self.variable(name)?;
                self.fields(value, path, dot, &[], None)?
            }
            Expr::Chain(term, path) => {
                let value = self.argument(dot, term, Param::Any)?;
                self.fields(value, path, dot, &[], None)?
            }
            Expr::Function(function) => self.call(dot, function, &[], None)?,
            Expr::Pipe(pipe) => {
                check_depth(self.depth + 1)?;
                self.depth += 1;
                let value = self.pipe(dot, pipe);
                self.depth -= 1;
                value?
            }
            // A constant is converted to the type of the parameter, if that is possible.
            Expr::Bool(value) => match param {
                Param::Any | Param::Bool => return Ok(Value::Bool(*value)),
                _ => return mismatch(param, "bool"),
            },
            Expr::Text(text) => match param {
                Param::Any | Param::Text => return Ok(Value::Text(text.clone())),
                _ => return mismatch(param, "string"),
            },
            Expr::Number(number) => {
                return match (param, number.int) {
                    (Param::Int, Some(int)) => Ok(Value::Int(int)),
                    (Param::Float, _) => Ok(Value::Float(number.float)),
                    (Param::Any, _) if number.is_float() => Ok(Value::Float(number.float)),
                    (Param::Any, Some(int)) => Ok(Value::Int(int)),
                    (Param::Any, None) if number.unsigned => fail(format!("{} overflows int", number.text)),
                    _ => mismatch(param, &number.text),
                };
            }
        };
        fits(value, param)
    }
}

/// Fails because the argument has the wrong type.
fn mismatch(param: Param, found: &str) -> ExecResult {
    fail(format!("expected {}; found {found}", param.type_name()))
}

/// Returns the value if it fits a parameter of that type.
fn fits(value: Value, param: Param) -> ExecResult {
    let fits = match (param, &value) {
        (Param::Any, _)
        | (Param::Text, Value::Text(_))
        | (Param::Int, Value::Int(_))
        | (Param::Float, Value::Float(_))
        | (Param::Bool, Value::Bool(_))
        | (Param::Time, Value::Time(_)) => true,
        (Param::Dict, Value::Dict(dict)) => !dict.text_only(),
        (param, Value::Nil) if param.takes_nil() => true,
        (param, Value::Nil) => return fail(format!("invalid value; expected {}", param.type_name())),
        _ => false,
    };
    if !fits {
        return fail(format!(
            "wrong type for value; expected {}; got {}",
            param.type_name(),
            value.type_name()
        ));
    }
    Ok(value)
}

/// Returns whether the first value equals any of the others, as `eq a b c` does.
pub(crate) fn equals_any(values: &[Value]) -> ExecResult<bool> {
    let [first, others @ ..] = values else {
        return fail("missing argument for comparison");
    };
    if others.is_empty() {
        return fail("missing argument for comparison");
    }
    for other in others {
        if compare::equal(first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}
