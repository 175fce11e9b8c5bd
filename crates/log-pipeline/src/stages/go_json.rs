//! JSON values as promtail writes them, with the encoder of json-iterator.

use go_text::{JsonEncoder, write_json_number, write_json_string};
use jmespath::Variable;

/// Writes a string in quotes.
pub(crate) fn write_string(text: &str, out: &mut String) {
    write_json_string(text, JsonEncoder::JsonIterator, out);
}

/// Writes a value without spaces and with the keys of objects sorted.
pub(crate) fn write_value(value: &Variable, out: &mut String) {
    match value {
        Variable::Null | Variable::Expref(_) => out.push_str("null"),
        Variable::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Variable::Number(number) => write_json_number(number.as_f64().unwrap_or_default(), out),
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
