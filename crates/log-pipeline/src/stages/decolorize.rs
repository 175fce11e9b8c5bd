//! The stage `decolorize`, which removes terminal control sequences from the line.

use std::fmt::Write;

use go_regex::Regex;

use super::config::{Reported, StageConfig};
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct DecolorizeStage {
    sequence: Regex,
}

impl DecolorizeStage {
    /// Builds the stage. Its configuration must be empty.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        config.no_fields()?;
        let mut pattern = String::from(r"[\x{1b}\x{9b}][\[\]()#;?]*");
        // A sequence is either text up to a bell, which sets a terminal's title, or parameters and one final
        // character.
        let title = r"(?:[a-zA-Z\d]*(?:;[a-zA-Z\d]*)*)?\x{07}";
        let command = r"(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PRZcf-ntqry=><~]";
        // Writing to a `String` cannot fail.
        let _ = write!(pattern, "(?:{title}|{command})");
        match Regex::new(&pattern) {
            Ok(sequence) => Ok(Self { sequence }),
            Err(error) => Err(config.errors.report(&config.place, error.into())),
        }
    }
}

impl StatelessStage for DecolorizeStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let mut plain = String::new();
        let mut copied = 0;
        for found in self.sequence.find_iter(&entry.line) {
            plain.push_str(&entry.line[copied..found.start]);
            copied = found.end;
        }
        if copied > 0 {
            plain.push_str(&entry.line[copied..]);
            entry.set_line(plain);
        }
        Decision::Keep
    }
}
