//! The errors of rules and stages: all errors of a configuration at once, each with its place, and the known name that
//! an unknown one was probably meant to be.

mod collector;
mod diagnostic;
mod place;
mod unknown_field;
mod yaml;

pub(crate) use collector::{Collector, Reported};
pub use diagnostic::{Diagnostic, Diagnostics};
pub(crate) use place::Place;
pub use unknown_field::UnknownField;
pub(crate) use yaml::looks_like_yaml;
