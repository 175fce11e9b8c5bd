//! Sprig's functions for dicts. The results of `keys` and `values` have no defined order in Go; here they are sorted
//! by key.

use std::sync::Arc;

use crate::env::{Env, ExecResult, check_depth, fail};
use crate::funcs::logic::is_empty;
use crate::funcs::strings::to_text;
use crate::funcs::{Args, Function, Param, function};
use crate::value::{Dict as DictValue, Entries, ListKind, Value};

use Param::{Any, Dict, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("dict", &[], Some(Any), |env, args| {
        let mut entries = Entries::new();
        for pair in args.from(0).chunks(2) {
            let value = pair.get(1).cloned().unwrap_or_else(|| Value::text(""));
            entries.insert(to_text(env, &pair[0])?, value);
        }
        env.dict(entries)
    }),
    function("get", &[Dict, Text], None, |_, args| {
        let found = args.dict(0).and_then(|dict| dict.get(args.text(1)));
        Ok(found.unwrap_or_else(|| Value::text("")))
    }),
    function("set", &[Dict, Text, Any], None, |_, args| match args.dict(0) {
        Some(dict) => {
            dict.insert(args.shared_text(1), args.any(2).clone());
            Ok(args.any(0).clone())
        }
        None => fail("assignment to entry in nil map"),
    }),
    function("unset", &[Dict, Text], None, |_, args| {
        if let Some(dict) = args.dict(0) {
            dict.remove(args.text(1));
        }
        Ok(args.any(0).clone())
    }),
    function("hasKey", &[Dict, Text], None, |_, args| {
        let has = args
            .dict(0)
            .is_some_and(|dict| dict.entries().contains_key(args.text(1)));
        Ok(Value::Bool(has))
    }),
    function("pluck", &[Text], Some(Dict), |env, args| {
        let dicts = (1..args.0.len()).filter_map(|index| args.dict(index));
        env.list(
            ListKind::Any,
            dicts.filter_map(|dict| dict.get(args.text(0))).collect(),
        )
    }),
    function("keys", &[], Some(Dict), |env, args| {
        let mut keys = Vec::new();
        for dict in (0..args.0.len()).filter_map(|index| args.dict(index)) {
            keys.extend(dict.entries().keys().cloned().map(Value::Text));
        }
        env.list(ListKind::Text, keys)
    }),
    function("values", &[Dict], None, |env, args| {
        let values = args
            .dict(0)
            .map(|dict| dict.entries().values().cloned().collect());
        env.list(ListKind::Any, values.unwrap_or_default())
    }),
    function("pick", &[Dict], Some(Text), |env, args| chosen(env, args, true)),
    function("omit", &[Dict], Some(Text), |env, args| chosen(env, args, false)),
    function("merge", &[Dict], Some(Dict), |env, args| merge(env, args, false)),
    function("mustMerge", &[Dict], Some(Dict), |env, args| {
        merge(env, args, false)
    }),
    function("mergeOverwrite", &[Dict], Some(Dict), |env, args| {
        merge(env, args, true)
    }),
    function("mustMergeOverwrite", &[Dict], Some(Dict), |env, args| {
        merge(env, args, true)
    }),
    function("deepCopy", &[Any], None, |env, args| {
        deep_copy(env, args.any(0), 0)
    }),
    function("mustDeepCopy", &[Any], None, |env, args| {
        deep_copy(env, args.any(0), 0)
    }),
    function("dig", &[], Some(Any), dig),
];

/// Returns the dict's entries whose keys are listed, or those that are not.
fn chosen(env: &Env<'_>, args: &Args, listed: bool) -> ExecResult {
    let Some(dict) = args.dict(0) else {
        return env.dict(Entries::new());
    };
    env.spend_items(dict.entries().len().saturating_mul(args.0.len()))?;
    let is_listed = |key: &str| (1..args.0.len()).any(|index| args.text(index) == key);
    let kept: Entries = dict
        .entries()
        .iter()
        .filter(|(key, _)| is_listed(key) == listed)
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    env.dict(kept)
}

/// Merges the dicts into the first one.
fn merge(env: &Env<'_>, args: &Args, overwrite: bool) -> ExecResult {
    for index in 1..args.0.len() {
        match (args.dict(0), args.dict(index)) {
            (_, None) => {}
            (None, Some(_)) => return fail("dst and src differ"),
            (Some(into), Some(from)) => merge_into(env, into, from, overwrite, 0)?,
        }
    }
    Ok(args.any(0).clone())
}

/// Copies entries that are missing or empty in the target, or all of them with `overwrite`. Dicts in both are merged
/// recursively.
fn merge_into(
    env: &Env<'_>,
    into: &DictValue,
    from: &DictValue,
    overwrite: bool,
    depth: usize,
) -> ExecResult<()> {
    check_depth(depth)?;
    if into.is_same(from) {
        return Ok(());
    }
    // The entries are copied first, because each dict may contain the other.
    env.spend_items(from.entries().len())?;
    let entries: Vec<(Arc<str>, Value)> = from
        .entries()
        .iter()
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    for (key, value) in entries {
        match (into.get(&key), &value) {
            (_, Value::Nil) if !overwrite => {}
            (Some(Value::Dict(existing)), Value::Dict(new)) if !existing.text_only() && !new.text_only() => {
                merge_into(env, &existing, new, overwrite, depth + 1)?;
            }
            (Some(existing), _) if !overwrite && !is_empty(&existing) => {}
            _ => into.insert(key, value),
        }
    }
    Ok(())
}

/// Copies a value with all lists and dicts in it.
fn deep_copy(env: &Env<'_>, value: &Value, depth: usize) -> ExecResult {
    check_depth(depth)?;
    env.spend(1)?;
    match value {
        Value::List(list) => {
            let items = list.items().iter().map(|item| deep_copy(env, item, depth + 1));
            env.list(list.kind(), items.collect::<ExecResult<_>>()?)
        }
        Value::Dict(dict) => {
            let entries = dict.entries();
            let copied = entries
                .iter()
                .map(|(key, value)| Ok((key.clone(), deep_copy(env, value, depth + 1)?)));
            let copied = copied.collect::<ExecResult<Entries>>()?;
            env.dict_of(dict.text_only(), copied)
        }
        value => Ok(value.clone()),
    }
}

/// Returns the value at a path of keys, as `dig "a" "b" default dict` does.
fn dig(_: &Env<'_>, args: &Args) -> ExecResult {
    let [path @ .., default, dict] = args.from(0) else {
        return fail("dig needs at least three arguments");
    };
    if path.is_empty() {
        return fail("dig needs at least three arguments");
    }
    if !path.iter().all(|key| matches!(key, Value::Text(_))) {
        return fail("dig goes through dicts by strings");
    }
    let mut value = dict.clone();
    for key in path {
        let (Value::Dict(dict), Value::Text(key)) = (&value, key) else {
            return fail("dig goes through dicts by strings");
        };
        if dict.text_only() {
            return fail("dig goes through dicts by strings");
        }
        let Some(found) = dict.get(key) else {
            return Ok(default.clone());
        };
        value = found;
    }
    Ok(value)
}
