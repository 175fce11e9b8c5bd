//! Sprig's functions for dates. The present is the context's, and the local zone is UTC, as in AWS Lambda.

use std::rc::Rc;

use go_time::{Duration, Layout, Location, Time, Zone};

use crate::env::{Env, ExecResult, fail};
use crate::funcs::{Args, Function, Param, function};
use crate::value::Value;

use Param::{Any, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("now", &[], None, |env, _| Ok(time(env.now().clone()))),
    function("date", &[Text, Any], None, |env, args| {
        format(env, args.text(0), args.any(1), &Location::UTC)
    }),
    function("dateInZone", &[Text, Any, Text], None, date_in_zone),
    function("date_in_zone", &[Text, Any, Text], None, date_in_zone),
    function("htmlDate", &[Any], None, |env, args| {
        format(env, "2006-01-02", args.any(0), &Location::UTC)
    }),
    function("htmlDateInZone", &[Any, Text], None, |env, args| {
        format(env, "2006-01-02", args.any(0), &zone(args.text(1)))
    }),
    function("dateModify", &[Text, Param::Time], None, |_, args| {
        modify(args, false)
    }),
    function("date_modify", &[Text, Param::Time], None, |_, args| {
        modify(args, false)
    }),
    function("mustDateModify", &[Text, Param::Time], None, |_, args| {
        modify(args, true)
    }),
    function("must_date_modify", &[Text, Param::Time], None, |_, args| {
        modify(args, true)
    }),
    function("toDate", &[Text, Text], None, |_, args| {
        let parsed = Layout::new(args.text(0)).parse(args.text(1), None);
        Ok(time(parsed.unwrap_or_else(|_| zero_time())))
    }),
    function("mustToDate", &[Text, Text], None, |_, args| {
        match Layout::new(args.text(0)).parse(args.text(1), None) {
            Ok(parsed) => Ok(time(parsed)),
            Err(error) => fail(error.to_string()),
        }
    }),
    function("ago", &[Any], None, |env, args| {
        let elapsed = since(env, &instant(env, args.any(0)));
        env.text(Duration(rounded_to_second(elapsed)).to_string())
    }),
    function("duration", &[Any], None, |env, args| {
        let seconds = match args.any(0) {
            Value::Text(text) => text.parse().unwrap_or(0),
            Value::Int64(seconds) => *seconds,
            _ => 0i64,
        };
        env.text(Duration(seconds.wrapping_mul(1_000_000_000)).to_string())
    }),
    function("durationRound", &[Any], None, |env, args| {
        let nanos = match args.any(0) {
            Value::Text(text) => Duration::parse(text).unwrap_or_default().0,
            Value::Int64(nanos) => *nanos,
            Value::Time(time) => since(env, time),
            _ => 0,
        };
        env.text(largest_unit(nanos.unsigned_abs()))
    }),
    function("unixEpoch", &[Param::Time], None, |env, args| {
        env.text(args.time(0).map_or(0, Time::unix_seconds).to_string())
    }),
];

/// Returns a time value.
fn time(time: Time) -> Value {
    Value::Time(Rc::new(time))
}

/// Returns Go's zero time, January 1 of year 1.
fn zero_time() -> Time {
    Time::utc(-62_135_596_800, 0)
}

/// Returns the location with that name, or UTC.
fn zone(name: &str) -> Location {
    Location::load(name).unwrap_or(Location::UTC)
}

/// Returns a time value or seconds since the epoch as a time. Any other value is the present.
fn instant(env: &Env<'_>, value: &Value) -> Time {
    match value {
        Value::Time(time) => time.as_ref().clone(),
        Value::Int(seconds) | Value::Int64(seconds) => Time::utc(*seconds, 0),
        _ => env.now().clone(),
    }
}

/// Formats a time value in a location.
fn format(env: &Env<'_>, layout: &str, value: &Value, location: &Location) -> ExecResult {
    env.spend_bytes(layout.len().saturating_mul(4))?;
    let time = instant(env, value).in_zone(Zone::Location(location.clone()));
    env.text(Layout::new(layout).format(&time))
}

/// Runs `dateInZone`.
fn date_in_zone(env: &Env<'_>, args: &Args) -> ExecResult {
    format(env, args.text(0), args.any(1), &zone(args.text(2)))
}

