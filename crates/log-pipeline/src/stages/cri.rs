//! The stage `cri`, which reads lines of container runtimes: `<time> <stream> <flags> <content>`.

use std::collections::HashMap;
use std::sync::Arc;

use go_regex::Regex;
use loki_push::{ItemId, LabelSet};

use super::buffer_result::BufferResult;
use super::config::{Reported, StageConfig};
use super::extracted::Lookup;
use super::labels::LabelsStage;
use super::output::OutputStage;
use super::pipeline_entry::PipelineEntry;
use super::regex::RegexStage;
use super::stage::StatelessStage;
use super::timestamp::{LastTimes, TimestampStage};

const LINE: &str = r"^(?s)(?P<time>\S+?) (?P<stream>stdout|stderr) (?P<flags>\S+?) (?P<content>.*)$";

/// The compiled stage. It splits the line into its parts, and joins partial lines (flag `P`) with the next full line
/// of the same labels.
#[derive(Debug)]
pub(crate) struct CriStage {
    parts: RegexStage,
    labels: LabelsStage,
    timestamp: TimestampStage,
    output: OutputStage,
    max_partial_lines: usize,
    /// The largest size of a joined line, in bytes.
    max_partial_line_size: Option<usize>,
}

/// The partial lines of one event or object that are held back, and the last times of its streams.
#[derive(Debug, Default)]
pub(crate) struct Partials {
    /// The partial lines by labels and item, each with its number.
    waiting: HashMap<(Arc<LabelSet>, ItemId), (u64, PipelineEntry<'static>)>,
    /// The number of the last partial line, which tells the order in which they came.
    last_number: u64,
    /// The bytes of the lines that are held back.
    held: usize,
    /// The last times, from which an invalid time is replaced.
    times: LastTimes,
}

impl CriStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &[
        "max_partial_lines",
        "max_partial_line_size",
        "max_partial_line_size_truncate",
    ];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.weak_fields(Self::FIELDS)?;
        let max_partial_lines = fields.integer("max_partial_lines");
        let size = fields.integer("max_partial_line_size");
        let truncate = fields.flag("max_partial_line_size_truncate");
        let pattern = Regex::new(LINE).map_err(|error| fields.report_stage(error.into()));
        let (size, truncate) = (size?, truncate?);
        Ok(Self {
            parts: RegexStage::of(pattern?, None),
            labels: LabelsStage::of("stream"),
            timestamp: TimestampStage::rfc3339_nano("time"),
            output: OutputStage::of("content"),
            max_partial_lines: match max_partial_lines? {
                None | Some(0) => 100,
                Some(lines) => usize::try_from(lines).unwrap_or(usize::MAX),
            },
            max_partial_line_size: size
                .filter(|_| truncate)
                .and_then(|size| usize::try_from(size).ok()),
        })
    }

    /// Splits the line, and sets its labels and time.
    pub(crate) fn parse_line(&self, entry: &mut PipelineEntry<'_>, partials: &mut Partials) {
        let labels = Arc::clone(&entry.labels);
        entry.extracted.copy_labels(&labels);
        self.parts.apply(entry);
        self.labels.apply(entry);
        self.timestamp.apply(entry, &mut partials.times);
        self.output.apply(entry);
    }

    /// Holds a partial line back, or joins a full line with the partial lines before it.
    pub(crate) fn join<'a>(
        &self,
        mut entry: PipelineEntry<'a>,
        partials: &mut Partials,
        max_held: usize,
    ) -> BufferResult<'a> {
        let key = (Arc::clone(&entry.labels), entry.item);
        let partial = matches!(entry.extracted.get("flags"), Lookup::Text(flags) if flags == "P");
        let is_full =
            partials.waiting.len() >= self.max_partial_lines || partials.held + entry.line.len() > max_held;
        let overflow = match partial && is_full {
            true => partials.finish(),
            false => Vec::new(),
        };
        let earlier = partials.waiting.remove(&key);
        if let Some((_, earlier)) = &earlier {
            partials.held -= earlier.line.len();
        }
        if let Some((_, earlier)) = &earlier {
            entry.line.to_mut().insert_str(0, &earlier.line);
        }
        if (partial || earlier.is_some())
            && let Some(size) = self.max_partial_line_size
            && entry.line.len() > size
        {
            let end = entry.line.floor_char_boundary(size);
            entry.line.to_mut().truncate(end);
        }
        if partial {
            partials.last_number += 1;
            partials.held += entry.line.len();
            partials
                .waiting
                .insert(key, (partials.last_number, entry.into_owned()));
            BufferResult::Hold(overflow)
        } else {
            BufferResult::Pass(entry)
        }
    }
}

impl Partials {
    /// Ends all partial lines, and returns them in their order.
    pub(crate) fn finish(&mut self) -> Vec<PipelineEntry<'static>> {
        self.held = 0;
        let mut waiting: Vec<_> = self.waiting.drain().map(|(_, partial)| partial).collect();
        waiting.sort_by_key(|(number, _)| *number);
        waiting.into_iter().map(|(_, entry)| entry).collect()
    }
}
