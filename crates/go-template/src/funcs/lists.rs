//! Sprig's functions for lists. Each function but `sortAlpha`, `concat`, `list` and `tuple` has a variant `must…`,
//! which is the same here because an error ends the template in any case.

use crate::compare::deep_equal;
use crate::env::{Env, ExecResult, fail};
use crate::funcs::cast::to_int;
use crate::funcs::logic::is_empty;
use crate::funcs::strings::{to_text, to_texts};
use crate::funcs::{Args, Function, Param, function};
use crate::value::{List, ListKind, Value};

use Param::{Any, Int};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("list", &[], Some(Any), |env, args| {
        env.list(ListKind::Any, args.from(0).to_vec())
    }),
    function("tuple", &[], Some(Any), |env, args| {
        env.list(ListKind::Any, args.from(0).to_vec())
    }),
    function("append", &[Any, Any], None, push),
    function("push", &[Any, Any], None, push),
    function("mustAppend", &[Any, Any], None, push),
    function("mustPush", &[Any, Any], None, push),
    function("prepend", &[Any, Any], None, prepend),
    function("mustPrepend", &[Any, Any], None, prepend),
    function("first", &[Any], None, first),
    function("mustFirst", &[Any], None, first),
    function("last", &[Any], None, last),
    function("mustLast", &[Any], None, last),
    function("rest", &[Any], None, rest),
    function("mustRest", &[Any], None, rest),
    function("initial", &[Any], None, initial),
    function("mustInitial", &[Any], None, initial),
    function("reverse", &[Any], None, reverse),
    function("mustReverse", &[Any], None, reverse),
    function("uniq", &[Any], None, uniq),
    function("mustUniq", &[Any], None, uniq),
    function("without", &[Any], Some(Any), without),
    function("mustWithout", &[Any], Some(Any), without),
    function("has", &[Any, Any], None, has),
    function("mustHas", &[Any, Any], None, has),
    function("compact", &[Any], None, compact),
    function("mustCompact", &[Any], None, compact),
    function("slice", &[Any], Some(Any), slice),
    function("mustSlice", &[Any], Some(Any), slice),
    function("chunk", &[Int, Any], None, chunk),
    function("mustChunk", &[Int, Any], None, chunk),
    function("concat", &[], Some(Any), concat),
    function("sortAlpha", &[Any], None, |env, args| {
        let mut texts = match args.any(0) {
            list @ Value::List(_) => to_texts(env, list)?,
            value => vec![to_text(env, value)?],
        };
        texts.sort();
        env.list(ListKind::Text, texts.into_iter().map(Value::Text).collect())
    }),
];

/// Returns the value as a list.
fn list<'v>(env: &Env<'_>, value: &'v Value, what: &str) -> ExecResult<&'v List> {
    match value {
        Value::List(list) => {
            env.spend_items(list.items().len())?;
            Ok(list)
        }
        value => fail(format!("Cannot {what} on type {}", value.kind_name())),
    }
}

/// Returns a list of type `[]interface {}`.
fn of_any(env: &Env<'_>, items: Vec<Value>) -> ExecResult {
    env.list(ListKind::Any, items)
}

/// Runs `append`.
fn push(env: &Env<'_>, args: &Args) -> ExecResult {
    let mut items = list(env, args.any(0), "push")?.items().to_vec();
    items.push(args.any(1).clone());
    of_any(env, items)
}

/// Runs `prepend`.
fn prepend(env: &Env<'_>, args: &Args) -> ExecResult {
    let mut items = vec![args.any(1).clone()];
    items.extend_from_slice(list(env, args.any(0), "prepend")?.items());
    of_any(env, items)
}

/// Runs `first`.
fn first(env: &Env<'_>, args: &Args) -> ExecResult {
    Ok(list(env, args.any(0), "find first")?
        .items()
        .first()
        .cloned()
        .unwrap_or(Value::Nil))
}

/// Runs `last`.
fn last(env: &Env<'_>, args: &Args) -> ExecResult {
    Ok(list(env, args.any(0), "find last")?
        .items()
        .last()
        .cloned()
        .unwrap_or(Value::Nil))
}

