#![doc = include_str!("../README.md")]

mod ast;
mod compare;
mod env;
mod eval;
mod exec;
mod fmt;
mod funcs;
mod lex;
mod number;
mod parse;
mod pipeline;
mod template;
mod value;

pub use env::{ExecError, Limits};
pub use parse::{TemplateError, TemplateErrorKind};
pub use template::{Context, Data, Template};
