//! Formatting of one value with one verb.

use go_time::Layout;

use crate::env::{Env, ExecResult, check_depth};
use crate::fmt::quoted::quoted;
use crate::fmt::spec::Spec;
use crate::value::{List, Value};

/// Appends the value as the verb formats it.
pub(crate) fn write(
    env: &Env<'_>,
    out: &mut String,
    value: &Value,
    verb: char,
    spec: &Spec,
    depth: usize,
) -> ExecResult<()> {
    check_depth(depth)?;
    env.spend(1)?;
    match value {
        _ if verb == 'T' => spec.text(out, value.type_name()),
        Value::Nil if verb == 'v' && depth == 0 => spec.pad(out, "<nil>"),
        Value::Nil if verb == 'v' && spec.go_syntax => out.push_str("interface {}(nil)"),
        Value::Nil if depth > 0 => out.push_str("<nil>"),
        Value::Bool(value) if matches!(verb, 'v' | 't') => {
            spec.pad(out, if *value { "true" } else { "false" })
        }
        Value::Int(number) | Value::Int64(number) => {
            return integer(env, out, value, *number, verb, spec, depth);
        }
        Value::Byte(byte) if verb == 'v' && spec.go_syntax => out.push_str(&format!("{byte:#x}")),
        Value::Byte(byte) => return integer(env, out, value, i64::from(*byte), verb, spec, depth),
        Value::Float(number) => match verb {
            'v' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'x' | 'X' => spec.float(out, *number, verb),
            _ => return bad_verb(env, out, value, verb, spec, depth),
        },
        Value::Text(text) => {
            env.spend_bytes(text.len())?;
            if !string(out, text, verb, spec) {
                return bad_verb(env, out, value, verb, spec, depth);
            }
        }
        Value::List(list) if verb != 'p' => {
            return write_list(env, out, list, value.type_name(), verb, spec, depth);
        }
        Value::Dict(dict) if verb != 'p' => {
            let entries = dict.entries();
            let (open, between) = if spec.go_syntax { ("{", ", ") } else { ("[", " ") };
            out.push_str(if spec.go_syntax { value.type_name() } else { "map" });
            out.push_str(open);
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push_str(between);
                }
                write(env, out, &Value::Text(key.clone()), verb, spec, depth + 1)?;
                out.push(':');
                write(env, out, value, verb, spec, depth + 1)?;
            }
            out.push_str(if spec.go_syntax { "}" } else { "]" });
        }
        Value::Time(time) => {
            let text = Layout::new(go_time::DEFAULT).format(time);
            if !string(
                out,
                &text,
                verb,
                &Spec {
                    go_syntax: false,
                    ..spec.clone()
                },
            ) {
                return bad_verb(env, out, value, verb, spec, depth);
            }
        }
        Value::Version(version) => {
            if !string(
                out,
                &version.to_string(),
                verb,
                &Spec {
                    go_syntax: false,
                    ..spec.clone()
                },
            ) {
                return bad_verb(env, out, value, verb, spec, depth);
            }
        }
        _ => return bad_verb(env, out, value, verb, spec, depth),
    }
    env.check_bytes(out.len())
}

/// Appends text as the verb formats it, and returns whether the verb is valid for text.
fn string(out: &mut String, text: &str, verb: char, spec: &Spec) -> bool {
    match verb {
        'v' if spec.go_syntax => spec.pad(out, &quoted(text, false)),
        'v' | 's' => spec.text(out, text),
        'q' => spec.quoted(out, text),
        'x' => spec.hex_text(out, text, false),
        'X' => spec.hex_text(out, text, true),
        _ => return false,
    }
    true
}

/// Appends an integer as the verb formats it.
fn integer(
    env: &Env<'_>,
    out: &mut String,
    value: &Value,
    number: i64,
    verb: char,
    spec: &Spec,
    depth: usize,
) -> ExecResult<()> {
    match verb {
        'v' | 'd' => spec.integer(out, number, 'd'),
        'b' | 'o' | 'O' | 'x' | 'X' => spec.integer(out, number, verb),
        'c' => spec.character(out, number),
        'q' => spec.quoted_char(out, number),
        'U' => spec.unicode(out, number),
        _ => return bad_verb(env, out, value, verb, spec, depth),
    }
    Ok(())
}

/// Appends a list whose elements the verb formats.
fn write_list(
    env: &Env<'_>,
    out: &mut String,
    list: &List,
    type_name: &str,
    verb: char,
    spec: &Spec,
    depth: usize,
) -> ExecResult<()> {
    let (open, between, close) = if spec.go_syntax {
        ("{", ", ", "}")
    } else {
        ("[", " ", "]")
    };
    if spec.go_syntax {
        out.push_str(type_name);
    }
    out.push_str(open);
    for (index, item) in list.items().iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        write(env, out, item, verb, spec, depth + 1)?;
    }
    out.push_str(close);
    Ok(())
}

/// Appends Go's report of a verb that does not fit its value: `%!d(string=hi)`.
fn bad_verb(
    env: &Env<'_>,
    out: &mut String,
    value: &Value,
    verb: char,
    spec: &Spec,
    depth: usize,
) -> ExecResult<()> {
    out.push_str("%!");
    out.push(verb);
    out.push('(');
    if matches!(value, Value::Nil) {
        out.push_str("<nil>");
    } else {
        out.push_str(value.type_name());
        out.push('=');
        // Every value can be formatted with `v`, so the recursion ends at the depth of the value.
        write(env, out, value, 'v', spec, depth + 1)?;
    }
    out.push(')');
    Ok(())
}
