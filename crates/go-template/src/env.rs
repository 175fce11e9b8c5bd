//! The environment of an execution: its limits, its present time and its caches.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use go_regex::Regex;
use go_time::Time;

use crate::value::{Dict, Entries, List, ListKind, Value};

/// The limits of an execution, which end a template that would take too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest size of the output and of each intermediate text, in bytes.
    pub bytes: usize,
    /// The number of steps. Each executed node, each term, and each 16 bytes or each element that a function reads or
    /// creates is one step.
    pub steps: usize,
}

impl Default for Limits {
    /// Returns limits of 4 MiB and two million steps, which bound an execution to less than a second and 32 MiB of
    /// text (measured).
    fn default() -> Self {
        Self {
            bytes: 4 << 20,
            steps: 2_000_000,
        }
    }
}

/// The reason why an execution ended early.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecError {
    /// The template exceeds its [`Limits`].
    #[error("template exceeds its limit of {limit} {what}")]
    Limit {
        /// The unit of the limit: bytes, steps or levels.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// An operation is not possible with these values.
    #[error("template: {}{message}", line_prefix(*.line))]
    Failed {
        /// The line of the template, counted from 1, once it is known.
        line: Option<usize>,
        /// The operation and the reason.
        message: String,
    },
}

/// The result of a step of an execution.
pub(crate) type ExecResult<T = Value> = Result<T, ExecError>;

/// Returns an error with that message.
pub(crate) fn fail<T>(message: impl Into<String>) -> ExecResult<T> {
    Err(ExecError::Failed {
        line: None,
        message: message.into(),
    })
}

/// Returns the start of a message with the line.
fn line_prefix(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!("line {line}: "))
}

/// The number of levels that templates and values may nest.
pub(crate) const MAX_DEPTH: usize = 100;

/// Returns an error if the depth is above [`MAX_DEPTH`].
pub(crate) fn check_depth(depth: usize) -> ExecResult<()> {
    if depth > MAX_DEPTH {
        return Err(ExecError::Limit {
            what: "levels",
            limit: MAX_DEPTH,
        });
    }
    Ok(())
}

/// A cache of the regular expressions that a template compiled, because most lines use the same ones.
#[derive(Debug, Default)]
pub(crate) struct RegexCache(Mutex<HashMap<String, Arc<Regex>>>);

/// The number of expressions that are cached. Those of the template itself come first; an expression made from the
/// text of a line is not worth keeping.
const MAX_REGEXES: usize = 64;

/// The environment of one execution.
pub(crate) struct Env<'a> {
    now: &'a Time,
    limits: Limits,
    steps_left: Cell<usize>,
    regexes: &'a RegexCache,
    /// All dicts of the execution. They can contain each other in a cycle, which is broken at the end so that it is
    /// freed.
    dicts: RefCell<Vec<Dict>>,
}

impl<'a> Env<'a> {
    /// Returns the environment of a new execution.
    pub(crate) fn new(now: &'a Time, limits: Limits, regexes: &'a RegexCache) -> Self {
        Self {
            now,
            limits,
            steps_left: Cell::new(limits.steps),
            regexes,
            dicts: RefCell::new(Vec::new()),
        }
    }

    /// Returns the time that the template sees as the present.
    pub(crate) fn now(&self) -> &Time {
        self.now
    }

    /// Subtracts steps from those that are left, and fails if there are too few.
    pub(crate) fn spend(&self, steps: usize) -> ExecResult<()> {
        match self.steps_left.get().checked_sub(steps) {
            Some(left) => {
                self.steps_left.set(left);
                Ok(())
            }
            None => Err(ExecError::Limit {
                what: "steps",
                limit: self.limits.steps,
            }),
        }
    }

    /// Accounts for text of that length before it is created or read.
    pub(crate) fn spend_bytes(&self, bytes: usize) -> ExecResult<()> {
        self.check_bytes(bytes)?;
        self.spend(bytes / 16)
    }

    /// Returns an error if a text of that length is too long.
    pub(crate) fn check_bytes(&self, bytes: usize) -> ExecResult<()> {
        if bytes > self.limits.bytes {
            return Err(ExecError::Limit {
                what: "bytes",
                limit: self.limits.bytes,
            });
        }
        Ok(())
    }

    /// Accounts for that many elements before they are created or read.
    pub(crate) fn spend_items(&self, items: usize) -> ExecResult<()> {
        self.spend(items)
    }

    /// Returns a text value, and accounts for it.
    pub(crate) fn text(&self, text: impl Into<Arc<str>>) -> ExecResult {
        let text = text.into();
        self.spend_bytes(text.len())?;
        Ok(Value::Text(text))
    }

    /// Returns a list value, and accounts for it.
    pub(crate) fn list(&self, kind: ListKind, items: Vec<Value>) -> ExecResult {
        self.spend_items(items.len())?;
        let list = List::new(kind, items);
        check_depth(list.depth())?;
        Ok(Value::List(list))
    }

    /// Returns a dict value (`map[string]interface {}`), and accounts for it.
    pub(crate) fn dict(&self, entries: Entries) -> ExecResult {
        self.dict_of(false, entries)
    }

    /// Returns a dict value of either type, and accounts for it.
    pub(crate) fn dict_of(&self, text_only: bool, entries: Entries) -> ExecResult {
        self.spend_items(entries.len())?;
        let dict = Dict::new(text_only, entries);
        self.dicts.borrow_mut().push(dict.clone());
        Ok(Value::Dict(dict))
    }

    /// Returns the compiled regular expression, from the cache if it is there.
    pub(crate) fn regex(&self, pattern: &str) -> ExecResult<Arc<Regex>> {
        // A poisoned lock means only that an insertion was interrupted.
        let mut cache = self.regexes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(regex) = cache.get(pattern) {
            return Ok(Arc::clone(regex));
        }
        // A short pattern can compile to a large program: `a{1000}` takes a millisecond.
        self.spend(2_000 + 50 * pattern.len())?;
        let regex =
            Regex::new(pattern).or_else(|error| fail(format!("regular expression {pattern:?}: {error}")))?;
        let regex = Arc::new(regex);
        if cache.len() < MAX_REGEXES {
            cache.insert(pattern.to_owned(), Arc::clone(&regex));
        }
        Ok(regex)
    }
}

impl Drop for Env<'_> {
    fn drop(&mut self) {
        // All dicts are emptied first, so that dropping a long chain of dicts does not recurse deeply.
        let dicts = self.dicts.take();
        let contents: Vec<Entries> = dicts.iter().map(Dict::take).collect();
        drop(contents);
    }
}
