#![doc = include_str!("../README.md")]

mod captures;
mod error;
mod expand;
mod regex;
mod replace;
mod translate;

pub use crate::regex::Regex;
pub use captures::Captures;
pub use error::{SyntaxError, SyntaxErrorKind};
pub use expand::references;
pub use replace::quote_meta;
