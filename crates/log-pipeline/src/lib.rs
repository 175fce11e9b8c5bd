//! Entry in, entry out, or dropped and counted. No I/O.
//!
//! What happens to the labels of a source happens once for each of its label sets
//! ([`Pipeline::stream_labels`]), what happens to an entry once for each ([`Pipeline::process`]).
//!
//! ```
//! use log_pipeline::{ExtraLabels, LabelNames, Pipeline};
//! use loki_push::LabelSet;
//!
//! let pipeline = Pipeline::new(
//!     ExtraLabels::parse("team,shop", true)?,
//!     LabelNames::parse("__aws_cloudwatch_owner").unwrap(),
//! );
//! let source = LabelSet::from_iter([("__aws_log_type", "cloudwatch"), ("__aws_cloudwatch_owner", "1")]);
//! let labels = pipeline.stream_labels(source);
//! assert_eq!(labels.to_string(), r#"{__aws_log_type="cloudwatch", __extra_team="shop"}"#);
//! # Ok::<(), log_pipeline::ExtraLabelsError>(())
//! ```

mod drop_labels;
mod extra_labels;
mod pipeline;
mod relabel;

pub use drop_labels::{LabelNameError, LabelNames};
pub use extra_labels::{ExtraLabels, ExtraLabelsError};
pub use pipeline::{DropReason, Pipeline};
pub use relabel::{Relabel, RelabelCounts, RelabelError, RelabelErrors, RelabelProblem, Rule};
