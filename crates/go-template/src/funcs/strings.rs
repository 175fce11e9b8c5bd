//! Sprig's functions for strings.

use std::sync::Arc;

use go_text::{to_lower, to_upper};

use crate::env::{Env, ExecResult, fail};
use crate::fmt::{self, sprint};
use crate::funcs::{Args, Function, Param, function};
use crate::value::{Entries, ListKind, Value};

use Param::{Any, Int, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("hello", &[], None, |env, _| env.text("Hello!")),
    function("upper", &[Text], None, |env, args| {
        env.text(to_upper(args.text(0)))
    }),
    function("lower", &[Text], None, |env, args| {
        env.text(to_lower(args.text(0)))
    }),
    function("trim", &[Text], None, |env, args| env.text(args.text(0).trim())),
    function("trimAll", &[Text, Text], None, trim_all),
    function("trimall", &[Text, Text], None, trim_all),
    function("trimPrefix", &[Text, Text], None, |env, args| {
        env.text(args.text(1).strip_prefix(args.text(0)).unwrap_or(args.text(1)))
    }),
    function("trimSuffix", &[Text, Text], None, |env, args| {
        env.text(args.text(1).strip_suffix(args.text(0)).unwrap_or(args.text(1)))
    }),
    function("trunc", &[Int, Text], None, |env, args| {
        env.text(trunc(args.int(0), args.text(1)))
    }),
    function("substr", &[Int, Int, Text], None, |env, args| {
        substr(env, args.int(0), args.int(1), args.text(2))
    }),
    function("repeat", &[Int, Text], None, |env, args| {
        repeat(env, args.int(0), args.text(1))
    }),
    function("contains", &[Text, Text], None, |_, args| {
        Ok(Value::Bool(args.text(1).contains(args.text(0))))
    }),
    function("hasPrefix", &[Text, Text], None, |_, args| {
        Ok(Value::Bool(args.text(1).starts_with(args.text(0))))
    }),
    function("hasSuffix", &[Text, Text], None, |_, args| {
        Ok(Value::Bool(args.text(1).ends_with(args.text(0))))
    }),
    function("quote", &[], Some(Any), |env, args| {
        quoted(env, args, |env, value| {
            Ok(fmt::quoted::quoted(&to_text(env, value)?, false))
        })
    }),
    function("squote", &[], Some(Any), |env, args| {
        quoted(env, args, |env, value| {
            Ok(format!("'{}'", sprint(env, std::slice::from_ref(value))?))
        })
    }),
    function("cat", &[], Some(Any), |env, args| {
        quoted(env, args, |env, value| sprint(env, std::slice::from_ref(value)))
    }),
    function("indent", &[Int, Text], None, |env, args| {
        env.text(indent(env, args, "")?)
    }),
    function("nindent", &[Int, Text], None, |env, args| {
        env.text(indent(env, args, "\n")?)
    }),
    function("replace", &[Text, Text, Text], None, |env, args| {
        env.text(replace(env, args.text(2), args.text(0), args.text(1), None)?)
    }),
    function("plural", &[Text, Text, Int], None, |_, args| {
        Ok(Value::Text(args.shared_text(usize::from(args.int(2) != 1))))
    }),
    function("toString", &[Any], None, |env, args| {
        env.text(to_text(env, args.any(0))?)
    }),
    function("toStrings", &[Any], None, |env, args| {
        let texts = to_texts(env, args.any(0))?.into_iter().map(Value::Text).collect();
        env.list(ListKind::Text, texts)
    }),
    function("join", &[Text, Any], None, |env, args| {
        let texts = to_texts(env, args.any(1))?;
        let total: usize = texts.iter().map(|text| text.len() + args.text(0).len()).sum();
        env.spend_bytes(total)?;
        env.text(texts.join(args.text(0)))
    }),
    function("split", &[Text, Text], None, |env, args| {
        let parts = split(env, args.text(1), args.text(0), -1)?;
        numbered(env, parts)
    }),
    function("splitn", &[Text, Int, Text], None, |env, args| {
        let parts = split(env, args.text(2), args.text(0), args.int(1))?;
        numbered(env, parts)
    }),
    function("splitList", &[Text, Text], None, |env, args| {
        let parts = split(env, args.text(1), args.text(0), -1)?;
        env.list(ListKind::Text, parts.into_iter().map(Value::text).collect())
    }),
    function("nospace", &[Text], None, |env, args| {
        env.text(bytes_as_chars(args.text(0), |_, c| !c.is_whitespace()))
    }),
    function("initials", &[Text], None, |env, args| {
        env.text(bytes_as_chars(args.text(0), |before, c| {
            !c.is_whitespace() && before.is_none_or(char::is_whitespace)
        }))
    }),
];

/// Runs `trimAll`.
fn trim_all(env: &Env<'_>, args: &Args) -> ExecResult {
    env.text(args.text(1).trim_matches(|c| args.text(0).contains(c)))
}

/// Converts bytes to text. Go slices strings by bytes, which may split a character; the remains of one become U+FFFD.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs `trunc`.
fn trunc(count: i64, text: &str) -> String {
    let len = text.len();
    let wanted = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    let bytes = text.as_bytes();
    if wanted >= len {
        return text.to_owned();
    }
    if count < 0 {
        lossy(&bytes[len - wanted..])
    } else {
        lossy(&bytes[..wanted])
    }
}

