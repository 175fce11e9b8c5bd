//! Events in, answers out: the loop of `lambda_runtime`, with what this function adds around and inside it.
//!
//! `lambda_runtime` polls for events, answers them, and polls several times at once where Lambda asks for it
//! (`AWS_LAMBDA_MAX_CONCURRENCY`, Lambda Managed Instances). [`Layer`] adds what must hold for an invocation from
//! its event to its answer: the span with the request id, and the end of the process on SIGTERM. [`Handler`] ships
//! the event.
//!
//! # What the loop costs in memory
//! With one poll at a time `lambda_runtime` 1.5.0, the latest release, sets the variable `_X_AMZN_TRACE_ID` to the
//! trace id of each event, with no setting to avoid it, and glibc keeps every value that a variable ever had.
//! Resident memory of an environment therefore grows by some 175 bytes with each event: a MiB in 6,000 events. Lambda
//! replaces an environment after hours; one that lasts for 100,000 events ends with 17 MiB more. What is allocated and
//! freed with each event must not make it worse, by leaving gaps that a kept value makes too small for the next one:
//! `tests/memory_growth.rs` holds it to 300 bytes.
//!
//! With several polls at once the crate does not set the variable, and nothing grows.

mod event;
mod failure;
mod handler;
mod in_flight;
mod init_error;
mod invocation;
mod layer;
mod termination;

use std::sync::Arc;

use http::Uri;
use lambda_promtail::{Environment, Function, StartError};
use loki_client::Transport;
use tokio::sync::watch;

use failure::RuntimeApiError;
use handler::Handler;
use in_flight::InFlight;
use layer::Layer;

pub(crate) use termination::termination;

/// The address of the Runtime API; every environment of a function has it.
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";
const MEMORY_SIZE: &str = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";
/// Without these `lambda_runtime` panics.
const REQUIRED: [&str; 4] = [
    RUNTIME_API,
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    MEMORY_SIZE,
];

/// The interface between Lambda and this process.
pub(crate) struct Runtime {
    address: Uri,
}

/// Why the process ends.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RuntimeError {
    #[error(
        "{0} is not set: this is the bootstrap of an AWS Lambda function, and runs there; \
         lambda-promtail-cli ships an event from a file"
    )]
    NotInLambda(&'static str),
    #[error("{RUNTIME_API}: {0:?} cannot be used; it should be a host and a port")]
    Address(String),
    #[error("{MEMORY_SIZE}: {0:?} is not a number of megabytes")]
    Memory(String),
    #[error(transparent)]
    Api(#[from] RuntimeApiError),
    #[error(transparent)]
    Start(#[from] StartError),
}

impl Runtime {
    /// The interface at the address that Lambda gives its functions.
    ///
    /// # Errors
    /// When the environment is not that of a function.
    pub(crate) fn new(environment: &impl Environment) -> Result<Self, RuntimeError> {
        let text = |name| environment.text(name).ok_or(RuntimeError::NotInLambda(name));
        for name in REQUIRED {
            text(name)?;
        }
        let memory = text(MEMORY_SIZE)?;
        if memory.parse::<i32>().is_err() {
            return Err(RuntimeError::Memory(memory));
        }
        let address = text(RUNTIME_API)?;
        match address.parse::<Uri>() {
            Ok(uri) if uri.authority().is_some() => Ok(Self { address: uri }),
            _ => Err(RuntimeError::Address(address)),
        }
    }

    /// Handles events until `stop` becomes true: ends at once when none is in flight; the deadline of those that
    /// are is then there, and they are answered first.
    ///
    /// # Errors
    /// When the Runtime API can no longer be called: Lambda starts another process.
    pub(crate) async fn serve<T: Transport>(
        self,
        function: Function<T>,
        stop: watch::Receiver<bool>,
    ) -> Result<(), RuntimeError> {
        let in_flight = InFlight::new(stop.clone());
        let handler = Handler::new(Arc::new(function), stop);
        let events = lambda_runtime::Runtime::new(handler)
            .layer(Layer::new(in_flight.clone()))
            .run_concurrent();
        tokio::select! {
            biased;
            () = in_flight.ended() => Ok(()),
            ended = events => ended.map_err(|error| RuntimeApiError::new(error).into()),
        }
    }

    /// Tells Lambda why the function cannot start, and returns the error to end with.
    pub(crate) async fn report_init_error(self, error: StartError) -> Result<(), RuntimeError> {
        init_error::report(self.address, error.kind(), &error).await?;
        Err(error.into())
    }
}
