//! What is done with an event, as a tower service.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use lambda_promtail::{Function, Reply};
use lambda_runtime::{LambdaEvent, Service};
use loki_client::{Deadline, Transport};
use tokio::sync::watch;
use tokio::time::Instant;

use super::failure::Failure;
use super::{event, invocation};

/// Ships events. All clones, one for each poll, share the function.
pub(super) struct Handler<T> {
    function: Arc<Function<T>>,
    stop: watch::Receiver<bool>,
}

impl<T> Handler<T> {
    /// A handler whose invocations have their deadline when `stop` becomes true.
    pub(super) fn new(function: Arc<Function<T>>, stop: watch::Receiver<bool>) -> Self {
        Self { function, stop }
    }
}

impl<T> Clone for Handler<T> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.function), self.stop.clone())
    }
}

impl<T: Transport> Service<LambdaEvent<()>> for Handler<T> {
    type Response = Reply;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
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
