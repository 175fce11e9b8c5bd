//! Each variable by itself: read, not yet held against the others.

use std::time::Duration;

use http::HeaderValue;
use log_pipeline::LabelNames;
use loki_client::WriteAddress;
use loki_push::Encoding;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use super::fault::Fault;
use super::problems::Problem;
use super::table::{DefaultValue, SETTINGS, Setting};
use crate::Environment;

/// Set by Lambda: where the function's own log goes.
pub(super) const OWN_LOG_GROUP: &str = "AWS_LAMBDA_LOG_GROUP_NAME";

/// The value of every variable. Those that could not be read keep what they had.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) write_address: Option<WriteAddress>,
    pub(super) tenant: Option<HeaderValue>,
    /// As text: whether a name is right depends on the prefix.
    pub(super) extra_labels: String,
    pub(super) omit_extra_labels_prefix: bool,
    pub(super) drop_labels: LabelNames,
    pub(super) keep_stream: bool,
    pub(super) batch_size: usize,
    pub(super) username: Option<SecretString>,
    pub(super) password: Option<SecretString>,
    pub(super) bearer_token: Option<SecretString>,
    pub(super) skip_tls_verify: bool,
    pub(super) print_log_line: bool,
    pub(super) log_level: LevelFilter,
    pub(super) encoding: Encoding,
    pub(super) timeout: Duration,
    pub(super) min_backoff: Duration,
    pub(super) max_backoff: Duration,
    pub(super) max_retries: u32,
    /// From [`OWN_LOG_GROUP`].
    pub(super) own_log_group: Option<String>,
}

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

impl Raw {
    pub(super) fn read(environment: &impl Environment) -> (Self, Findings) {
        let mut raw = Self::blank();
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

    /// Before the defaults, which the table knows.
    fn blank() -> Self {
        Self {
            write_address: None,
            tenant: None,
            extra_labels: String::new(),
            omit_extra_labels_prefix: false,
            drop_labels: LabelNames::default(),
            keep_stream: false,
            batch_size: 0,
            username: None,
            password: None,
            bearer_token: None,
            skip_tls_verify: false,
            print_log_line: false,
            log_level: LevelFilter::INFO,
            encoding: Encoding::default(),
            timeout: Duration::ZERO,
            min_backoff: Duration::ZERO,
            max_backoff: Duration::ZERO,
            max_retries: 0,
            own_log_group: None,
        }
    }
}
