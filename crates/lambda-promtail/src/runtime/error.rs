//! Conversions of errors for `lambda_runtime`.

use std::error::Error;
use std::fmt;

use lambda_promtail::InvocationError;
use lambda_runtime::Diagnostic;

/// An error that fails the invocation and is sent to Lambda as a [`Diagnostic`].
#[derive(thiserror::Error)]
#[error(transparent)]
pub(super) struct HandlerError(#[from] InvocationError);

/// `lambda_runtime` logs the `Debug` form of a handler's error, so it is the same text as `Display`.
impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<HandlerError> for Diagnostic {
    fn from(HandlerError(error): HandlerError) -> Self {
        Self {
            error_type: error.kind().to_owned(),
            error_message: error.to_string(),
        }
    }
}

/// An error of a call to the Runtime API. The process exits, and Lambda starts another one.
#[derive(Debug, thiserror::Error)]
#[error("calling the Lambda Runtime API: {}", chain(.0.as_ref()))]
pub(crate) struct RuntimeApiError(lambda_runtime::Error);

impl RuntimeApiError {
    /// Wraps the error that `lambda_runtime` exits with, unless it is a `RuntimeApiError` already.
    pub(super) fn new(error: lambda_runtime::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(error) => *error,
            Err(error) => Self(error),
        }
    }
}

/// Returns the texts of the error and its causes. Hyper's own text is only "client error (Connect)".
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
