//! The function's own log: one line per record, as text, or as JSON when Lambda is set to it.

mod json;

use std::io;

use tracing::Metadata;
use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::filter::{FilterFn, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;

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
        let log = log.json().event_format(json::JsonLines);
        tracing::subscriber::set_global_default(log.finish().with(is_ours()))
    } else {
        // Lambda gives every line its time.
        let log = log.with_ansi(false).without_time();
        tracing::subscriber::set_global_default(log.finish().with(is_ours()))
    }
}

/// Leaves out the lines in which `lambda_runtime` repeats an invocation's error, which is logged where it occurs, and
/// dumps the errors of its HTTP client, which the process ends with and logs then.
fn is_ours() -> FilterFn {
    filter_fn(|line: &Metadata<'_>| match line.target() {
        "lambda_runtime::layers::panic" => false,
        "lambda_runtime::layers::api_client" => line.fields().field("error").is_none(),
        _ => true,
    })
}
