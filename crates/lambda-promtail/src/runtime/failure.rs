//! Errors in `lambda_runtime`'s terms.

use std::error::Error;
use std::fmt;

use lambda_promtail::InvocationError;
use lambda_runtime::Diagnostic;

/// A failed invocation, which Lambda is told as a [`Diagnostic`].
#[derive(thiserror::Error)]
#[error(transparent)]
pub(super) struct Failure(#[from] InvocationError);

/// `lambda_runtime` logs the error of a handler in this form.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Failure> for Diagnostic {
    fn from(Failure(error): Failure) -> Self {
        Self {
            error_type: error.kind().to_owned(),
            error_message: error.to_string(),
        }
    }
}

/// The Runtime API cannot be called: the process ends, and Lambda starts another.
#[derive(Debug, thiserror::Error)]
#[error("calling the Lambda Runtime API: {}", chain(.0.as_ref()))]
pub(crate) struct RuntimeApiError(lambda_runtime::Error);

impl RuntimeApiError {
    /// Wraps what `lambda_runtime` ends with, unless that is one already.
    pub(super) fn new(error: lambda_runtime::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(error) => *error,
            Err(error) => Self(error),
        }
    }
}

/// The error and its causes: hyper's own text is only "client error (Connect)".
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
