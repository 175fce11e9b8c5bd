//! `cri`: the lines of container runtimes, `<time> <stream> <flags> <content>`.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use go_regex::Regex;
use loki_push::LabelSet;

use super::config::{Fields, Reported};
use super::draft::{Draft, Edit};
use super::extracted::Lookup;
use super::labels::LabelsStage;
use super::output::OutputStage;
use super::record::{Passage, Record};
use super::regex::RegexStage;
use super::timestamp::{LastTimes, TimestampStage};

const LINE: &str = r"^(?s)(?P<time>\S+?) (?P<stream>stdout|stderr) (?P<flags>\S+?) (?P<content>.*)$";

/// Takes the line apart, and puts partial lines (flag `P`) before the next full one of the same labels.
#[derive(Debug)]
pub(crate) struct CriStage {
    parts: RegexStage,
    labels: LabelsStage,
    timestamp: TimestampStage,
    output: OutputStage,
    max_partial_lines: usize,
    /// Bytes that a joined line may have.
    max_partial_line_size: Option<usize>,
}

/// Partial lines that wait, and what the time of bad ones is taken from, within one event or object.
#[derive(Debug)]
pub(crate) struct Partials<T> {
    waiting: HashMap<(Arc<LabelSet>, T), (u64, Record<'static, T>)>,
    seen: u64,
    /// Bytes of the lines that wait.
    held: usize,
    times: LastTimes,
}

impl<T> Default for Partials<T> {
    fn default() -> Self {
        Self {
            waiting: HashMap::new(),
            seen: 0,
            held: 0,
            times: LastTimes::default(),
        }
    }
}

impl CriStage {
    /// The fields of its configuration.
    pub(crate) const FIELDS: &[&str] = &[
        "max_partial_lines",
        "max_partial_line_size",
        "max_partial_line_size_truncate",
    ];

    pub(crate) fn new(fields: &Fields<'_>) -> Result<Self, Reported> {
        let max_partial_lines = fields.integer("max_partial_lines");
        let size = fields.integer("max_partial_line_size");
        let truncate = fields.flag("max_partial_line_size_truncate");
        let pattern = Regex::new(LINE).map_err(|error| fields.bad_stage(error.into()));
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

    pub(crate) fn take_apart<T>(&self, draft: &mut Draft<'_>, partials: &mut Partials<T>) {
        let labels = Arc::clone(&draft.labels);
        draft.extracted.copy_labels(&labels);
        self.parts.edit(draft);
        self.labels.edit(draft);
        self.timestamp.apply(draft, &mut partials.times);
        self.output.edit(draft);
    }

    pub(crate) fn join<'a, T: Copy + Eq + Hash>(
        &self,
        mut record: Record<'a, T>,
        partials: &mut Partials<T>,
        most_held: usize,
    ) -> Passage<'a, T> {
        let key = (Arc::clone(&record.draft.labels), record.tag);
        let partial = matches!(record.draft.extracted.get("flags"), Lookup::Text(flags) if flags == "P");
        let is_full = partials.waiting.len() >= self.max_partial_lines
            || partials.held + record.draft.line.len() > most_held;
        let overflow = match partial && is_full {
            true => partials.finish(),
            false => Vec::new(),
        };
        let earlier = partials.waiting.remove(&key);
        if let Some((_, earlier)) = &earlier {
            partials.held -= earlier.draft.line.len();
        }
        if let Some((_, earlier)) = &earlier {
            record.draft.line.to_mut().insert_str(0, &earlier.draft.line);
        }
        if (partial || earlier.is_some())
            && let Some(size) = self.max_partial_line_size
            && record.draft.line.len() > size
        {
            let end = record.draft.line.floor_char_boundary(size);
            record.draft.line.to_mut().truncate(end);
        }
        if partial {
            partials.seen += 1;
            partials.held += record.draft.line.len();
            partials.waiting.insert(key, (partials.seen, record.into_owned()));
            Passage::Held(overflow)
        } else {
            Passage::Through(record)
        }
    }
}

impl<T> Partials<T> {
    /// Ends all lines as they are.
    pub(crate) fn finish(&mut self) -> Vec<Record<'static, T>> {
        self.held = 0;
        let mut waiting: Vec<_> = self.waiting.drain().map(|(_, partial)| partial).collect();
        waiting.sort_by_key(|(seen, _)| *seen);
        waiting.into_iter().map(|(_, record)| record).collect()
    }
}
