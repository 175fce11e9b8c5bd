//! The functions of Go's `text/template`. Its `slice` is replaced by sprig's.

use std::fmt::Write as _;

use go_text::is_print;

use crate::compare;
use crate::env::{Env, ExecResult, fail};
use crate::eval::equals_any;
use crate::fmt::{sprint, sprintf, sprintln};
use crate::funcs::{Args, Function, Param, ShortCircuit, function};
use crate::value::Value;

use Param::{Any, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    short_circuit("and", ShortCircuit::And),
    short_circuit("or", ShortCircuit::Or),
    function("not", &[Any], None, |_, args| {
        Ok(Value::Bool(!args.any(0).truth()))
    }),
    function("len", &[Any], None, |_, args| len(args.any(0))),
    function("index", &[Any], Some(Any), |env, args| {
        index(env, args.any(0), args.from(1))
    }),
    function("call", &[Any], Some(Any), |_, args| {
        fail(format!("non-function of type {}", args.any(0).type_name()))
    }),
    function("print", &[], Some(Any), |env, args| {
        env.text(sprint(env, args.from(0))?)
    }),
    function("println", &[], Some(Any), |env, args| {
        env.text(sprintln(env, args.from(0))?)
    }),
    function("printf", &[Text], Some(Any), |env, args| {
        env.text(sprintf(env, args.text(0), args.from(1))?)
    }),
    function("html", &[], Some(Any), |env, args| {
        env.text(html(&joined(env, args)?))
    }),
    function("js", &[], Some(Any), |env, args| {
        env.text(js(&joined(env, args)?))
    }),
    function("urlquery", &[], Some(Any), |env, args| {
        env.text(url_query(&joined(env, args)?))
    }),
    function("eq", &[Any], Some(Any), |_, args| {
        equals_any(args.from(0)).map(Value::Bool)
    }),
    function("ne", &[Any, Any], None, |_, args| {
        compare::equal(args.any(0), args.any(1)).map(|equal| Value::Bool(!equal))
    }),
    function("lt", &[Any, Any], None, |_, args| {
        compare::less(args.any(0), args.any(1)).map(Value::Bool)
    }),
    function("le", &[Any, Any], None, |_, args| {
        less_or_equal(args).map(Value::Bool)
    }),
    function("gt", &[Any, Any], None, |_, args| {
        less_or_equal(args).map(|truth| Value::Bool(!truth))
    }),
    function("ge", &[Any, Any], None, |_, args| {
        compare::less(args.any(0), args.any(1)).map(|less| Value::Bool(!less))
    }),
];

/// Returns `and` or `or`.
const fn short_circuit(name: &'static str, short_circuit: ShortCircuit) -> Function {
    Function {
        name,
        params: &[Any],
        rest: Some(Any),
        short_circuit: Some(short_circuit),
        // The executor evaluates these, because they do not evaluate all their arguments.
        run: |_, _| Ok(Value::Nil),
    }
}

/// Returns whether the first argument is less than or equal to the second.
fn less_or_equal(args: &Args) -> ExecResult<bool> {
    Ok(compare::less(args.any(0), args.any(1))? || compare::equal(args.any(0), args.any(1))?)
}

/// Returns the length of a text in bytes, or of a list or dict in elements.
fn len(value: &Value) -> ExecResult {
    let len = match value {
        Value::Text(text) => text.len(),
        Value::List(list) => list.items().len(),
        Value::Dict(dict) => dict.entries().len(),
        Value::Nil => return fail("len of nil pointer"),
        other => return fail(format!("len of type {}", other.type_name())),
    };
    // A length in memory always fits.
    Ok(Value::Int(i64::try_from(len).unwrap_or(i64::MAX)))
}

/// Returns the element of a text, list or dict at a path of indexes.
fn index(env: &Env<'_>, value: &Value, indexes: &[Value]) -> ExecResult {
    let mut value = value.clone();
    if matches!(value, Value::Nil) {
        return fail("index of untyped nil");
    }
    for index in indexes {
        env.spend(1)?;
        value = match (&value, index) {
            (Value::Text(text), index) => {
                let at = position(index, text.len())?;
                Value::Byte(text.as_bytes().get(at).copied().unwrap_or(0))
            }
            (Value::List(list), index) => {
                let at = position(index, list.items().len())?;
                list.items().get(at).cloned().unwrap_or(Value::Nil)
            }
            // The zero value of a `map[string]string` is an empty string.
            (Value::Dict(dict), Value::Text(key)) => {
                dict.get(key).unwrap_or_else(|| match dict.text_only() {
                    true => Value::text(""),
                    false => Value::Nil,
                })
            }
            (Value::Dict(_), Value::Nil) => return fail("value is nil; should be of type string"),
            (Value::Dict(_), key) => {
                return fail(format!("value has type {}; should be string", key.type_name()));
            }
            (Value::Nil, _) => return fail("index of nil pointer"),
            (other, _) => return fail(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(value)
}

/// Returns an index into a text or list of that length.
fn position(index: &Value, len: usize) -> ExecResult<usize> {
    let at = match index {
        Value::Int(at) | Value::Int64(at) => *at,
        Value::Byte(at) => i64::from(*at),
        Value::Nil => return fail("cannot index slice/array with nil"),
        other => {
            return fail(format!(
                "cannot index slice/array with type {}",
                other.type_name()
            ));
        }
    };
    match usize::try_from(at).ok().filter(|&at| at < len) {
        Some(at) => Ok(at),
        None => fail(format!("index out of range: {at}")),
    }
}

/// Joins the arguments as `print` does. A missing value is `<no value>`, as in an action.
fn joined(env: &Env<'_>, args: &Args) -> ExecResult<String> {
    let visible = |value: &Value| match value {
        Value::Nil => Value::text("<no value>"),
        value => value.clone(),
    };
    let shown: Vec<Value> = args.from(0).iter().map(visible).collect();
    sprint(env, &shown)
}

/// Escapes text for HTML as Go's `template.HTMLEscapeString` does.
fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0' => out.push(char::REPLACEMENT_CHARACTER),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

/// Escapes text for JavaScript as Go's `template.JSEscapeString` does.
fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '\'' | '"' => {
                out.push('\\');
                out.push(c);
            }
            // Writing to a `String` cannot fail.
            '<' | '>' | '&' | '=' | '\0'..' ' => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c if c.is_ascii() || is_print(c) => out.push(c),
            c => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
        }
    }
    out
}

/// Escapes text for a URL's query as Go's `url.QueryEscape` does.
fn url_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
