//! The functions that a template may call: Go's, promtail's and sprig's.

mod builtin;
mod cases;
mod cast;
mod dates;
mod decimal;
mod dicts;
mod digests;
mod json;
mod lists;
mod logic;
mod numbers;
mod paths;
mod promtail;
mod regexes;
mod strings;
mod urls;
mod versions;
mod wrap;

pub(crate) use dates::time_method;
pub(crate) use versions::Version;

use std::sync::Arc;

use go_time::Time;

use crate::env::{Env, ExecResult};
use crate::value::{Dict, Value};

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Param {
    /// `interface {}`
    Any,
    Text,
    /// `int`
    Int,
    Float,
    Bool,
    /// `map[string]interface {}`
    Dict,
    Time,
}

impl Param {
    /// Returns the Go type.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Text => "string",
            Self::Int => "int",
            Self::Float => "float64",
            Self::Bool => "bool",
            Self::Dict => "map[string]interface {}",
            Self::Time => "time.Time",
        }
    }

    /// Returns whether nil is a valid argument. A nil map is an empty map that cannot be changed.
    pub(crate) fn takes_nil(self) -> bool {
        matches!(self, Self::Any | Self::Dict)
    }
}

/// A function that does not evaluate all its arguments, so that the executor has to run it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShortCircuit {
    And,
    Or,
}

/// A function, whose arguments are checked before it runs.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) params: &'static [Param],
    /// The type of all further arguments, if the function accepts any.
    pub(crate) rest: Option<Param>,
    pub(crate) short_circuit: Option<ShortCircuit>,
    pub(crate) run: fn(&Env<'_>, &Args) -> ExecResult,
}

/// Returns a function that is not a short circuit.
const fn function(
    name: &'static str,
    params: &'static [Param],
    rest: Option<Param>,
    run: fn(&Env<'_>, &Args) -> ExecResult,
) -> Function {
    Function {
        name,
        params,
        rest,
        short_circuit: None,
        run,
    }
}

/// The arguments of a call, which were checked against the parameters. An accessor for another type than the argument's
/// returns the zero value.
#[derive(Debug)]
pub(crate) struct Args(pub(crate) Vec<Value>);

impl Args {
    /// Returns an argument of any type; a missing one is nil.
    pub(crate) fn any(&self, index: usize) -> &Value {
        self.0.get(index).unwrap_or(&Value::Nil)
    }

    /// Returns a text argument.
    pub(crate) fn text(&self, index: usize) -> &str {
        match self.any(index) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// Returns a text argument without copying it.
    pub(crate) fn shared_text(&self, index: usize) -> Arc<str> {
        match self.any(index) {
            Value::Text(text) => Arc::clone(text),
            _ => Arc::from(""),
        }
    }

    /// Returns an `int` argument.
    pub(crate) fn int(&self, index: usize) -> i64 {
        match self.any(index) {
            Value::Int(int) => *int,
            _ => 0,
        }
    }

    /// Returns a `float64` argument.
    pub(crate) fn float(&self, index: usize) -> f64 {
        match self.any(index) {
            Value::Float(float) => *float,
            _ => 0.0,
        }
    }

    /// Returns a boolean argument.
    pub(crate) fn bool(&self, index: usize) -> bool {
        matches!(self.any(index), Value::Bool(true))
    }

    /// Returns a dict argument, or `None` for a nil map.
    pub(crate) fn dict(&self, index: usize) -> Option<&Dict> {
        match self.any(index) {
            Value::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// Returns a time argument.
    pub(crate) fn time(&self, index: usize) -> Option<&Time> {
        match self.any(index) {
            Value::Time(time) => Some(time),
            _ => None,
        }
    }

    /// Returns all arguments from that index on.
    pub(crate) fn from(&self, index: usize) -> &[Value] {
        self.0.get(index..).unwrap_or_default()
    }
}

/// The result of looking up a function.
pub(crate) enum Lookup {
    Found(&'static Function),
    /// A function of sprig that is not supported, with the reason.
    Unsupported(&'static str),
    Unknown,
}

/// The tables of functions, of which the first that contains a name wins: promtail's, then sprig's, then Go's.
const TABLES: &[&[Function]] = &[
    promtail::FUNCTIONS,
    strings::FUNCTIONS,
    cases::FUNCTIONS,
    wrap::FUNCTIONS,
    numbers::FUNCTIONS,
    lists::FUNCTIONS,
    dicts::FUNCTIONS,
    logic::FUNCTIONS,
    json::FUNCTIONS,
    digests::FUNCTIONS,
    dates::FUNCTIONS,
    regexes::FUNCTIONS,
    paths::FUNCTIONS,
    urls::FUNCTIONS,
    versions::FUNCTIONS,
    builtin::FUNCTIONS,
];

/// The functions that read more than the event.
const OUTSIDE: &[&str] = &["env", "expandenv", "getHostByName"];

/// The functions whose result is random.
const RANDOM: &[&str] = &[
    "randAlpha",
    "randAlphaNum",
    "randAscii",
    "randBytes",
    "randInt",
    "randNumeric",
    "shuffle",
    "uuidv4",
    "bcrypt",
    "htpasswd",
    "encryptAES",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
];

/// The functions that handle keys, which do not belong in a log pipeline.
const SECRETS: &[&str] = &["buildCustomCert", "decryptAES", "derivePassword"];

/// Returns the function with that name.
pub(crate) fn lookup(name: &str) -> Lookup {
    let found = TABLES
        .iter()
        .flat_map(|table| table.iter())
        .find(|function| function.name == name);
    if let Some(function) = found {
        return Lookup::Found(function);
    }
    if OUTSIDE.contains(&name) {
        return Lookup::Unsupported("it reads data outside the event");
    }
    if RANDOM.contains(&name) {
        return Lookup::Unsupported("its result is random, and a retried event must give the same entry");
    }
    if SECRETS.contains(&name) {
        return Lookup::Unsupported("it handles keys");
    }
    Lookup::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_in_one_table_only() {
        let mut names: Vec<_> = TABLES
            .iter()
            .flat_map(|table| table.iter())
            .map(|function| function.name)
            .collect();
        names.extend(OUTSIDE.iter().chain(RANDOM).chain(SECRETS));
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
