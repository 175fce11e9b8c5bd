//! The environment, read through the table: each variable by itself.

use super::fault::Fault;
use super::problems::Problem;
use super::raw::Raw;
use super::table::{DefaultValue, SETTINGS, Setting};
use crate::Environment;

/// Set by Lambda: where the function's own log goes.
const OWN_LOG_GROUP: &str = "AWS_LAMBDA_LOG_GROUP_NAME";

/// What was found while reading.
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

/// Reads every variable.
pub(super) fn read(environment: &impl Environment) -> (Raw, Findings) {
    let mut raw = Raw::blank();
    let mut findings = Findings::default();
    for setting in SETTINGS {
        if let DefaultValue::Text(text) = setting.default {
            let read = (setting.read)(&mut raw, text);
            debug_assert!(read.is_ok(), "{}: {read:?}", setting.name);
        }
        let read = match environment.variable(setting.name) {
            None => Ok(()),
            Some(value) if value.is_empty() => Ok(()),
            Some(value) => match value.to_str() {
                Some(text) => (setting.read)(&mut raw, text),
                None => Err(Fault::problem("not UTF-8")),
            },
        };
        if let Err(fault) = read {
            findings.add(setting, fault);
        }
    }
    raw.own_log_group = environment.text(OWN_LOG_GROUP);
    (raw, findings)
}
