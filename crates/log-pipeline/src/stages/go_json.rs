//! JSON as Go's encoder writes it.

use std::fmt::Write;

use jmespath::Variable;

/// Writes a string in quotes. `<`, `>`, `&` and the two Unicode line separators are escaped, as Go does for HTML.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut copied = 0;
    for (at, char) in text.char_indices() {
        let short = match char {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => "",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        copied = at + char.len_utf8();
        if short.is_empty() {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(char));
        } else {
            out.push_str(short);
        }
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

/// Writes a value without spaces and with the keys of objects sorted.
pub(crate) fn write_value(value: &Variable, out: &mut String) {
    match value {
        Variable::Null | Variable::Expref(_) => out.push_str("null"),
        Variable::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Variable::Number(number) => write_number(number.as_f64().unwrap_or_default(), out),
        Variable::String(text) => write_string(text, out),
        Variable::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Variable::Object(members) => {
            out.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write_value(member, out);
            }
            out.push('}');
        }
    }
}

/// Writes the shortest decimal that identifies the number, with an exponent below 1e-6 and from 1e21 on.
fn write_number(number: f64, out: &mut String) {
    let size = number.abs();
    let _ = if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        match text.split_once('e') {
            Some((digits, exponent)) if exponent.starts_with('-') => write!(out, "{digits}e{exponent}"),
            Some((digits, exponent)) => write!(out, "{digits}e+{exponent}"),
            None => write!(out, "{text}"),
        }
    } else {
        write!(out, "{number}")
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_go_writes_them() {
        for (json, text) in [
            (
                r#"{"b":[1.0,-0.5,null,true],"a":{}}"#,
                r#"{"a":{},"b":[1,-0.5,null,true]}"#,
            ),
            (
                "[1e21,1e20,1e-6,1e-7,0]",
                "[1e+21,100000000000000000000,0.000001,1e-7,0]",
            ),
            (
                r#""<a&b>\u2028\u0001\u007f\t\"\\""#,
                "\"\\u003ca\\u0026b\\u003e\\u2028\\u0001\u{7f}\\t\\\"\\\\\"",
            ),
        ] {
            let mut out = String::new();
            write_value(&Variable::from_json(json).unwrap(), &mut out);
            assert_eq!(out, text);
        }
    }
}
