//! Promtail's pipeline stages.
//!
//! # What parts are whose
//!
//! - **JMESPath**: the crate `jmespath` (0.5, by the specification's authors, tested against its compliance suite).
//!   Its `to_string` and `to_number` are replaced by Go's, and slices and nesting that would make it panic are
//!   refused. Rejected: `jmespath_extensions` (400 functions that go-jmespath does not have, on the same crate).
//! - **logfmt**: our own, by go-logfmt's rules. Rejected: `logfmt` 0.0.2 (2019), which knows one escape (`\"`), reads
//!   on where go-logfmt stops, and takes a line break for a part of the value.
//! - **MaxMind databases**: the crate `maxminddb`, by MaxMind's maintainer of their Go reader.
//! - **JSON lines**: serde_json, with lone surrogates made U+FFFD first. It ends at 128 levels, where Go ends at 10,000:
//!   deeper lines are malformed here.
//! - **Regular expressions, times, templates**: `go-regex`, `go-time`, `go-template` of this workspace.
//!
//! # What differs from promtail
//!
//! - Labels are each entry's own; the clock is read by `limit` and by `drop` with `older_than` alone. A layout
//!   without a year takes the entry's, and `pack` keeps the entry's time.
//! - A field that a stage does not have is an error of the configuration.
//! - `multiline` merges, with one newline between lines that end in one themselves. After `max_lines` a new block begins with its own labels and time. A block keeps its structured
//!   metadata.
//! - `multiline` and `cri` end what they hold back before it takes more memory than the caller allows.
//! - `cri` delivers partial lines that are still waiting at the end, or when too many wait.
//! - `limit` without `drop` drops nothing, and asks for a pause.
//! - `geoip` keeps its database open, and refuses another `db_type` than `city` and `asn`.

mod bounded_map;
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
mod regex;
mod render;
mod replace;
mod run;
mod sampling;
mod stage;
mod static_labels;
mod structured_metadata;
mod surrogates;
mod table;
mod tagged_entry;
mod template;
mod tenant;
mod time_format;
mod timestamp;
mod value;

use std::sync::Arc;

use crate::known_names::looks_like_yaml;

pub use clock::Clock;
use compile::{Compiler, Step};
use config::{Errors, Node, Place};
pub use config::{StageError, StageErrorKind, StageErrors};
pub use observer::{Effect, ExplainedStep};
pub(crate) use observer::{NoObserver, Observer};
pub(crate) use pipeline_entry::PipelineEntry;
pub(crate) use run::{Sink, StageRun};
pub(crate) use tagged_entry::TaggedEntry;
pub use value::ExtractedValue;

/// A pipeline's stages, ready to run.
#[derive(Clone, Debug, Default)]
pub struct Stages {
    steps: Arc<[Step]>,
}

impl Stages {
    /// Reads a JSON array of objects, each with a stage's name and its configuration; several in one object run
    /// in the order written. Empty text, `null` and `[]` are no stages.
    ///
    /// # Errors
    /// All that is wrong, each with its place.
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
        let mut compiler = Compiler {
            errors: &errors,
            clock,
            steps: Vec::new(),
        };
        compiler.list(&node, &place, 0);
        let steps = compiler.steps.into();
        errors.into_result()?;
        Ok(Self { steps })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}
