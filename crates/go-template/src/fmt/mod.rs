//! Go's package `fmt`: the output of `print` and `printf`.

pub(crate) mod float;
mod printf;
pub(crate) mod quoted;
mod spec;
mod verb;

pub(crate) use printf::sprintf;

use crate::env::{Env, ExecResult};
use crate::fmt::spec::Spec;
use crate::value::Value;

/// Joins values as `fmt.Sprint` does: with a space between two values if neither is a string.
pub(crate) fn sprint(env: &Env<'_>, values: &[Value]) -> ExecResult<String> {
    let mut out = String::new();
    let mut after_text = true;
    for (index, value) in values.iter().enumerate() {
        let is_text = matches!(value, Value::Text(_));
        if index > 0 && !is_text && !after_text {
            out.push(' ');
        }
        after_text = is_text;
        append(env, &mut out, value)?;
    }
    Ok(out)
}

/// Joins values as `fmt.Sprintln` does: with spaces between them, and a newline at the end.
pub(crate) fn sprintln(env: &Env<'_>, values: &[Value]) -> ExecResult<String> {
    let mut out = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        append(env, &mut out, value)?;
    }
    out.push('\n');
    Ok(out)
}

/// Appends a value as `%v` formats it.
pub(crate) fn append(env: &Env<'_>, out: &mut String, value: &Value) -> ExecResult<()> {
    if let Value::Text(text) = value {
        env.spend_bytes(text.len())?;
        out.push_str(text);
        return Ok(());
    }
    verb::write(env, out, value, 'v', &Spec::default(), 0)
}
