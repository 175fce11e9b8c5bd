//! Reading of configurations that are JSON: relabelling rules, stages, types of logs. All errors of a configuration are
//! reported at once, each with its place and the known name that an unknown one was probably meant to be.

mod collector;
mod diagnostic;
mod node;
mod place;
mod unknown_field;
mod yaml;

pub use collector::{Collector, Reported};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use node::Node;
pub use place::Place;
pub use unknown_field::UnknownField;
pub use yaml::looks_like_yaml;