/// Runs `substr`.
fn substr(env: &Env<'_>, start: i64, end: i64, text: &str) -> ExecResult {
    let len = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let range = match (start, end) {
        (..0, end) => 0..end,
        (start, end) if end < 0 || end > len => start..len,
        (start, end) => start..end,
    };
    let (Ok(from), Ok(to)) = (usize::try_from(range.start), usize::try_from(range.end)) else {
        return fail("slice bounds out of range");
    };
    match text.as_bytes().get(from..to) {
        Some(bytes) => env.text(lossy(bytes)),
        None => fail("slice bounds out of range"),
    }
}

/// Runs `repeat`.
fn repeat(env: &Env<'_>, count: i64, text: &str) -> ExecResult {
    let Ok(count) = usize::try_from(count) else {
        return fail("strings: negative Repeat count");
    };
    env.spend_bytes(count.saturating_mul(text.len()))?;
    env.text(text.repeat(if text.is_empty() { 0 } else { count }))
}

/// Replaces up to `count` occurrences, and accounts for the result first.
pub(crate) fn replace(
    env: &Env<'_>,
    text: &str,
    old: &str,
    new: &str,
    count: Option<usize>,
) -> ExecResult<String> {
    env.spend_bytes(text.len())?;
    let found = text.matches(old).count().min(count.unwrap_or(usize::MAX));
    env.spend_bytes(text.len().saturating_add(found.saturating_mul(new.len())))?;
    Ok(text.replacen(old, new, found))
}

/// Indents all lines, and puts `before` in front.
fn indent(env: &Env<'_>, args: &Args, before: &str) -> ExecResult<String> {
    let Ok(spaces) = usize::try_from(args.int(0)) else {
        return fail("strings: negative Repeat count");
    };
    let text = args.text(1);
    let lines = text.matches('\n').count() + 1;
    env.spend_bytes(text.len().saturating_add(spaces.saturating_mul(lines)))?;
    let pad = " ".repeat(spaces);
    Ok(format!(
        "{before}{pad}{}",
        text.replace('\n', &format!("\n{pad}"))
    ))
}

/// Writes each argument that is not nil with `write`, and joins them with spaces.
fn quoted(env: &Env<'_>, args: &Args, write: fn(&Env<'_>, &Value) -> ExecResult<String>) -> ExecResult {
    let mut parts = Vec::new();
    for value in args.from(0).iter().filter(|value| !matches!(value, Value::Nil)) {
        parts.push(write(env, value)?);
    }
    env.text(parts.join(" "))
}

/// Converts a value to text as sprig's `strval` does: a string is kept, and any other value is formatted with `%v`.
pub(crate) fn to_text(env: &Env<'_>, value: &Value) -> ExecResult<Arc<str>> {
    match value {
        Value::Text(text) => Ok(Arc::clone(text)),
        value => sprint(env, std::slice::from_ref(value)).map(Arc::from),
    }
}

/// Converts a value to texts as sprig's `strslice` does: the elements of a list without nil, or the value itself.
pub(crate) fn to_texts(env: &Env<'_>, value: &Value) -> ExecResult<Vec<Arc<str>>> {
    match value {
        Value::Nil => Ok(Vec::new()),
        Value::List(list) => {
            env.spend_items(list.items().len())?;
            let present = list.items().iter().filter(|item| !matches!(item, Value::Nil));
            present.map(|item| to_text(env, item)).collect()
        }
        value => Ok(vec![to_text(env, value)?]),
    }
}

/// Splits a text as Go's `strings.SplitN` does: an empty separator splits it into characters.
fn split<'t>(env: &Env<'_>, text: &'t str, separator: &str, count: i64) -> ExecResult<Vec<&'t str>> {
    env.spend_bytes(text.len())?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let at_most = usize::try_from(count).unwrap_or(usize::MAX);
    if !separator.is_empty() {
        let parts = text.splitn(at_most, separator);
        let found = text.matches(separator).count() + 1;
        env.spend_items(found.min(at_most))?;
        return Ok(parts.collect());
    }
    env.spend_items(text.len())?;
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if parts.len() + 1 >= at_most {
            break;
        }
        let (first, after) = rest.split_at(c.len_utf8());
        parts.push(first);
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    Ok(parts)
}

/// Returns a dict of the parts with the keys `_0`, `_1` and so on.
fn numbered(env: &Env<'_>, parts: Vec<&str>) -> ExecResult {
    let entry = |(index, part): (usize, &str)| (Arc::from(format!("_{index}")), Value::text(part));
    let entries: Entries = parts.into_iter().enumerate().map(entry).collect();
    env.dict_of(true, entries)
}

/// Returns the characters that `keep` accepts. The library behind sprig reads each byte as a character, so characters
/// beyond ASCII come out as if they were Latin-1, but only if a byte was left out.
fn bytes_as_chars(text: &str, keep: impl Fn(Option<char>, char) -> bool) -> String {
    let mut before = None;
    let mut kept = String::new();
    let mut all = true;
    for byte in text.bytes() {
        let c = char::from(byte);
        if keep(before, c) {
            kept.push(c);
        } else {
            all = false;
        }
        before = Some(c);
    }
    if all { text.to_owned() } else { kept }
}
