//! Entry in, entry out, or dropped and counted. No I/O but the files that the configuration names.
//!
//! What happens to the labels of a source happens once for each of its label sets
//! ([`Pipeline::stream_labels`]), what happens to an entry once for each ([`Run::process`]).
//!
//! ```
//! use log_pipeline::{ExtraLabels, LabelNames, Pipeline, Relabel, RelabelCounts};
//! use loki_push::LabelSet;
//!
//! let pipeline = Pipeline::new(
//!     ExtraLabels::parse("team,shop", true)?,
//!     LabelNames::parse("__aws_cloudwatch_owner").unwrap(),
//! );
//! let source = LabelSet::from_iter([("__aws_log_type", "cloudwatch"), ("__aws_cloudwatch_owner", "1")]);
//! let labels = pipeline.stream_labels(source, &mut RelabelCounts::default());
//! assert_eq!(labels.unwrap().to_string(), r#"{__aws_log_type="cloudwatch", __extra_team="shop"}"#);
//! # Ok::<(), log_pipeline::ExtraLabelsError>(())
//! ```
//!
//! Stages may make one entry of several, so they run on the entries of one event or object together:
//!
//! ```
//! use std::sync::Arc;
//!
//! use log_pipeline::{Clock, Pipeline, Stages};
//! use loki_push::{Entry, LabelSet, Timestamp};
//!
//! let clock = Clock::new(|| Timestamp::EPOCH);
//! let stages = Stages::parse(r#"[{"multiline": {"firstline": "^\\S"}}]"#, &clock)?;
//! let pipeline = Pipeline::default().with_stages(stages);
//! let labels = Arc::new(LabelSet::from_iter([("app", "web")]));
//! let (mut run, mut out) = (pipeline.run(), Vec::new());
//! for line in ["Exception", "  at main", "done"] {
//!     let (labels, timestamp, metadata) = (Arc::clone(&labels), Timestamp::EPOCH, Vec::new());
//!     out.extend(run.process(Entry { labels, timestamp, line: line.into(), metadata }, "item 1"));
//! }
//! out.extend(run.finish());
//! let lines: Vec<&str> = out.iter().map(|(entry, _tag)| &*entry.line).collect();
//! assert_eq!(lines, ["Exception\n  at main", "done"]);
//! # Ok::<(), log_pipeline::StageErrors>(())
//! ```

mod drop_labels;
mod drop_reason;
mod entries;
mod explain;
mod extra_labels;
mod known_names;
mod pipeline;
mod relabel;
mod run;
mod stages;

pub use drop_labels::{LabelNameError, LabelNames};
pub use drop_reason::DropReason;
pub use entries::{Entries, EntriesIter};
pub use explain::Explanation;
pub use extra_labels::{ExtraLabels, ExtraLabelsError};
pub use known_names::UnknownField;
pub use pipeline::Pipeline;
pub use relabel::{Relabel, RelabelCounts, RelabelError, RelabelErrorKind, RelabelErrors, Rule};
pub use run::{Run, RunCounts};
pub use stages::{
    Clock, Effect, ExplainedStep, ExtractedValue, StageError, StageErrorKind, StageErrors, Stages,
};
