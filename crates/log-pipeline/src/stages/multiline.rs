//! `multiline`: lines that belong together become one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::Arc;

use go_regex::Regex;
use loki_push::LabelSet;

use super::config::{Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::PipelineEntry;
use super::tagged_entry::{BufferResult, TaggedEntry};

/// Consecutive lines of one stream, from one that matches `firstline` to the one before the next. After `max_lines`
/// a block ends, and the next line begins another. A block has the labels, time, values and caller's tag of the line
/// it begins with.
///
/// `max_wait_time` has no meaning here: lines do not arrive one by one, and a block ends with its event or object.
#[derive(Debug)]
pub(crate) struct MultilineStage {
    first_line: Regex,
    /// None is no limit.
    max_lines: Option<u64>,
}

/// Blocks that may still grow, within one event or object.
#[derive(Debug)]
pub(crate) struct Blocks<T> {
    open: HashMap<(Arc<LabelSet>, T), Block<T>>,
    begun: u64,
    /// Bytes of memory that the open blocks take, about.
    held: usize,
}

#[derive(Debug)]
struct Block<T> {
    /// None after the block ended at its longest, until its stream's next line.
    tagged: Option<TaggedEntry<'static, T>>,
    lines: u64,
    /// Blocks that end together go out in the order they began.
    number: u64,
    /// Its share of what all blocks hold.
    held: usize,
}

/// Bytes that a line of a block may take besides its text: its labels, values and place in the maps.
const OVERHEAD: usize = 256;

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self {
            open: HashMap::new(),
            begun: 0,
            held: 0,
        }
    }
}

impl MultilineStage {
    /// The fields of its configuration.
    pub(crate) const FIELDS: &[&str] = &["firstline", "max_lines", "max_wait_time"];

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

    pub(crate) fn apply<'a, T: Copy + Eq + Hash>(
        &self,
        tagged: TaggedEntry<'a, T>,
        blocks: &mut Blocks<T>,
        max_held: usize,
    ) -> BufferResult<'a, T> {
        let first = self.first_line.is_match(&tagged.entry.line);
        let len = tagged.entry.line.len() + OVERHEAD;
        let mut ended = match blocks.held + len > max_held {
            true => blocks.end_all(),
            false => Vec::new(),
        };
        let block = match blocks.open.entry((Arc::clone(&tagged.entry.labels), tagged.tag)) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(none) if first => none.insert(Block::default()),
            Entry::Vacant(_) if ended.is_empty() => return BufferResult::Pass(tagged),
            Entry::Vacant(_) => {
                ended.push(tagged.into_owned());
                return BufferResult::Hold(ended);
            }
        };
        if first {
            blocks.held -= block.end(&mut ended);
        }
        blocks.held += len;
        block.held += len;
        match &mut block.tagged {
            Some(whole) => {
                add(&mut whole.entry, tagged.entry);
                block.lines += 1;
            }
            None => {
                blocks.begun += 1;
                (block.lines, block.number) = (1, blocks.begun);
                let mut tagged = tagged.into_owned();
                let line = tagged.entry.line.to_mut();
                line.truncate(without_newline(line).len());
                block.tagged = Some(tagged);
            }
        }
        if self.max_lines.is_some_and(|max| block.lines >= max) {
            blocks.held -= block.end(&mut ended);
        }
        BufferResult::Hold(ended)
    }
}

impl<T> Default for Block<T> {
    fn default() -> Self {
        Self {
            tagged: None,
            lines: 0,
            number: 0,
            held: 0,
        }
    }
}

impl<T> Block<T> {
    /// Ends the block, and returns what it held.
    fn end(&mut self, ended: &mut Vec<TaggedEntry<'static, T>>) -> usize {
        ended.extend(self.tagged.take());
        std::mem::take(&mut self.held)
    }
}

impl<T> Blocks<T> {
    /// Ends all blocks at their lines so far. The next line of a stream begins another block, as after `max_lines`.
    fn end_all(&mut self) -> Vec<TaggedEntry<'static, T>> {
        let mut blocks: Vec<_> = self
            .open
            .values_mut()
            .filter(|block| block.tagged.is_some())
            .collect();
        blocks.sort_by_key(|block| block.number);
        let mut ended = Vec::with_capacity(blocks.len());
        for block in blocks {
            self.held -= block.end(&mut ended);
        }
        ended
    }

    /// Ends all blocks.
    pub(crate) fn finish(&mut self) -> Vec<TaggedEntry<'static, T>> {
        let mut blocks: Vec<_> = self.open.drain().map(|(_, block)| block).collect();
        blocks.sort_by_key(|block| block.number);
        blocks.into_iter().filter_map(|block| block.tagged).collect()
    }
}

/// Adds a line to a block.
fn add(whole: &mut PipelineEntry<'_>, entry: PipelineEntry<'_>) {
    let line = whole.line.to_mut();
    if !line.is_empty() {
        line.push('\n');
    }
    line.push_str(without_newline(&entry.line));
    // What the lines after the first know besides is kept; a name has one value.
    for (name, value) in entry.metadata {
        if whole.metadata.iter().all(|(known, _)| *known != name) {
            whole.metadata.push((name, value));
        }
    }
}

/// Returns the line without the line break that ends it: many messages of CloudWatch have one, and a block has one between
/// its lines and none at its end.
fn without_newline(line: &str) -> &str {
    match line.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line),
        None => line,
    }
}
