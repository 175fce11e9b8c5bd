//! A template, its data, and what it may use.

use std::collections::BTreeMap;
use std::sync::Arc;

use go_time::Time;

use crate::ast::{Block, Name};
use crate::env::{Env, ExecError, Limits, RegexCache};
use crate::exec::Exec;
use crate::parse::{MAIN, TemplateError, parse};
use crate::value::{Entries, Value};

/// A template that was parsed. It can be executed any number of times, from any thread.
#[derive(Debug)]
pub struct Template {
    templates: BTreeMap<Name, Block>,
    regexes: RegexCache,
}

/// What an execution is given besides its data.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The time that `now`, `ago` and the date functions take for the present.
    pub now: &'a Time,
    /// How much it may do.
    pub limits: Limits,
}

impl<'a> Context<'a> {
    /// With the usual limits.
    pub fn new(now: &'a Time) -> Self {
        Self {
            now,
            limits: Limits::default(),
        }
    }
}

/// What the dot is: texts by name. A name that is missing prints `<no value>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data(BTreeMap<Arc<str>, Arc<str>>);

impl Data {
    /// With no names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a name's text; an earlier one is replaced.
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
    /// When it is none of Go's, or calls a function that there is not.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        Ok(Self {
            templates: parse(text)?,
            regexes: RegexCache::default(),
        })
    }

    /// What the template makes of the data.
    ///
    /// # Errors
    /// When something cannot be done with the values there are, or goes beyond the limits.
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
