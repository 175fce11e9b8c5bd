//! Comparison of values: `eq`, `lt` and the like, and Go's `reflect.DeepEqual`.

use crate::env::{Env, ExecResult, check_depth, fail};
use crate::value::Value;

/// The kind of a value for comparisons. Only values of one kind can be compared.
enum Basic<'v> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'v str),
    /// A list, a dict, a time or a version, which have no order.
    Other,
    Nil,
}

/// Returns the kind of the value.
fn basic(value: &Value) -> Basic<'_> {
    match value {
        Value::Nil => Basic::Nil,
        Value::Bool(value) => Basic::Bool(*value),
        Value::Int(value) | Value::Int64(value) => Basic::Int(*value),
        Value::Byte(value) => Basic::Int(i64::from(*value)),
        Value::Float(value) => Basic::Float(*value),
        Value::Text(text) => Basic::Text(text),
        Value::List(_) | Value::Dict(_) | Value::Time(_) | Value::Version(_) => Basic::Other,
    }
}

/// Fails because the two types cannot be compared.
fn incompatible<T>(left: &Value, right: &Value) -> ExecResult<T> {
    fail(format!(
        "incompatible types for comparison: {} and {}",
        left.type_name(),
        right.type_name()
    ))
}

/// Returns whether `left == right`.
pub(crate) fn equal(left: &Value, right: &Value) -> ExecResult<bool> {
    Ok(match (basic(left), basic(right)) {
        (Basic::Bool(left), Basic::Bool(right)) => left == right,
        (Basic::Int(left), Basic::Int(right)) => left == right,
        (Basic::Float(left), Basic::Float(right)) => left == right,
        (Basic::Text(left), Basic::Text(right)) => left == right,
        (Basic::Nil, Basic::Nil) => true,
        // A comparison of nil with another value is false, and not an error.
        (Basic::Nil, _) | (_, Basic::Nil) => false,
        (Basic::Other, Basic::Other) => match (left, right) {
            (Value::Time(left), Value::Time(right)) => left == right,
            (Value::Version(left), Value::Version(right)) => std::rc::Rc::ptr_eq(left, right),
            _ if left.kind_name() != right.kind_name() => return fail("non-comparable types"),
            _ => return fail(format!("non-comparable type {}", right.type_name())),
        },
        _ => return incompatible(left, right),
    })
}

/// Returns whether `left < right`.
pub(crate) fn less(left: &Value, right: &Value) -> ExecResult<bool> {
    Ok(match (basic(left), basic(right)) {
        (Basic::Int(left), Basic::Int(right)) => left < right,
        (Basic::Float(left), Basic::Float(right)) => left < right,
        (Basic::Text(left), Basic::Text(right)) => left < right,
        (Basic::Other | Basic::Nil, _)
        | (_, Basic::Other | Basic::Nil)
        | (Basic::Bool(_), Basic::Bool(_)) => {
            return fail("invalid type for comparison");
        }
        _ => return incompatible(left, right),
    })
}

/// Returns whether the values have the same type and equal contents.
pub(crate) fn deep_equal(env: &Env<'_>, left: &Value, right: &Value, depth: usize) -> ExecResult<bool> {
    check_depth(depth)?;
    env.spend(1)?;
    Ok(match (left, right) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) | (Value::Int64(left), Value::Int64(right)) => left == right,
        (Value::Byte(left), Value::Byte(right)) => left == right,
        (Value::Float(left), Value::Float(right)) => left == right,
        (Value::Text(left), Value::Text(right)) => {
            env.spend_bytes(left.len().min(right.len()))?;
            left == right
        }
        (Value::Time(left), Value::Time(right)) => left == right,
        (Value::Version(left), Value::Version(right)) => left == right,
        (Value::List(left), Value::List(right)) => {
            if left.kind() != right.kind() || left.items().len() != right.items().len() {
                return Ok(false);
            }
            for (left, right) in left.items().iter().zip(right.items()) {
                if !deep_equal(env, left, right, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Dict(left), Value::Dict(right)) => {
            if left.is_same(right) {
                return Ok(true);
            }
            let (left_entries, right_entries) = (left.entries(), right.entries());
            if left.text_only() != right.text_only() || left_entries.len() != right_entries.len() {
                return Ok(false);
            }
            for ((left_key, left), (right_key, right)) in left_entries.iter().zip(right_entries.iter()) {
                if left_key != right_key || !deep_equal(env, left, right, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        _ => false,
    })
}