/// Runs `rest`.
fn rest(env: &Env<'_>, args: &Args) -> ExecResult {
    let items = list(env, args.any(0), "find rest")?.items();
    of_any(env, items.get(1..).unwrap_or_default().to_vec())
}

/// Runs `initial`.
fn initial(env: &Env<'_>, args: &Args) -> ExecResult {
    let items = list(env, args.any(0), "find initial")?.items();
    of_any(
        env,
        items
            .split_last()
            .map(|(_, before)| before.to_vec())
            .unwrap_or_default(),
    )
}

/// Runs `reverse`.
fn reverse(env: &Env<'_>, args: &Args) -> ExecResult {
    let items = list(env, args.any(0), "find reverse")?.items();
    of_any(env, items.iter().rev().cloned().collect())
}

/// Returns whether the items contain a value that is deeply equal.
fn is_in(env: &Env<'_>, items: &[Value], wanted: &Value) -> ExecResult<bool> {
    for item in items {
        if deep_equal(env, wanted, item, 0)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Runs `uniq`.
fn uniq(env: &Env<'_>, args: &Args) -> ExecResult {
    let mut kept = Vec::new();
    for item in list(env, args.any(0), "find uniq")?.items() {
        if !is_in(env, &kept, item)? {
            kept.push(item.clone());
        }
    }
    of_any(env, kept)
}

/// Runs `without`.
fn without(env: &Env<'_>, args: &Args) -> ExecResult {
    let mut kept = Vec::new();
    for item in list(env, args.any(0), "find without")?.items() {
        if !is_in(env, args.from(1), item)? {
            kept.push(item.clone());
        }
    }
    of_any(env, kept)
}

/// Runs `has`.
fn has(env: &Env<'_>, args: &Args) -> ExecResult {
    if matches!(args.any(1), Value::Nil) {
        return Ok(Value::Bool(false));
    }
    let items = list(env, args.any(1), "find has")?.items();
    is_in(env, items, args.any(0)).map(Value::Bool)
}

/// Runs `compact`.
fn compact(env: &Env<'_>, args: &Args) -> ExecResult {
    let items = list(env, args.any(0), "compact")?.items();
    of_any(
        env,
        items.iter().filter(|item| !is_empty(item)).cloned().collect(),
    )
}

/// Runs sprig's `slice`.
fn slice(env: &Env<'_>, args: &Args) -> ExecResult {
    let Value::List(of) = args.any(0) else {
        let kind = args.any(0).kind_name();
        return fail(format!("list should be type of slice or array but {kind}"));
    };
    if of.items().is_empty() {
        return Ok(Value::Nil);
    }
    let bound = |index: usize| {
        args.from(index)
            .first()
            .map(|value| usize::try_from(to_int(value)))
    };
    let (Ok(start), Ok(end)) = (
        bound(1).unwrap_or(Ok(0)),
        bound(2).unwrap_or(Ok(of.items().len())),
    ) else {
        return fail("slice index out of bounds");
    };
    match of.items().get(start..end) {
        Some(items) => env.list(of.kind(), items.to_vec()),
        None => fail("slice index out of bounds"),
    }
}

/// Runs `chunk`.
fn chunk(env: &Env<'_>, args: &Args) -> ExecResult {
    let items = list(env, args.any(1), "chunk")?.items();
    let Some(size) = usize::try_from(args.int(0)).ok().filter(|&size| size > 0) else {
        return fail("chunk size out of range");
    };
    let mut chunks = Vec::new();
    for part in items.chunks(size) {
        chunks.push(of_any(env, part.to_vec())?);
    }
    env.list(ListKind::Lists, chunks)
}

/// Runs `concat`.
fn concat(env: &Env<'_>, args: &Args) -> ExecResult {
    let mut items = Vec::new();
    for value in args.from(0) {
        items.extend_from_slice(list(env, value, "concat")?.items());
    }
    of_any(env, items)
}
