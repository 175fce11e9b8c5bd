//! The stage `multiline`, which joins lines that belong together.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use go_regex::Regex;
use loki_push::{ItemId, LabelSet};

use super::buffer_result::BufferResult;
use super::config::{Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::PipelineEntry;

/// The compiled stage. It joins consecutive lines of a stream, from a line that matches `firstline` to the one before
/// the next match. A block ends after `max_lines`, and the next line begins another block. A block has the labels,
/// time, extracted values and item of its first line.
///
/// `max_wait_time` is checked but has no effect: a block ends with its event or object at the latest.
#[derive(Debug)]
pub(crate) struct MultilineStage {
    first_line: Regex,
    /// The largest number of lines, or `None` for no limit.
    max_lines: Option<u64>,
}

/// The open blocks of one event or object.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    open: HashMap<(Arc<LabelSet>, ItemId), Block>,
    /// The number of blocks that were begun.
    begun: u64,
    /// The memory of the open blocks, in bytes (an estimate).
    held: usize,
}

/// A block.
#[derive(Debug, Default)]
struct Block {
    /// The lines so far. It is `None` after the block ended early, until the next line of the stream.
    whole: Option<PipelineEntry<'static>>,
    /// The number of lines.
    lines: u64,
    /// The number of the block. Blocks that end together leave in this order.
    number: u64,
    /// The memory of the block, in bytes.
    held: usize,
}

/// The memory that a line takes besides its text, in bytes: its labels, values and places in the maps.
const OVERHEAD: usize = 256;

impl MultilineStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["firstline", "max_lines", "max_wait_time"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.weak_fields(Self::FIELDS)?;
        let first_line = match fields.pattern("firstline") {
            Ok(None) => {
                let needed = "expected the regular expression of a block's first line";
                Err(fields.report("firstline", StageErrorKind::Missing(needed)))
            }
            Ok(Some(pattern)) => Ok(pattern),
            Err(reported) => Err(reported),
        };
        let max_lines = fields.integer("max_lines");
        fields.duration("max_wait_time")?;
        Ok(Self {
            first_line: first_line?,
            max_lines: u64::try_from(max_lines?.unwrap_or(128))
                .ok()
                .filter(|lines| *lines > 0),
        })
    }

    /// Adds a line to its block, or passes it on if its stream has none.
    pub(crate) fn apply<'a>(
        &self,
        entry: PipelineEntry<'a>,
        blocks: &mut Blocks,
        max_held: usize,
    ) -> BufferResult<'a> {
        let first = self.first_line.is_match(&entry.line);
        let len = entry.line.len() + OVERHEAD;
        let mut ended = match blocks.held + len > max_held {
            true => blocks.end_all(),
            false => Vec::new(),
        };
        let block = match blocks.open.entry((Arc::clone(&entry.labels), entry.item)) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(none) if first => none.insert(Block::default()),
            Entry::Vacant(_) if ended.is_empty() => return BufferResult::Pass(entry),
            Entry::Vacant(_) => {
                ended.push(entry.into_owned());
                return BufferResult::Hold(ended);
            }
        };
        if first {
            blocks.held -= block.end(&mut ended);
        }
        blocks.held += len;
        block.held += len;
        match &mut block.whole {
            Some(whole) => {
                append_line(whole, entry);
                block.lines += 1;
            }
            None => {
                blocks.begun += 1;
                (block.lines, block.number) = (1, blocks.begun);
                let mut first = entry.into_owned();
                let line = first.line.to_mut();
                line.truncate(without_newline(line).len());
                block.whole = Some(first);
            }
        }
        if self.max_lines.is_some_and(|max| block.lines >= max) {
            blocks.held -= block.end(&mut ended);
        }
        BufferResult::Hold(ended)
    }
}

impl Block {
    /// Ends the block, and returns the memory that it held.
    fn end(&mut self, ended: &mut Vec<PipelineEntry<'static>>) -> usize {
        ended.extend(self.whole.take());
        std::mem::take(&mut self.held)
    }
}

impl Blocks {
    /// Ends all blocks. As after `max_lines`, the next line of a stream begins another block.
    fn end_all(&mut self) -> Vec<PipelineEntry<'static>> {
        let mut blocks: Vec<_> = self
            .open
            .values_mut()
            .filter(|block| block.whole.is_some())
            .collect();
        blocks.sort_by_key(|block| block.number);
        let mut ended = Vec::with_capacity(blocks.len());
        for block in blocks {
            self.held -= block.end(&mut ended);
        }
        ended
    }

    /// Ends all blocks, and returns them in their order.
    pub(crate) fn finish(&mut self) -> Vec<PipelineEntry<'static>> {
        let mut blocks: Vec<_> = self.open.drain().map(|(_, block)| block).collect();
        blocks.sort_by_key(|block| block.number);
        blocks.into_iter().filter_map(|block| block.whole).collect()
    }
}

/// Appends a line to a block.
fn append_line(whole: &mut PipelineEntry<'_>, entry: PipelineEntry<'_>) {
    let line = whole.line.to_mut();
    if !line.is_empty() {
        line.push('\n');
    }
    line.push_str(without_newline(&entry.line));
    // The structured metadata of later lines is kept, but a name has only one value.
    for (name, value) in entry.metadata {
        if whole.metadata.iter().all(|(known, _)| *known != name) {
            whole.metadata.push((name, value));
        }
    }
}

/// Returns the line without the line break at its end. Many messages of CloudWatch end in one, and a block has one
/// line break between its lines and none at its end.
fn without_newline(line: &str) -> &str {
    match line.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line),
        None => line,
    }
}
