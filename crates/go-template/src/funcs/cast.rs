//! Conversion of values to numbers as `github.com/spf13/cast` 1.7.0 does it for sprig: a value that is not a number
//! becomes 0.

use crate::number::{parse_float, signed};
use crate::value::Value;

/// Converts a value to an integer.
pub(crate) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(int) | Value::Int64(int) => *int,
        Value::Byte(byte) => i64::from(*byte),
        Value::Float(float) => float_to_int(*float),
        Value::Text(text) => signed(without_zero_decimals(text)).unwrap_or(0),
        Value::Bool(value) => i64::from(*value),
        _ => 0,
    }
}

/// Converts a value to a float.
pub(crate) fn to_float(value: &Value) -> f64 {
    match value {
        Value::Int(int) | Value::Int64(int) => *int as f64,
        Value::Byte(byte) => f64::from(*byte),
        Value::Float(float) => *float,
        Value::Text(text) => parse_float(text).unwrap_or(0.0),
        Value::Bool(value) => f64::from(u8::from(*value)),
        _ => 0.0,
    }
}

/// Converts a float to an integer. A float that does not fit becomes the smallest integer, as Go on x86-64 makes it.
fn float_to_int(float: f64) -> i64 {
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float) {
        float as i64
    } else {
        i64::MIN
    }
}

/// Removes a fraction that consists of zeros: `5.00` becomes `5`, while `5.` and `5.10` are not integers.
fn without_zero_decimals(text: &str) -> &str {
    let trimmed = text.trim_end_matches('0');
    match trimmed.strip_suffix('.') {
        Some(whole) if trimmed.len() < text.len() => whole,
        _ => text,
    }
}
