//! The reading of the environment, variable by variable, according to the settings table.

use std::ffi::OsString;

use super::fault::Fault;
use super::pem;
use super::problems::Problem;
use super::raw::Raw;
use super::setting::{DefaultValue, Given, Setting, Shown};
use super::table::SETTINGS;
use crate::{Bounds, Environment};

/// The variable with the log group of the function's own log, set by Lambda.
const OWN_LOG_GROUP: &str = "AWS_LAMBDA_LOG_GROUP_NAME";
/// The variable with the function's name, set by Lambda.
const FUNCTION_NAME: &str = "AWS_LAMBDA_FUNCTION_NAME";
/// The variable with the Region that the function runs in, set by Lambda.
const REGION: &str = "AWS_REGION";

/// The variable with the function's memory in MB, set by Lambda.
const MEMORY_SIZE: &str = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";

/// The errors and warnings that were found while reading.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
}

impl Findings {
    fn add(&mut self, setting: &Setting, fault: Fault) {
        let (list, text) = match fault {
            Fault::Problem(text) => (&mut self.problems, text),
            Fault::Warning(text) => (&mut self.warnings, text),
        };
        list.push(Problem {
            variable: setting.name,
            text,
        });
    }

    pub(super) fn has_problem(&self, variable: &str) -> bool {
        self.problems.iter().any(|problem| problem.variable == variable)
    }

    pub(super) fn problem(&mut self, variable: &'static str, text: impl ToString) {
        self.problems.push(Problem {
            variable,
            text: text.to_string(),
        });
    }
}

impl Setting {
    /// Returns the variable's value under either of its names, if it is set and not empty.
    fn value(&self, environment: &impl Environment) -> Option<OsString> {
        let names = [Some(self.name), self.also].into_iter().flatten();
        let mut values = names.filter_map(|name| environment.variable(name));
        values.find(|value| !value.is_empty())
    }

    /// Returns the variable's value as text, if it is set and not empty.
    pub(super) fn text(&self, environment: &impl Environment) -> Option<String> {
        self.value(environment)
            .map(|value| value.to_string_lossy().into_owned())
    }

    fn read_from(&self, environment: &impl Environment, raw: &mut Raw) -> Result<(), Fault> {
        let Some(value) = self.value(environment) else {
            return Ok(());
        };
        let text = value.to_str().ok_or_else(|| Fault::problem("not UTF-8"))?;
        match self.given {
            Given::AsIs => (self.read)(raw, text),
            Given::PemOrPath => (self.read)(raw, &pem::load(environment, text, self.shown == Shown::Secret)?),
        }
    }
}

/// Reads every variable.
pub(super) fn read(environment: &impl Environment) -> (Raw, Findings) {
    let mut raw = Raw::blank();
    let mut findings = Findings::default();
    for setting in SETTINGS {
        if let DefaultValue::Text(text) = setting.default {
            let read = (setting.read)(&mut raw, text);
            debug_assert!(read.is_ok(), "{}: {read:?}", setting.name);
        }
        if let Err(fault) = setting.read_from(environment, &mut raw) {
            findings.add(setting, fault);
        }
    }
    raw.own_log_group = environment.text(OWN_LOG_GROUP);
    raw.function_name = environment.text(FUNCTION_NAME);
    raw.region = environment.text(REGION);
    let memory_mb = environment.text(MEMORY_SIZE).and_then(|size| size.parse().ok());
    raw.bounds = Bounds::of_memory(memory_mb);
    (raw, findings)
}
