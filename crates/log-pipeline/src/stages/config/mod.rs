//! Reading a configuration of stages: JSON whose objects keep their order, keys in any case, and all errors reported
//! at once.

mod error;
mod fields;
mod numbers;
mod size;
mod stage_config;

pub(crate) use error::Errors;
pub use error::{StageError, StageErrorKind, StageErrors};
pub(crate) use fields::{Fields, Names};
pub(crate) use json_config::{Node, Place, Reported};
pub(crate) use size::parse_size;
pub(crate) use stage_config::StageConfig;
