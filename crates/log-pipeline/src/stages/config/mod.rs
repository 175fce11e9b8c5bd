//! Reading a configuration of stages: JSON whose objects keep their order, keys in any case, and all errors reported
//! at once.

mod error;
mod fields;
mod node;
mod numbers;
mod size;
mod stage_config;

pub(crate) use crate::diagnostics::{Place, Reported};
pub(crate) use error::Errors;
pub use error::{StageError, StageErrorKind, StageErrors};
pub(crate) use fields::{Fields, Names};
pub(crate) use node::Node;
pub(crate) use size::parse_size;
pub(crate) use stage_config::StageConfig;
