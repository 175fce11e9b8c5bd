//! Promtail's pipeline stages.
//!
//! A stage is one file here and one row in [`table`]. Its constructor reads a [`config::StageConfig`] and reports all
//! errors in it; a stage that keeps no state implements [`stage::StatelessStage`].
//!
//! # Where the behaviour comes from
//!
//! - **JMESPath**: the crate `jmespath` 0.5, which is by the authors of the specification and tested against its
//!   compliance suite. Its `to_string` and `to_number` are replaced by go-jmespath's, and slices and nesting that would
//!   make it panic are refused. Rejected: `jmespath_extensions`, which adds 400 functions that go-jmespath lacks.
//! - **logfmt**: an implementation of go-logfmt's rules in [`logfmt`]. Rejected: `logfmt` 0.0.2 (2019), which knows only
//!   the escape `\"`, continues where go-logfmt stops, and treats a line break as part of a value.
//! - **MaxMind databases**: the crate `maxminddb`, by the maintainer of MaxMind's own reader for Go.
//! - **JSON lines**: serde_json, after lone surrogates were replaced by U+FFFD. It accepts 128 levels of nesting, and Go
//!   10,000: a deeper line is malformed here.
//! - **Regular expressions, times and templates**: the crates `go-regex`, `go-time` and `go-template` of this workspace.
//!
//! # Differences from promtail
//!
//! - Each entry has its own labels. Only `limit` and `drop` with `older_than` read the clock. A layout without a year
//!   uses the entry's year, and `pack` keeps the entry's time.
//! - An unknown field of a stage is a configuration error.
//! - `multiline` joins lines with one newline, also if they end in a newline themselves. After `max_lines` a new block
//!   begins with its own labels and time. A block keeps its structured metadata.
//! - `multiline` and `cri` end their blocks before they hold more memory than the caller allows.
//! - `cri` delivers partial lines that are still held back at the end, or when there are too many.
//! - `limit` without `drop` does not drop entries, and asks the caller to pause.
//! - `redact` is not a stage of promtail.
//! - `geoip` keeps its database open, and accepts only `city` and `asn` as `db_type`.

mod bounded_map;
mod buffer_result;
mod clock;
mod compile;
mod config;
mod cri;
mod decolorize;
mod docker;
mod drop;
mod eventlogmessage;
mod extracted;
mod geoip;
mod go_json;
mod json;
mod label_names;
mod labels;
mod limit;
mod logfmt;
mod matching;
mod metrics;
mod multiline;
mod observer;
mod output;
mod pack;
mod pipeline_entry;
mod redact;
mod regex;
mod render;
mod replace;
mod run;
mod sampling;
mod stage;
mod static_labels;
mod structured_metadata;
mod table;
mod template;
mod tenant;
mod time_format;
mod timestamp;
mod value;

use std::sync::Arc;

use json_config::looks_like_yaml;

pub use clock::Clock;
use compile::{Compiler, Step};
use config::{Errors, Node, Place};
pub use config::{StageError, StageErrorKind, StageErrors};
pub use observer::{Effect, ExplainedStep};
pub(crate) use observer::{NoObserver, Observer};
pub(crate) use pipeline_entry::PipelineEntry;
pub use redact::{RedactKey, ShortRedactKey};
pub(crate) use run::{Sink, StageRun};
pub use value::ExtractedValue;

/// The compiled stages of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Stages {
    steps: Arc<[Step]>,
    redact_key: RedactKey,
}

impl Stages {
    /// Compiles a JSON array of objects, each with the name of a stage and its configuration. Several stages in one
    /// object run in the order written. An empty text, `null` and `[]` stand for an empty list.
    ///
    /// # Errors
    /// Returns all errors, each with its place.
    pub fn parse(text: &str, clock: &Clock) -> Result<Self, StageErrors> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let errors = Errors::default();
        let place = Place::default();
        let node = Node::parse(text).unwrap_or_else(|error| {
            let problem = match looks_like_yaml(text) {
                true => StageErrorKind::Yaml,
                false => StageErrorKind::Json(error.to_string()),
            };
            errors.report(&place, problem);
            Node::Null
        });
        let redact_key = RedactKey::default();
        let mut compiler = Compiler {
            errors: &errors,
            clock,
            redact_key: &redact_key,
            steps: Vec::new(),
        };
        compiler.list(&node, &place, 0);
        let steps = compiler.steps.into();
        errors.into_result()?;
        Ok(Self { steps, redact_key })
    }

    /// Returns the place for the key with which `redact` stages hash. Its owner sets it before the first entry.
    pub fn redact_key(&self) -> &RedactKey {
        &self.redact_key
    }

    /// Returns whether the clock decides if an entry is kept, so that a second run can have another result.
    pub(crate) fn depend_on_clock(&self) -> bool {
        self.steps.iter().any(|step| step.stage.depends_on_clock())
    }

    /// Returns whether the list of stages is empty.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}
