//! JMESPath expressions, with the behaviour of go-jmespath 0.4.

use std::fmt;

use jmespath::ast::Ast;
use jmespath::functions::{ArgumentType, CustomFunction, Signature};
use jmespath::{Context, Rcvar, Runtime, Variable, interpret};
use serde_json::Number;

use crate::stages::go_json::write_value;
use crate::stages::value::ExtractedValue;

/// The number of operators, brackets and the like that an expression may have. They nest, and the crate recurses.
const MAX_OPERATORS: usize = 200;
/// The largest step of a slice. The crate adds steps to 32-bit numbers without a check.
const MAX_STEP: u32 = 1 << 24;

/// A compiled expression.
#[derive(Debug)]
pub(super) struct Expression {
    text: String,
    ast: Ast,
}

/// The functions that expressions can call.
pub(super) struct Library(Runtime);

impl Expression {
    /// Compiles an expression.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let operators = text.bytes().filter(u8::is_ascii_punctuation);
        let operators = operators.filter(|byte| !matches!(byte, b'_' | b'"' | b'\''));
        if operators.count() > MAX_OPERATORS {
            return Err(format!("more than {MAX_OPERATORS} operators"));
        }
        let ast = jmespath::parse(text).map_err(|error| {
            // The crate's message ends with a drawing of the expression over several lines.
            error.reason.to_string() + &format!(", at column {}", error.column + 1)
        })?;
        check(&ast)?;
        Ok(Self {
            text: text.to_owned(),
            ast,
        })
    }

    /// Returns the name of a member if the expression consists of it alone.
    pub(super) fn member(&self) -> Option<&str> {
        match &self.ast {
            Ast::Field { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Evaluates the expression, and returns nil if it finds nothing. It returns `None` if it fails because a
    /// function does not exist or an argument has the wrong type.
    pub(super) fn search(&self, document: &Rcvar, library: &Library) -> Option<ExtractedValue> {
        let mut context = Context::new(&self.text, &library.0);
        let found = interpret(document, &self.ast, &mut context).ok()?;
        Some(value_of(&found))
    }
}

/// Converts a value to an extracted value; objects and arrays become JSON text.
pub(super) fn value_of(found: &Variable) -> ExtractedValue {
    match found {
        Variable::Null | Variable::Expref(_) => ExtractedValue::Nil,
        Variable::Bool(bool) => ExtractedValue::Bool(*bool),
        Variable::Number(number) => ExtractedValue::Number(number.as_f64().unwrap_or_default()),
        Variable::String(text) => ExtractedValue::Text(text.clone()),
        Variable::Array(_) | Variable::Object(_) => {
            let mut text = String::new();
            write_value(found, &mut text);
            ExtractedValue::Text(text)
        }
    }
}

impl Library {
    /// Returns the functions of go-jmespath.
    pub(super) fn new() -> Self {
        let mut runtime = Runtime::new();
        runtime.register_builtin_functions();
        let any = || Signature::new(vec![ArgumentType::Any], None);
        // The crate's function reads any JSON, Go's only numbers.
        runtime.register_function(
            "to_number",
            Box::new(CustomFunction::new(
                any(),
                Box::new(|arguments: &[Rcvar], _: &mut Context<'_>| Ok(to_number(arguments))),
            )),
        );
        // The crate's function writes whole floats with a fraction.
        runtime.register_function(
            "to_string",
            Box::new(CustomFunction::new(
                any(),
                Box::new(|arguments: &[Rcvar], _: &mut Context<'_>| Ok(to_string(arguments))),
            )),
        );
        Self(runtime)
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Library")
    }
}

/// Converts a number or a string to a number; any other value becomes null.
fn to_number(arguments: &[Rcvar]) -> Rcvar {
    match arguments.first().map(|argument| &**argument) {
        Some(Variable::Number(number)) => Rcvar::new(Variable::Number(number.clone())),
        Some(Variable::String(text)) => {
            let number = text.parse().ok().and_then(Number::from_f64);
            Rcvar::new(number.map_or(Variable::Null, Variable::Number))
        }
        _ => Rcvar::new(Variable::Null),
    }
}

/// Converts a value to its JSON text; a string is kept.
fn to_string(arguments: &[Rcvar]) -> Rcvar {
    match arguments.first() {
        Some(argument) if argument.is_string() => Rcvar::clone(argument),
        Some(argument) => {
            let mut text = String::new();
            write_value(argument, &mut text);
            Rcvar::new(Variable::String(text))
        }
        None => Rcvar::new(Variable::Null),
    }
}

/// Returns an error for slices with steps that would overflow in the crate.
fn check(ast: &Ast) -> Result<(), String> {
    match ast {
        Ast::Slice { step, .. } if step.unsigned_abs() > MAX_STEP => {
            Err(format!("the slice's step {step} is larger than {MAX_STEP}"))
        }
        Ast::Slice { .. }
        | Ast::Field { .. }
        | Ast::Identity { .. }
        | Ast::Index { .. }
        | Ast::Literal { .. } => Ok(()),
        Ast::Comparison { lhs, rhs, .. }
        | Ast::Or { lhs, rhs, .. }
        | Ast::And { lhs, rhs, .. }
        | Ast::Projection { lhs, rhs, .. }
        | Ast::Subexpr { lhs, rhs, .. } => check(lhs).and_then(|()| check(rhs)),
        Ast::Condition { predicate, then, .. } => check(predicate).and_then(|()| check(then)),
        Ast::Expref { ast, .. } => check(ast),
        Ast::Flatten { node, .. } | Ast::Not { node, .. } | Ast::ObjectValues { node, .. } => check(node),
        Ast::Function { args, .. } => args.iter().try_for_each(check),
        Ast::MultiList { elements, .. } => elements.iter().try_for_each(check),
        Ast::MultiHash { elements, .. } => elements.iter().try_for_each(|pair| check(&pair.value)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::document::document;
    use super::*;

    fn search(expression: &str, json: &str) -> Option<ExtractedValue> {
        let document = document(json).unwrap();
        Expression::new(expression)
            .unwrap()
            .search(&document, &Library::new())
    }

    #[test]
    fn functions_behave_as_in_go() {
        let text = |text: &str| Some(ExtractedValue::Text(text.to_owned()));
        assert_eq!(search("to_string(a)", r#"{"a":1.0}"#), text("1"));
        assert_eq!(
            search("to_string(@)", r#"{"b":"<","a":2}"#),
            text(r#"{"a":2,"b":"\u003c"}"#)
        );
        assert_eq!(search("to_number('[1]')", "{}"), Some(ExtractedValue::Nil));
        assert_eq!(
            search("to_number('1e3')", "{}"),
            Some(ExtractedValue::Number(1000.0))
        );
        assert_eq!(search("to_number(a)", r#"{"a":[1]}"#), Some(ExtractedValue::Nil));
        assert_eq!(search("length(a)", r#"{"a":1}"#), None);
        assert_eq!(search("nope(a)", r#"{"a":1}"#), None);
        assert_eq!(search("a[::0]", r#"{"a":[1]}"#), None);
    }

    #[test]
    fn expressions_that_would_make_the_crate_panic_are_refused() {
        assert!(Expression::new("a[1::2147483647]").is_err());
        assert!(Expression::new(&"(".repeat(100_000)).is_err());
        assert!(Expression::new(&"a.".repeat(100_000)).is_err());
        assert_eq!(
            search("a[1::16777216]", r#"{"a":[1,2]}"#),
            Some(ExtractedValue::Text("[2]".to_owned()))
        );
    }

    proptest! {
        /// Checks that each expression returns a value or an error.
        #[test]
        fn no_expression_panics(expression in r#"[a-c0-9\[\]().*|&!?:,`'"{}@<>= -]{0,40}"#) {
            if let Ok(expression) = Expression::new(&expression) {
                let document = document(r#"{"a":[{"b":1,"c":[1,2,3]},null,"x"],"b":{"a":true},"c":-1.5}"#).unwrap();
                let _ = expression.search(&document, &Library::new());
            }
        }
    }
}
