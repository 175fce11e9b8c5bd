//! What comes of an invocation.

use std::process::ExitStatus;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// One event that was handed to the function, and what came of it.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The id the function was given.
    pub request_id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// From the event to the answer, or to the end without one. The start of the process is not in it.
    pub elapsed: Duration,
    /// The lines the process wrote meanwhile, to standard output and standard error. Of a cold start that
    /// this invocation caused or waited for, also the lines since then.
    pub logs: Vec<String>,
}

/// How an invocation ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The function gave a result.
    Response(Value),
    /// The function reported an error.
    Error(FunctionError),
    /// The deadline came, or the function did not start in time; it was killed.
    TimedOut,
    /// The process ended in the middle.
    Exited(ExitStatus),
    /// The function reported that it cannot start, and how it then ended; none when it did not and was
    /// killed.
    InitError(FunctionError, Option<ExitStatus>),
}

/// An error as the function reported it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FunctionError {
    /// The kind of error.
    pub error_type: String,
    /// What happened.
    pub error_message: String,
    /// Where, if it says so.
    pub stack_trace: Vec<String>,
}

impl Invocation {
    /// The result.
    ///
    /// # Panics
    /// When the function did not give one; says what it did, and its log.
    #[track_caller]
    pub fn response(&self) -> &Value {
        match &self.outcome {
            Outcome::Response(value) => value,
            other => self.fail("a response", other),
        }
    }

    /// The error the function reported for the event.
    ///
    /// # Panics
    /// When the function did not report one; says what it did, and its log.
    #[track_caller]
    pub fn error(&self) -> &FunctionError {
        match &self.outcome {
            Outcome::Error(error) => error,
            other => self.fail("an error", other),
        }
    }

    #[track_caller]
    fn fail(&self, expected: &str, outcome: &Outcome) -> ! {
        panic!(
            "expected {expected} of invocation {}, got {outcome:?} after {:?}; its log:\n{}",
            self.request_id,
            self.elapsed,
            self.logs.join("\n")
        )
    }
}
