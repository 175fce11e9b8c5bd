//! What an execution may use, and how much of it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use go_regex::Regex;
use go_time::Time;

use crate::value::{Dict, Entries, List, ListKind, Value};

/// How much an execution may do, so that no template holds the function up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the output, and of any text that is computed on the way.
    pub bytes: usize,
    /// Steps: a node that is executed, a term, 16 bytes or an element that a function reads or makes.
    pub steps: usize,
}

impl Default for Limits {
    /// 4 MiB, two million steps: less than a second, as measured, and 32 MiB of text at most.
    fn default() -> Self {
        Self {
            bytes: 4 << 20,
            steps: 2_000_000,
        }
    }
}

/// Why a template did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecError {
    /// It does more than [`Limits`] allow.
    #[error("template goes beyond its limit of {limit} {what}")]
    Limit {
        /// Bytes, steps or levels.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// What it does cannot be done with these values.
    #[error("template: {message}")]
    Failed {
        /// What, and why.
        message: String,
    },
}

pub(crate) type ExecResult<T = Value> = Result<T, ExecError>;

pub(crate) fn fail<T>(message: impl Into<String>) -> ExecResult<T> {
    Err(ExecError::Failed {
        message: message.into(),
    })
}

/// How deeply templates and values may nest.
pub(crate) const MAX_DEPTH: usize = 100;

/// Fails beyond [`MAX_DEPTH`].
pub(crate) fn check_depth(depth: usize) -> ExecResult<()> {
    if depth > MAX_DEPTH {
        return Err(ExecError::Limit {
            what: "levels",
            limit: MAX_DEPTH,
        });
    }
    Ok(())
}

/// The expressions a template has compiled, as its lines use the same ones over and over.
#[derive(Debug, Default)]
pub(crate) struct RegexCache(Mutex<HashMap<String, Arc<Regex>>>);

/// An expression made of a line's text is not worth keeping: the first ones are the template's own.
const MAX_REGEXES: usize = 64;

/// One execution's means.
pub(crate) struct Env<'a> {
    now: &'a Time,
    limits: Limits,
    steps_left: Cell<usize>,
    regexes: &'a RegexCache,
    /// All dicts there are: they can hold each other in a circle, which has to be cut in the end.
    dicts: RefCell<Vec<Dict>>,
}

impl<'a> Env<'a> {
    pub(crate) fn new(now: &'a Time, limits: Limits, regexes: &'a RegexCache) -> Self {
        Self {
            now,
            limits,
            steps_left: Cell::new(limits.steps),
            regexes,
            dicts: RefCell::new(Vec::new()),
        }
    }

    pub(crate) fn now(&self) -> &Time {
        self.now
    }

    /// Takes steps off what is left.
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

    /// Before so many bytes of text are made or read.
    pub(crate) fn spend_bytes(&self, bytes: usize) -> ExecResult<()> {
        self.check_bytes(bytes)?;
        self.spend(bytes / 16)
    }

    /// Whether a text may be so long.
    pub(crate) fn check_bytes(&self, bytes: usize) -> ExecResult<()> {
        if bytes > self.limits.bytes {
            return Err(ExecError::Limit {
                what: "bytes",
                limit: self.limits.bytes,
            });
        }
        Ok(())
    }

    /// Before so many elements are made or looked at.
    pub(crate) fn spend_items(&self, items: usize) -> ExecResult<()> {
        self.spend(items)
    }

    pub(crate) fn text(&self, text: impl Into<Arc<str>>) -> ExecResult {
        let text = text.into();
        self.spend_bytes(text.len())?;
        Ok(Value::Text(text))
    }

    pub(crate) fn list(&self, kind: ListKind, items: Vec<Value>) -> ExecResult {
        self.spend_items(items.len())?;
        let list = List::new(kind, items);
        check_depth(list.depth())?;
        Ok(Value::List(list))
    }

    pub(crate) fn dict(&self, entries: Entries) -> ExecResult {
        self.dict_of(false, entries)
    }

    pub(crate) fn dict_of(&self, text_only: bool, entries: Entries) -> ExecResult {
        self.spend_items(entries.len())?;
        let dict = Dict::new(text_only, entries);
        self.dicts.borrow_mut().push(dict.clone());
        Ok(Value::Dict(dict))
    }

    pub(crate) fn regex(&self, pattern: &str) -> ExecResult<Arc<Regex>> {
        // A poisoned lock would only mean that an insertion was cut short.
        let mut cache = self.regexes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(regex) = cache.get(pattern) {
            return Ok(Arc::clone(regex));
        }
        // A few bytes can make a large program: `a{1000}` takes a millisecond.
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
        // One after the other, so that a long chain of dicts does not end in as deep a recursion.
        let dicts = self.dicts.take();
        let contents: Vec<Entries> = dicts.iter().map(Dict::take).collect();
        drop(contents);
    }
}
