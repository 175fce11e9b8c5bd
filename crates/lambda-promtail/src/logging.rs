//! The function's own log: one line per record, as text, or as JSON when Lambda is set to it.

use std::io;

use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::{Environment, settings};

/// Set by Lambda to `JSON` or `Text`, as the function's logging configuration says.
const LOG_FORMAT: &str = "AWS_LAMBDA_LOG_FORMAT";

/// Starts logging to standard output, where Lambda reads.
///
/// # Errors
/// When logging was started before.
pub fn start(environment: &impl Environment) -> Result<(), SetGlobalDefaultError> {
    start_to(environment, io::stdout)
}

/// Starts logging to a writer of the caller's choice.
///
/// # Errors
/// When logging was started before.
pub fn start_to<W>(environment: &impl Environment, writer: W) -> Result<(), SetGlobalDefaultError>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let log = tracing_subscriber::fmt()
        .with_max_level(settings::log_level(environment))
        .with_span_events(FmtSpan::NONE)
        .with_target(false)
        .with_writer(writer);
    let json = environment
        .text(LOG_FORMAT)
        .is_some_and(|format| format.eq_ignore_ascii_case("json"));
    if json {
        let log = log.json().flatten_event(true).with_span_list(false);
        tracing::subscriber::set_global_default(log.finish())
    } else {
        // Lambda gives every line its time.
        let log = log.with_ansi(false).without_time();
        tracing::subscriber::set_global_default(log.finish())
    }
}
