//! Sprig's functions for empty values, conditions and types.

use crate::compare::deep_equal;
use crate::env::fail;
use crate::funcs::{Function, Param, function};
use crate::value::Value;

use Param::{Any, Bool, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("default", &[Any], Some(Any), |_, args| {
        let given = args.from(1).first().filter(|given| !is_empty(given));
        Ok(given.unwrap_or(args.any(0)).clone())
    }),
    function("empty", &[Any], None, |_, args| {
        Ok(Value::Bool(is_empty(args.any(0))))
    }),
    function("coalesce", &[], Some(Any), |_, args| {
        let found = args.from(0).iter().find(|value| !is_empty(value));
        Ok(found.cloned().unwrap_or(Value::Nil))
    }),
    function("all", &[], Some(Any), |_, args| {
        Ok(Value::Bool(!args.from(0).iter().any(is_empty)))
    }),
    function("any", &[], Some(Any), |_, args| {
        Ok(Value::Bool(!args.from(0).iter().all(is_empty)))
    }),
    function("ternary", &[Any, Any, Bool], None, |_, args| {
        Ok(args.any(usize::from(!args.bool(2))).clone())
    }),
    function("fail", &[Text], None, |_, args| fail(args.text(0))),
    function("typeOf", &[Any], None, |_, args| {
        Ok(Value::text(args.any(0).type_name()))
    }),
    function("typeIs", &[Text, Any], None, |_, args| {
        Ok(Value::Bool(args.text(0) == args.any(1).type_name()))
    }),
    function("typeIsLike", &[Text, Any], None, |_, args| {
        let name = args.any(1).type_name();
        Ok(Value::Bool(
            args.text(0) == name || Some(args.text(0)) == name.strip_prefix('*'),
        ))
    }),
    function("kindOf", &[Any], None, |_, args| {
        Ok(Value::text(args.any(0).kind_name()))
    }),
    function("kindIs", &[Text, Any], None, |_, args| {
        Ok(Value::Bool(args.text(0) == args.any(1).kind_name()))
    }),
    function("deepEqual", &[Any, Any], None, |env, args| {
        deep_equal(env, args.any(0), args.any(1), 0).map(Value::Bool)
    }),
];

/// Returns whether the value is the zero value of its type, as sprig's `empty` does.
pub(crate) fn is_empty(value: &Value) -> bool {
    !value.truth()
}
