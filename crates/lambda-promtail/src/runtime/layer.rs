//! The outermost layer around each invocation, from its event to its response.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use lambda_runtime::{Error, LambdaInvocation, Service, tower};
use tracing::Instrument;

use super::error::RuntimeApiError;
use super::event;
use super::in_flight::InFlight;

/// A layer around `lambda_runtime`'s own layers, which read the event and send the response.
pub(super) struct Layer {
    in_flight: InFlight,
}

/// A service wrapped in [`Layer`].
#[derive(Clone)]
pub(super) struct Layered<S> {
    inner: S,
    in_flight: InFlight,
}

impl Layer {
    /// Creates a layer that counts the invocations in flight.
    pub(super) fn new(in_flight: InFlight) -> Self {
        Self { in_flight }
    }
}

impl<S> tower::Layer<S> for Layer {
    type Service = Layered<S>;

    fn layer(&self, inner: S) -> Layered<S> {
        Layered {
            inner,
            in_flight: self.in_flight.clone(),
        }
    }
}

impl<S> Service<LambdaInvocation> for Layered<S>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        // The span of the poll that fetched the event is not made the parent: it would only add noise to the log.
        let span = tracing::info_span!(
            parent: None,
            "invocation",
            requestId = invocation.context.request_id
        );
        let guard = self.in_flight.begin();
        let answered =
            span.in_scope(|| event::hand_over(invocation, |invocation| self.inner.call(invocation)));
        Box::pin(async move {
            let answered = answered.instrument(span).await;
            guard.end().await;
            answered.map_err(|error| RuntimeApiError::new(error).into())
        })
    }
}
