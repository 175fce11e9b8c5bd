//! The handler of events, as a tower service.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use lambda_promtail::{Function, Reply};
use lambda_runtime::{LambdaEvent, Service};
use loki_client::Deadline;
use tokio::sync::watch;
use tokio::time::Instant;

use super::error::HandlerError;
use super::{event, invocation};

/// A service that ships events. There is one clone for each poll, and all clones share the function.
#[derive(Clone)]
pub(super) struct Handler {
    function: Arc<Function>,
    stop: watch::Receiver<bool>,
}

impl Handler {
    /// Creates a handler that ends the invocations in flight when `stop` becomes true, as if their deadline had come.
    pub(super) fn new(function: Arc<Function>, stop: watch::Receiver<bool>) -> Self {
        Self { function, stop }
    }
}

impl Service<LambdaEvent<()>> for Handler {
    type Response = Reply;
    type Error = HandlerError;
    type Future = Pin<Box<dyn Future<Output = Result<Reply, HandlerError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), HandlerError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, invoked: LambdaEvent<()>) -> Self::Future {
        let event = event::take_over();
        self.function.set_invoked(&invoked.context.invoked_function_arn);
        let at = invocation::deadline(invoked.context.deadline, Instant::now());
        let deadline = Deadline::at(at).or_stop(self.stop.clone());
        let function = Arc::clone(&self.function);
        Box::pin(async move { Ok(function.handle(&event, deadline).await?) })
    }
}
