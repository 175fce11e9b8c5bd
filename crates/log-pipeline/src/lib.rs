#![doc = include_str!("../README.md")]

mod drop_labels;
mod drop_reason;
mod entries;
mod explain;
mod extra_labels;
mod line_limit;
mod pipeline;
mod relabel;
mod run;
mod stages;

pub use drop_labels::{LabelNameError, LabelNames};
pub use drop_reason::DropReason;
pub use entries::{Entries, EntriesIter};
pub use explain::Explanation;
pub use extra_labels::{ExtraLabels, ExtraLabelsError};
pub use json_config::{Diagnostic, Diagnostics, UnknownField};
pub use line_limit::LineLimit;
pub use pipeline::Pipeline;
pub use relabel::{Relabel, RelabelCounts, RelabelError, RelabelErrorKind, RelabelErrors, Rule};
pub use run::{FastPath, Run, RunCounts};
pub use stages::{
    Clock, Effect, ExplainedStep, ExtractedValue, RedactKey, ShortRedactKey, StageError, StageErrorKind,
    StageErrors, Stages,
};
