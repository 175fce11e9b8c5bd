//! Sprig's functions for JSON.

use std::sync::Arc;

use go_text::{JsonEncoder, write_json_number, write_json_string};
use go_time::Layout;
use serde_json::Value as Json;

use crate::env::{Env, ExecResult, check_depth, fail};
use crate::funcs::{Args, Function, Param, function};
use crate::value::{Entries, ListKind, Value};

use Param::{Any, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("fromJson", &[Text], None, |env, args| match parse(env, args)? {
        Ok(value) => Ok(value),
        Err(_) => Ok(Value::Nil),
    }),
    function("mustFromJson", &[Text], None, |env, args| {
        match parse(env, args)? {
            Ok(value) => Ok(value),
            Err(error) => fail(error.to_string()),
        }
    }),
    function("toJson", &[Any], None, |env, args| {
        encode(env, args, COMPACT, false)
    }),
    function("mustToJson", &[Any], None, |env, args| {
        encode(env, args, COMPACT, true)
    }),
    function("toPrettyJson", &[Any], None, |env, args| {
        encode(env, args, PRETTY, false)
    }),
    function("mustToPrettyJson", &[Any], None, |env, args| {
        encode(env, args, PRETTY, true)
    }),
    function("toRawJson", &[Any], None, |env, args| {
        encode(env, args, RAW, true)
    }),
    function("mustToRawJson", &[Any], None, |env, args| {
        encode(env, args, RAW, true)
    }),
];

/// Parses the first argument.
fn parse(env: &Env<'_>, args: &Args) -> ExecResult<Result<Value, serde_json::Error>> {
    env.spend_bytes(args.text(0).len())?;
    match serde_json::from_str(args.text(0)) {
        Ok(json) => from_json(env, json).map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

/// Converts a JSON value.
fn from_json(env: &Env<'_>, json: Json) -> ExecResult {
    Ok(match json {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::Bool(value),
        // Go reads every number as a float.
        Json::Number(number) => Value::Float(number.as_f64().unwrap_or(0.0)),
        Json::String(text) => Value::text(text),
        Json::Array(items) => {
            let items = items.into_iter().map(|item| from_json(env, item));
            return env.list(ListKind::Any, items.collect::<ExecResult<_>>()?);
        }
        Json::Object(entries) => {
            let entry = |(key, value)| Ok((Arc::from(key), from_json(env, value)?));
            return env.dict(entries.into_iter().map(entry).collect::<ExecResult<Entries>>()?);
        }
    })
}

/// The style of the output.
#[derive(Clone, Copy)]
struct Style {
    indent: bool,
    encoder: JsonEncoder,
}

const COMPACT: Style = Style {
    indent: false,
    encoder: JsonEncoder::Standard,
};
const PRETTY: Style = Style {
    indent: true,
    ..COMPACT
};
const RAW: Style = Style {
    encoder: JsonEncoder::WithoutHtml,
    ..COMPACT
};

/// Encodes the first argument.
fn encode(env: &Env<'_>, args: &Args, style: Style, must: bool) -> ExecResult {
    let mut out = String::new();
    match write(env, &mut out, args.any(0), style, 0)? {
        true => env.text(out),
        false if must => fail("json: unsupported value"),
        false => env.text(""),
    }
}

/// Appends the value as JSON, and returns whether that is possible: NaN has no JSON form.
fn write(env: &Env<'_>, out: &mut String, value: &Value, style: Style, depth: usize) -> ExecResult<bool> {
    check_depth(depth)?;
    env.spend(1)?;
    match value {
        Value::Nil => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(int) | Value::Int64(int) => out.push_str(&int.to_string()),
        Value::Byte(byte) => out.push_str(&byte.to_string()),
        Value::Float(float) if !float.is_finite() => return Ok(false),
        Value::Float(float) => write_json_number(*float, out),
        Value::Text(text) => {
            env.spend_bytes(text.len())?;
            write_json_string(text, style.encoder, out);
        }
        Value::Time(time) => write_json_string(
            &Layout::new(go_time::RFC3339_NANO).format(time),
            style.encoder,
            out,
        ),
        Value::Version(version) => write_json_string(&version.to_string(), style.encoder, out),
        Value::List(list) => {
            out.push('[');
            for (index, item) in list.items().iter().enumerate() {
                separate(out, index, style, depth + 1);
                if !write(env, out, item, style, depth + 1)? {
                    return Ok(false);
                }
            }
            close(out, list.items().is_empty(), style, depth);
            out.push(']');
        }
        Value::Dict(dict) => {
            let entries = dict.entries();
            out.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                separate(out, index, style, depth + 1);
                env.spend_bytes(key.len())?;
                write_json_string(key, style.encoder, out);
                out.push_str(if style.indent { ": " } else { ":" });
                if !write(env, out, item, style, depth + 1)? {
                    return Ok(false);
                }
            }
            close(out, entries.is_empty(), style, depth);
            out.push('}');
        }
    }
    env.check_bytes(out.len())?;
    Ok(true)
}

/// Appends what stands before an element.
fn separate(out: &mut String, index: usize, style: Style, depth: usize) {
    if index > 0 {
        out.push(',');
    }
    if style.indent {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}

/// Appends what stands before a closing bracket.
fn close(out: &mut String, empty: bool, style: Style, depth: usize) {
    if style.indent && !empty {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}
