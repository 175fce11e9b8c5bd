//! The event loop: `lambda_runtime`'s own loop, with a layer around it and the handler inside it.
//!
//! `lambda_runtime` polls for events, sends the responses, and polls several times at once where Lambda asks for it
//! (`AWS_LAMBDA_MAX_CONCURRENCY`, Lambda Managed Instances). [`Layer`] adds the span with the request id, and counts
//! the invocations in flight so that the process can exit on SIGTERM. [`Handler`] ships the event.
//!
//! # Memory growth
//! With one poll at a time `lambda_runtime` 1.5.0, the latest release, sets the variable `_X_AMZN_TRACE_ID` to the
//! trace id of each event. No setting turns that off, and glibc never frees an old value of a variable. The resident
//! memory of an environment therefore grows by about 175 bytes with each event: 1 MiB in 6,000 events. Lambda replaces
//! an environment after some hours; one that lasts for 100,000 events has grown by 17 MiB. The allocations of each
//! event must not make this worse by fragmenting the heap; `tests/it/memory_growth.rs` checks a limit of 300 bytes.
//!
//! With several polls at once the crate does not set the variable, and memory does not grow.

mod error;
mod event;
mod handler;
mod in_flight;
mod init_error;
mod invocation;
mod layer;
mod termination;

use std::sync::Arc;

use http::Uri;
use lambda_promtail::{Environment, Function, StartError};
use tokio::sync::watch;

use error::RuntimeApiError;
use handler::Handler;
use in_flight::InFlight;
use layer::Layer;

pub(crate) use termination::termination;

/// The variable with the address of the Runtime API, which Lambda sets for every function.
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";
const MEMORY_SIZE: &str = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";
/// The variables without which `lambda_runtime` panics.
const REQUIRED: [&str; 4] = [
    RUNTIME_API,
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    MEMORY_SIZE,
];

/// A connection to the Lambda Runtime API.
pub(crate) struct Runtime {
    address: Uri,
}

/// An error with which the process exits.
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
    /// Creates a runtime for the address in `AWS_LAMBDA_RUNTIME_API`.
    ///
    /// # Errors
    /// Returns an error if the process does not run in the environment of a Lambda function.
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

    /// Handles events until `stop` becomes true. The invocations in flight then end as if their deadline had come; the
    /// method returns when they have sent their responses, at once if there are none.
    ///
    /// # Errors
    /// Returns an error if the Runtime API cannot be called any more. Lambda then starts another process.
    pub(crate) async fn serve(
        self,
        function: Function,
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

    /// Reports to Lambda why the function cannot start, and returns the error with which the process should exit.
    pub(crate) async fn report_init_error(self, error: StartError) -> Result<(), RuntimeError> {
        init_error::report(self.address, error.kind(), &error).await?;
        Err(error.into())
    }
}
