//! The reading of the environment, variable by variable, according to the settings table.

use std::ffi::{OsStr, OsString};

use super::contradictions;
use super::error::Finding;
use super::near_names;
use super::pem;
use super::raw::Raw;
use super::setting::{Setting, Shown, ValueForm};
use super::table;
use super::value_issue::ValueIssue;
use crate::{Bounds, Environment, USER_AGENT};

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
    pub(super) errors: Vec<Finding>,
    pub(super) warnings: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, setting: &Setting, issue: ValueIssue) {
        let (list, text) = match issue {
            ValueIssue::Error(text) => (&mut self.errors, text),
            ValueIssue::Warning(text) => (&mut self.warnings, text),
        };
        list.push(Finding {
            variable: setting.name.into(),
            text,
        });
    }

    pub(super) fn has_error(&self, variable: &str) -> bool {
        self.errors.iter().any(|finding| finding.variable == variable)
    }

    pub(super) fn warning(&mut self, variable: &'static str, text: impl ToString) {
        self.warnings.push(Finding {
            variable: variable.into(),
            text: text.to_string(),
        });
    }

    pub(super) fn error(&mut self, variable: &'static str, text: impl ToString) {
        self.errors.push(Finding {
            variable: variable.into(),
            text: text.to_string(),
        });
    }
}

impl Setting {
    /// Returns the variable's value under either of its names, if it is set and not empty.
    fn value(&self, environment: &impl Environment) -> Option<OsString> {
        let names = [Some(self.name), self.other_name].into_iter().flatten();
        let mut values = names.filter_map(|name| environment.variable(name));
        values.find(|value| !value.is_empty())
    }

    /// Returns the variable's value as text, if it is set and not empty.
    pub(super) fn text(&self, environment: &impl Environment) -> Option<String> {
        self.value(environment)
            .map(|value| value.to_string_lossy().into_owned())
    }

    /// Reads the variable's value, if it is set.
    fn read_from(
        &self,
        value: Option<&OsStr>,
        environment: &impl Environment,
        raw: &mut Raw,
    ) -> Result<(), ValueIssue> {
        let Some(value) = value else {
            return Ok(());
        };
        let text = value.to_str().ok_or_else(|| ValueIssue::error("not UTF-8"))?;
        match self.form {
            ValueForm::AsIs => self.value.read(raw, text),
            ValueForm::PemOrPath => {
                let is_secret = self.shown == Shown::Secret;
                self.value.read(raw, &pem::load(environment, text, is_secret)?)
            }
        }
    }
}

/// Reads every variable.
pub(super) fn read(environment: &impl Environment) -> (Raw, Findings) {
    let mut raw = Raw::default();
    let mut findings = Findings::default();
    let mut fingerprint = Fingerprint::default();
    for setting in table::all() {
        setting.value.set_default(&mut raw);
        let value = setting.value(environment);
        if setting.shown != Shown::Secret {
            fingerprint.add(setting.name);
            fingerprint.add(&value.as_deref().unwrap_or_default().to_string_lossy());
        }
        if let Err(issue) = setting.read_from(value.as_deref(), environment, &mut raw) {
            findings.add(setting, issue);
        }
    }
    raw.own_log_group = environment.text(OWN_LOG_GROUP);
    raw.function_name = environment.text(FUNCTION_NAME);
    raw.region = environment.text(REGION);
    let memory_mb = environment.text(MEMORY_SIZE).and_then(|size| size.parse().ok());
    raw.bounds = Bounds::of_memory(memory_mb);
    raw.fingerprint = fingerprint.0;
    contradictions::warn(&raw, &mut findings);
    findings.warnings.extend(near_names::warnings(environment));
    findings
        .warnings
        .sort_by_key(|finding| table::place(&finding.variable));
    (raw, findings)
}

/// Reads one variable, and leaves out what is wrong with it.
pub(super) fn read_one(setting: &Setting, environment: &impl Environment) -> Raw {
    let mut raw = Raw::default();
    setting.value.set_default(&mut raw);
    // Reading all variables reports it.
    let _ = setting.read_from(setting.value(environment).as_deref(), environment, &mut raw);
    raw
}

/// A number that differs for other texts: their FNV-1a hash, which is the same in each process. It begins with the
/// version of the function.
struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        let mut fingerprint = Self(0xcbf2_9ce4_8422_2325);
        fingerprint.add(USER_AGENT);
        fingerprint
    }
}

impl Fingerprint {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