/// Adds a duration to a time.
fn modify(args: &Args, must: bool) -> ExecResult {
    let Some(date) = args.time(1) else {
        return fail("no time");
    };
    match Duration::parse(args.text(0)) {
        Ok(duration) => Ok(time(date.clone().plus_nanos(duration.0))),
        Err(error) if must => fail(error.to_string()),
        Err(_) => Ok(args.any(1).clone()),
    }
}

/// Returns the nanoseconds from the time to the present. As in Go, it saturates at 64 bits.
fn since(env: &Env<'_>, time: &Time) -> i64 {
    let nanos = env.now().unix_nanos().saturating_sub(time.unix_nanos());
    i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
}

/// Rounds to seconds; half a second is rounded away from zero.
fn rounded_to_second(nanos: i64) -> i64 {
    const SECOND: i64 = 1_000_000_000;
    let rest = nanos % SECOND;
    let down = nanos - rest;
    if rest.abs() * 2 < SECOND {
        return down;
    }
    down.checked_add(if nanos < 0 { -SECOND } else { SECOND })
        .unwrap_or(nanos)
}

/// Formats a duration in the largest unit that it exceeds: `3y`, `2mo`, `5d`, `1h`, `7m`, `9s`.
fn largest_unit(nanos: u64) -> String {
    const SECOND: u64 = 1_000_000_000;
    const DAY: u64 = 86_400 * SECOND;
    let units = [
        (365 * DAY, "y"),
        (30 * DAY, "mo"),
        (DAY, "d"),
        (3600 * SECOND, "h"),
        (60 * SECOND, "m"),
        (SECOND, "s"),
    ];
    match units.into_iter().find(|(unit, _)| nanos > *unit) {
        Some((unit, name)) => format!("{}{name}", nanos / unit),
        None => "0s".to_owned(),
    }
}

/// Calls a method of `time.Time`.
pub(crate) fn time_method(env: &Env<'_>, time: &Time, name: &str, args: &[Value]) -> ExecResult {
    let shown = |layout: &str| Layout::new(layout).format(time);
    let number = |layout: &str| Value::Int(shown(layout).trim_start_matches('0').parse().unwrap_or(0));
    let nanos = i128::from(time.unix_seconds()) * 1_000_000_000 + i128::from(time.subsec_nanos());
    let unix = |unit: i128| Value::Int64(i64::try_from(nanos.div_euclid(unit)).unwrap_or(i64::MAX));
    Ok(match (name, args) {
        ("Year", []) => Value::Int(time.year()),
        ("Day", []) => number("2"),
        ("YearDay", []) => number("002"),
        ("Hour", []) => number("15"),
        ("Minute", []) => number("4"),
        ("Second", []) => number("5"),
        ("Nanosecond", []) => Value::Int(i64::from(time.subsec_nanos())),
        ("Unix", []) => Value::Int64(time.unix_seconds()),
        ("UnixMilli", []) => unix(1_000_000),
        ("UnixMicro", []) => unix(1_000),
        ("UnixNano", []) => unix(1),
        ("String", []) => return env.text(shown(go_time::DEFAULT)),
        ("Format", [Value::Text(layout)]) => return format_as(env, layout, time),
        ("UTC" | "Local", []) => self::time(time.clone().in_zone(Zone::Location(Location::UTC))),
        ("IsZero", []) => Value::Bool(time.unix_nanos() == zero_time().unix_nanos()),
        ("AddDate", [Value::Int(years), Value::Int(months), Value::Int(days)]) => {
            self::time(time.clone().add_date(*years, *months, *days))
        }
        ("Before", [Value::Time(other)]) => Value::Bool(time.unix_nanos() < other.unix_nanos()),
        ("After", [Value::Time(other)]) => Value::Bool(time.unix_nanos() > other.unix_nanos()),
        ("Equal", [Value::Time(other)]) => Value::Bool(time.unix_nanos() == other.unix_nanos()),
        _ => return fail(format!("can't evaluate field {name} in type time.Time")),
    })
}

/// Formats a time in its own zone.
fn format_as(env: &Env<'_>, layout: &str, time: &Time) -> ExecResult {
    env.spend_bytes(layout.len().saturating_mul(4))?;
    env.text(Layout::new(layout).format(time))
}
