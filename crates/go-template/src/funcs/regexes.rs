//! Sprig's functions for regular expressions. Each variant `must…` is the same here, because an error ends the
//! template in any case.

use std::ops::Range;

use crate::env::{Env, ExecResult};
use crate::funcs::{Args, Function, Param, function};
use crate::value::{ListKind, Value};

use Param::{Int, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("regexMatch", &[Text, Text], None, |env, args| {
        // Only this function treats an invalid expression as one that does not match.
        Ok(is_match(env, args).unwrap_or(Value::Bool(false)))
    }),
    function("mustRegexMatch", &[Text, Text], None, is_match),
    function("regexFind", &[Text, Text], None, find),
    function("mustRegexFind", &[Text, Text], None, find),
    function("regexFindAll", &[Text, Text, Int], None, find_all),
    function("mustRegexFindAll", &[Text, Text, Int], None, find_all),
    function("regexSplit", &[Text, Text, Int], None, split),
    function("mustRegexSplit", &[Text, Text, Int], None, split),
    function("mustRegexReplaceAll", &[Text, Text, Text], None, |env, args| {
        replace_all(env, args.text(0), args.text(1), args.text(2), false)
    }),
    function(
        "mustRegexReplaceAllLiteral",
        &[Text, Text, Text],
        None,
        |env, args| replace_all(env, args.text(0), args.text(1), args.text(2), true),
    ),
    function("regexQuoteMeta", &[Text], None, |env, args| {
        let mut out = String::with_capacity(args.text(0).len());
        for c in args.text(0).chars() {
            if r"\.+*?()|[]{}^$".contains(c) {
                out.push('\\');
            }
            out.push(c);
        }
        env.text(out)
    }),
];

/// Runs `mustRegexMatch`.
fn is_match(env: &Env<'_>, args: &Args) -> ExecResult {
    env.spend_bytes(args.text(1).len())?;
    Ok(Value::Bool(env.regex(args.text(0))?.is_match(args.text(1))))
}

/// Runs `regexFind`.
fn find(env: &Env<'_>, args: &Args) -> ExecResult {
    let text = args.text(1);
    env.spend_bytes(text.len())?;
    env.text(
        env.regex(args.text(0))?
            .find(text)
            .map_or("", |found| &text[found]),
    )
}

/// Returns as many matches as the third argument says, or all if it is negative.
fn matches(env: &Env<'_>, args: &Args) -> ExecResult<Vec<Range<usize>>> {
    env.spend_bytes(args.text(1).len())?;
    let regex = env.regex(args.text(0))?;
    let count = usize::try_from(args.int(2)).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for range in regex.find_iter(args.text(1)).take(count) {
        env.spend(1)?;
        found.push(range);
    }
    Ok(found)
}

/// Runs `regexFindAll`.
fn find_all(env: &Env<'_>, args: &Args) -> ExecResult {
    let found = matches(env, args)?.into_iter();
    env.list(
        ListKind::Text,
        found.map(|range| Value::text(&args.text(1)[range])).collect(),
    )
}

/// Splits a text as Go's `Regexp.Split` does, into at most as many parts as the third argument says. The last part is
/// the rest.
fn split(env: &Env<'_>, args: &Args) -> ExecResult {
    let (text, count) = (args.text(1), usize::try_from(args.int(2)).ok());
    if count == Some(0) {
        return env.list(ListKind::Text, Vec::new());
    }
    if text.is_empty() && !args.text(0).is_empty() {
        return env.list(ListKind::Text, vec![Value::text("")]);
    }
    let (mut parts, mut start, mut end) = (Vec::new(), 0, 0);
    for found in matches(env, args)? {
        if count.is_some_and(|count| parts.len() + 1 == count) {
            break;
        }
        end = found.start;
        // An empty match at the start does not split off an empty part.
        if found.end != 0 {
            parts.push(Value::text(&text[start..end]));
        }
        start = found.end;
    }
    if end != text.len() {
        parts.push(Value::text(&text[start..]));
    }
    env.list(ListKind::Text, parts)
}

/// Replaces all matches, and accounts for the largest possible result first.
pub(crate) fn replace_all(
    env: &Env<'_>,
    pattern: &str,
    text: &str,
    template: &str,
    literal: bool,
) -> ExecResult {
    env.spend_bytes(text.len())?;
    let regex = env.regex(pattern)?;
    // Each reference to a group adds at most the length of the text, because matches do not overlap.
    let found = regex.find_iter(text).count();
    let groups = if literal { 0 } else { template.matches('$').count() };
    let most = text
        .len()
        .saturating_mul(groups + 1)
        .saturating_add(found.saturating_mul(template.len()));
    env.spend_bytes(most)?;
    env.text(match literal {
        true => regex.replace_all_literal(text, template),
        false => regex.replace_all(text, template),
    })
}
