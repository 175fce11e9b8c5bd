//! Sprig's functions for numbers.

use crate::env::{Env, ExecResult, fail};
use crate::fmt::sprint;
use crate::funcs::cast::{to_float, to_int};
use crate::funcs::decimal::{Operation, fold};
use crate::funcs::{Args, Function, Param, function};
use crate::value::{ListKind, Value};

use Param::{Any, Float, Int, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("atoi", &[Text], None, |_, args| {
        Ok(Value::Int(args.text(0).parse().unwrap_or(0)))
    }),
    function("int", &[Any], None, |_, args| Ok(Value::Int(to_int(args.any(0))))),
    function("int64", &[Any], None, |_, args| {
        Ok(Value::Int64(to_int(args.any(0))))
    }),
    function("float64", &[Any], None, |_, args| {
        Ok(Value::Float(to_float(args.any(0))))
    }),
    function("toDecimal", &[Any], None, |env, args| {
        let text = sprint(env, args.from(0))?;
        Ok(Value::Int64(i64::from_str_radix(&text, 8).unwrap_or(0)))
    }),
    function("add1", &[Any], None, |_, args| {
        Ok(Value::Int64(to_int(args.any(0)).wrapping_add(1)))
    }),
    function("add", &[], Some(Any), |_, args| {
        Ok(Value::Int64(
            args.from(0).iter().map(to_int).fold(0, i64::wrapping_add),
        ))
    }),
    function("sub", &[Any, Any], None, |_, args| {
        Ok(Value::Int64(
            to_int(args.any(0)).wrapping_sub(to_int(args.any(1))),
        ))
    }),
    function("mul", &[Any], Some(Any), |_, args| {
        Ok(Value::Int64(
            args.from(0).iter().map(to_int).fold(1, i64::wrapping_mul),
        ))
    }),
    function("div", &[Any, Any], None, |_, args| {
        divided(args, i64::wrapping_div)
    }),
    function("mod", &[Any, Any], None, |_, args| {
        divided(args, i64::wrapping_rem)
    }),
    function("max", &[Any], Some(Any), |_, args| largest(args)),
    function("biggest", &[Any], Some(Any), |_, args| largest(args)),
    function("min", &[Any], Some(Any), |_, args| {
        Ok(Value::Int64(args.from(0).iter().map(to_int).min().unwrap_or(0)))
    }),
    function("maxf", &[Any], Some(Any), |_, args| Ok(extreme(args, f64::max))),
    function("minf", &[Any], Some(Any), |_, args| Ok(extreme(args, f64::min))),
    function("ceil", &[Any], None, |_, args| {
        Ok(Value::Float(to_float(args.any(0)).ceil()))
    }),
    function("floor", &[Any], None, |_, args| {
        Ok(Value::Float(to_float(args.any(0)).floor()))
    }),
    function("round", &[Any, Int], Some(Float), |_, args| {
        let from = if args.from(2).is_empty() {
            0.5
        } else {
            args.float(2)
        };
        Ok(Value::Float(round(to_float(args.any(0)), args.int(1), from)))
    }),
    function("add1f", &[Any], None, |_, args| {
        fold(to_float(args.any(0)), [1.0].into_iter(), Operation::Add).map(Value::Float)
    }),
    function("addf", &[], Some(Any), |_, args| {
        fold(0.0, args.from(0).iter().map(to_float), Operation::Add).map(Value::Float)
    }),
    function("subf", &[Any], Some(Any), |_, args| {
        decimal(args, Operation::Subtract)
    }),
    function("mulf", &[Any], Some(Any), |_, args| {
        decimal(args, Operation::Multiply)
    }),
    function("divf", &[Any], Some(Any), |_, args| {
        decimal(args, Operation::Divide)
    }),
    function("until", &[Int], None, |env, args| {
        let step = if args.int(0) < 0 { -1 } else { 1 };
        ints(env, 0, args.int(0), step)
    }),
    function("untilStep", &[Int, Int, Int], None, |env, args| {
        ints(env, args.int(0), args.int(1), args.int(2))
    }),
    function("seq", &[], Some(Int), seq),
];

/// Divides the first argument by the second, and fails if that is 0.
fn divided(args: &Args, divide: fn(i64, i64) -> i64) -> ExecResult {
    match to_int(args.any(1)) {
        0 => fail("integer divide by zero"),
        divisor => Ok(Value::Int64(divide(to_int(args.any(0)), divisor))),
    }
}

/// Runs `max`.
fn largest(args: &Args) -> ExecResult {
    Ok(Value::Int64(args.from(0).iter().map(to_int).max().unwrap_or(0)))
}

/// Runs `maxf` or `minf`. If one number is NaN, so is the result.
fn extreme(args: &Args, pick: fn(f64, f64) -> f64) -> Value {
    let numbers = args.from(0).iter().map(to_float);
    let picked = numbers.reduce(|left, right| match left.is_nan() || right.is_nan() {
        true => f64::NAN,
        false => pick(left, right),
    });
    Value::Float(picked.unwrap_or(0.0))
}

/// Applies a decimal operation to the arguments.
fn decimal(args: &Args, operation: Operation) -> ExecResult {
    fold(
        to_float(args.any(0)),
        args.from(1).iter().map(to_float),
        operation,
    )
    .map(Value::Float)
}

/// Rounds to a number of decimal places; fractions from `from` on are rounded up.
fn round(number: f64, places: i64, from: f64) -> f64 {
    let power = 10f64.powf(places as f64);
    let shifted = power * number;
    let rounded = if shifted.fract() >= from {
        shifted.ceil()
    } else {
        shifted.floor()
    };
    rounded / power
}

/// Returns the numbers from `start` up to and excluding `stop`.
fn steps(env: &Env<'_>, start: i64, stop: i64, step: i64) -> ExecResult<Vec<i64>> {
    let away = if stop < start { step >= 0 } else { step <= 0 };
    if away {
        return Ok(Vec::new());
    }
    // Both numbers are positive, and the quotient is rounded up.
    let count = start.abs_diff(stop).div_ceil(step.unsigned_abs());
    env.spend_items(usize::try_from(count).unwrap_or(usize::MAX))?;
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Ok((0..count)
        .map(|index| start.saturating_add(index.saturating_mul(step)))
        .collect())
}

/// Returns those numbers as a list.
fn ints(env: &Env<'_>, start: i64, stop: i64, step: i64) -> ExecResult {
    let items = steps(env, start, stop, step)?;
    env.list(ListKind::Int, items.into_iter().map(Value::Int).collect())
}

/// Returns the numbers up to and including the end, as the program `seq` does.
fn seq(env: &Env<'_>, args: &Args) -> ExecResult {
    let (start, step, end) = match args.from(0).len() {
        1 => (1, None, args.int(0)),
        2 => (args.int(0), None, args.int(1)),
        3 => (args.int(0), Some(args.int(1)), args.int(2)),
        _ => return env.text(""),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|step| step > 0) {
        return env.text("");
    }
    let numbers = steps(
        env,
        start,
        end.saturating_add(direction),
        step.unwrap_or(direction),
    )?;
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    env.text(numbers.join(" "))
}
