//! Lambda's runtime interface: events in, answers out, one at a time.
//!
//! The loop is our own, around AWS's client for the interface. `lambda_runtime`'s loop sets the variable
//! `_X_AMZN_TRACE_ID` for each invocation, and glibc never frees what a variable held: measured here,
//! those hundred bytes per event pin the freed buffers between them, and resident memory grows by 43 kB
//! with each event of 200 lines, 12 MB becoming 87 MB after 2,500 events.

mod api;
mod invocation;
mod termination;

use http::StatusCode;
use lambda_promtail::{Environment, Function, StartError};
use loki_client::{Deadline, Transport};
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::Instrument;

use api::{Failure, RuntimeApi, RuntimeApiError};
use invocation::Invocation;

pub(crate) use termination::termination;

/// Lambda's address for its functions; every environment of a function has it.
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

/// The interface between Lambda and this process.
pub(crate) struct Runtime {
    api: RuntimeApi,
}

/// Why the process ends.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RuntimeError {
    #[error(
        "{RUNTIME_API} is not set: this is the bootstrap of an AWS Lambda function, and runs there; \
         lambda-promtail-cli ships an event from a file"
    )]
    NotInLambda,
    #[error(transparent)]
    Api(#[from] RuntimeApiError),
    #[error(transparent)]
    Start(#[from] StartError),
}

impl Runtime {
    /// The interface at the address that Lambda gives its functions.
    pub(crate) fn new(environment: &impl Environment) -> Result<Self, RuntimeError> {
        let address = environment.text(RUNTIME_API).ok_or(RuntimeError::NotInLambda)?;
        Ok(Self {
            api: RuntimeApi::new(&address)?,
        })
    }

    /// Handles events until `stop` becomes true: at once between two events; during one, its deadline is
    /// then there.
    pub(crate) async fn serve<T: Transport>(
        &self,
        function: &Function<T>,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), RuntimeError> {
        loop {
            let (headers, event) = tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
                next = self.api.get("invocation/next", StatusCode::OK) => next?,
            };
            let invocation = Invocation::from_headers(&headers)?;
            let span = tracing::info_span!("invocation", requestId = invocation.request_id);
            let deadline = Deadline::at(invocation.deadline(Instant::now())).or_stop(stop.clone());
            let handled = function.handle(&event, deadline).instrument(span).await;
            match handled {
                Ok(reply) => self.api.post(&invocation.path("response"), &reply).await?,
                Err(error) => {
                    let failure = Failure::new(error.kind(), &error);
                    self.api.post_failure(&invocation.path("error"), &failure).await?;
                }
            }
        }
    }

    /// Tells Lambda why the function cannot start, and gives the error back to end with.
    pub(crate) async fn report_init_error(&self, error: StartError) -> Result<(), RuntimeError> {
        let failure = Failure::new(error.kind(), &error);
        self.api.post_failure("init/error", &failure).await?;
        Err(error.into())
    }
}
