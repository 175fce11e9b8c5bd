//! The function's own log: one line per record, as text, or as JSON if the function's logging configuration says so.

mod escape;
mod json;

use std::io;

use tracing::subscriber::SetGlobalDefaultError;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;

use escape::OneLine;
pub use escape::{Escaped, EscapedListing, LISTING};

use crate::{Environment, settings};

/// The variable that Lambda sets to `JSON` or `Text`, according to the function's logging configuration.
const LOG_FORMAT: &str = "AWS_LAMBDA_LOG_FORMAT";

/// Starts logging to standard output, which Lambda reads.
///
/// # Errors
/// Returns an error if logging was started before.
pub fn start(environment: &impl Environment) -> Result<(), SetGlobalDefaultError> {
    start_to(environment, io::stdout)
}

/// Starts logging to the given writer.
///
/// # Errors
/// Returns an error if logging was started before.
pub fn start_to<W>(environment: &impl Environment, writer: W) -> Result<(), SetGlobalDefaultError>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    start_filtered(environment, writer, |_| true)
}

/// Starts logging to the given writer, without the events that the filter refuses.
///
/// # Errors
/// Returns an error if logging was started before.
pub fn start_filtered<W>(
    environment: &impl Environment,
    writer: W,
    filter: impl Fn(&Metadata<'_>) -> bool + Send + Sync + 'static,
) -> Result<(), SetGlobalDefaultError>
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
        set(
            log.map_event_format(|format| OneLine::new(format, true)).finish(),
            filter,
        )
    } else {
        // Lambda adds the time to every line.
        let log = log.with_ansi(false).without_time();
        set(
            log.map_event_format(|format| OneLine::new(format, false))
                .finish(),
            filter,
        )
    }
}

fn set(
    log: impl Subscriber + Send + Sync,
    filter: impl Fn(&Metadata<'_>) -> bool + Send + Sync + 'static,
) -> Result<(), SetGlobalDefaultError> {
    let filter = FilterFn::new(move |metadata| is_shown(metadata) && filter(metadata));
    tracing::subscriber::set_global_default(log.with(filter))
}

/// Returns whether events of this kind are written.
///
/// Events of the AWS SDK are left out: they are `Debug` output that contains whole responses, and the error that the
/// SDK returns says what went wrong. Two kinds of `lambda_runtime`'s events are left out too: those that repeat an
/// invocation's error, which is logged where it occurs, and those that dump an error of its HTTP client, which the
/// process logs when it exits.
fn is_shown(metadata: &Metadata<'_>) -> bool {
    const SDK: [&str; 7] = [
        "aws_config",
        "aws_credential_types",
        "aws_runtime",
        "aws_sdk_",
        "aws_sigv4",
        "aws_smithy_",
        "aws_types",
    ];
    match metadata.target() {
        "lambda_runtime::layers::panic" => false,
        "lambda_runtime::layers::api_client" => metadata.fields().field("error").is_none(),
        target => !SDK.iter().any(|prefix| target.starts_with(prefix)),
    }
}
