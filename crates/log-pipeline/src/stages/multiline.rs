//! `multiline`: lines that belong together become one.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use go_regex::Regex;
use loki_push::LabelSet;

use super::config::{Fields, Reported, StageProblem};
use super::draft::Draft;
use super::record::{Passage, Record};

/// Consecutive lines of one stream, from one that matches `firstline` to the one before the next, or to
/// `max_lines`. A block has the labels, time, values and caller's tag of its first line.
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
    opened: u64,
}

#[derive(Debug)]
struct Block<T> {
    record: Record<'static, T>,
    lines: u64,
    /// Blocks that end together go out in the order they began.
    number: u64,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self {
            open: HashMap::new(),
            opened: 0,
        }
    }
}

impl MultilineStage {
    pub(crate) fn new(fields: &Fields<'_>) -> Result<Self, Reported> {
        let first_line = match fields.pattern("firstline") {
            Ok(None) => {
                let needed = "expected the regular expression of a block's first line";
                Err(fields.bad("firstline", StageProblem::Missing(needed)))
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
        record: Record<'a, T>,
        blocks: &mut Blocks<T>,
    ) -> Passage<'a, T> {
        let key = (Arc::clone(&record.draft.labels), record.tag);
        if self.first_line.is_match(&record.draft.line) {
            let ended = blocks.open.remove(&key);
            blocks.begin(key, record);
            return Passage::Held(ended.into_iter().map(|block| block.record).collect());
        }
        let Some(block) = blocks.open.get_mut(&key) else {
            return Passage::Through(record);
        };
        block.add(record.draft);
        let full = self.max_lines.is_some_and(|max| block.lines >= max);
        let ended = if full { blocks.open.remove(&key) } else { None };
        Passage::Held(ended.into_iter().map(|block| block.record).collect())
    }
}

impl<T: Copy + Eq + Hash> Blocks<T> {
    fn begin(&mut self, key: (Arc<LabelSet>, T), record: Record<'_, T>) {
        self.opened += 1;
        let block = Block {
            record: record.into_owned(),
            lines: 1,
            number: self.opened,
        };
        self.open.insert(key, block);
    }

    /// Ends all blocks.
    pub(crate) fn finish(&mut self) -> Vec<Record<'static, T>> {
        let mut blocks: Vec<_> = self.open.drain().map(|(_, block)| block).collect();
        blocks.sort_by_key(|block| block.number);
        blocks.into_iter().map(|block| block.record).collect()
    }
}

impl<T> Block<T> {
    fn add(&mut self, draft: Draft<'_>) {
        let whole = &mut self.record.draft;
        let line = whole.line.to_mut();
        if !line.is_empty() {
            line.push('\n');
        }
        line.push_str(&draft.line);
        self.lines += 1;
        // What the lines after the first know besides is kept; a name has one value.
        for (name, value) in draft.metadata {
            if whole.metadata.iter().all(|(known, _)| *known != name) {
                whole.metadata.push((name, value));
            }
        }
    }
}
