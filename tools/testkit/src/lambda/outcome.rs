//! The outcome of an invocation.

use std::process::ExitStatus;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// A record of an event that was given to the function, and of its outcome.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The request id.
    pub request_id: String,
    /// The outcome.
    pub outcome: Outcome,
    /// The time from the event to the response, or to the end of the process. It does not include the start of the
    /// process.
    pub elapsed: Duration,
    /// The lines that the process wrote to standard output and standard error during the invocation, and during the
    /// cold start if the invocation caused or awaited one.
    pub logs: Vec<String>,
}

/// An outcome of an invocation.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The function returned a response.
    Response(Value),
    /// The function reported an error.
    Error(FunctionError),
    /// The deadline came, or the function did not start in time, and it was killed.
    TimedOut,
    /// The process ended during the invocation.
    Exited(ExitStatus),
    /// The function reported that it cannot start. The status is that of its end, or `None` if it did not end and was
    /// killed.
    InitError(FunctionError, Option<ExitStatus>),
}

/// An error as the function reported it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FunctionError {
    /// The type of the error.
    pub error_type: String,
    /// The message.
    pub error_message: String,
    /// The stack trace, which is empty if the function sent none.
    pub stack_trace: Vec<String>,
}

impl Invocation {
    /// Returns the response.
    ///
    /// # Panics
    /// Panics with the outcome and the log when the function did not return one.
    #[track_caller]
    pub fn response(&self) -> &Value {
        match &self.outcome {
            Outcome::Response(value) => value,
            other => self.fail("a response", other),
        }
    }

    /// Returns the error that the function reported for the event.
    ///
    /// # Panics
    /// Panics with the outcome and the log when the function did not report one.
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
