//! The public types: a template, its data and its context.

use std::collections::BTreeMap;
use std::sync::Arc;

use go_time::Time;

use crate::ast::{Block, Name};
use crate::env::{Env, ExecError, Limits, RegexCache};
use crate::exec::Exec;
use crate::parse::{MAIN, TemplateError, parse};
use crate::value::{Entries, Value};

/// A parsed template. It can be executed any number of times and by several threads.
#[derive(Debug)]
pub struct Template {
    templates: BTreeMap<Name, Block>,
    regexes: RegexCache,
}

/// The context of an execution besides its data.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The time that `now`, `ago` and the date functions use as the present.
    pub now: &'a Time,
    /// The limits of the execution.
    pub limits: Limits,
}

impl<'a> Context<'a> {
    /// Returns a context with the default limits.
    pub fn new(now: &'a Time) -> Self {
        Self {
            now,
            limits: Limits::default(),
        }
    }
}

/// The data of a template: texts by name. A missing name prints `<no value>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data(BTreeMap<Arc<str>, Arc<str>>);

impl Data {
    /// Returns data without any names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the text of a name, and replaces an earlier one.
    pub fn insert(&mut self, name: &str, text: &str) {
        self.0.insert(name.into(), text.into());
    }
}

impl<N: AsRef<str>, T: AsRef<str>> FromIterator<(N, T)> for Data {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(pairs: I) -> Self {
        let pair = |(name, text): (N, T)| (name.as_ref().into(), text.as_ref().into());
        Self(pairs.into_iter().map(pair).collect())
    }
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// Returns an error if the syntax is not Go's or a function does not exist or is not supported.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        Ok(Self {
            templates: parse(text)?,
            regexes: RegexCache::default(),
        })
    }

    /// Executes the template and returns its output.
    ///
    /// # Errors
    /// Returns an error if an operation is not possible with the values, or if a limit is exceeded.
    pub fn execute(&self, data: Data, context: &Context<'_>) -> Result<String, ExecError> {
        let env = Env::new(context.now, context.limits, &self.regexes);
        let entries: Entries = data
            .0
            .into_iter()
            .map(|(name, text)| (name, Value::Text(text)))
            .collect();
        let dot = env.dict(entries)?;
        let mut exec = Exec {
            env: &env,
            templates: &self.templates,
            out: String::new(),
            variables: Vec::new(),
            frame: 0,
            depth: 0,
        };
        exec.template(MAIN, &dot)?;
        Ok(exec.out)
    }
}
