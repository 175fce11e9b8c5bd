//! A connection that is made before the first push needs it.

use std::any::Any;
use std::error::Error;
use std::future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service};

type BoxError = Box<dyn Error + Send + Sync>;
/// The service with which a client connects. Its types are private to reqwest.
type Connector<R, C> = BoxCloneSyncService<R, C, BoxError>;

/// The longest time for which a connection waits for its first request. Go's HTTP server, as Loki configures it, closes
/// such a connection after 30 s (`server.http_server_read_timeout`), nginx after 60 s (`client_header_timeout`).
const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// A layer around the connector of a client that keeps one connection for the first push.
///
/// reqwest connects only to send a request. So a request is begun whose connection is kept here: it ends with
/// [`Kept`], and no byte of it is sent.
///
/// A connector does not learn what a connection is for, and a connection kept for Loki must not carry a push that was
/// redirected to another host. The first connection that pushes ask for is always one to Loki, because a redirect
/// needs a response. Only that one is answered with the connection kept here.
#[derive(Clone, Debug, Default)]
pub(crate) struct EarlyConnection(Arc<Mutex<State>>);

#[derive(Debug, Default)]
enum State {
    /// No connection was requested yet.
    #[default]
    New,
    /// The next connection is to be kept.
    Requested,
    /// The connection that is to be kept is being made.
    Connecting,
    /// The connection, and the time when it was made.
    Ready(Box<dyn Any + Send>, Instant),
    /// A push has asked for a connection, or the client is no longer used.
    Closed,
}

/// The error of the request whose connection is kept.
#[derive(Debug, thiserror::Error)]
#[error("the connection is kept for the first push")]
struct Kept;

/// A connector wrapped in the layer.
pub(crate) struct KeepingConnector<R, C> {
    connector: Connector<R, C>,
    early: EarlyConnection,
}

// Derived, it would ask for types that can be cloned.
impl<R, C> Clone for KeepingConnector<R, C> {
    fn clone(&self) -> Self {
        Self {
            connector: self.connector.clone(),
            early: self.early.clone(),
        }
    }
}

impl EarlyConnection {
    /// Returns whether a connection can still be kept, and if so keeps the next one.
    pub(crate) fn request(&self) -> bool {
        let mut state = self.state();
        let is_new = matches!(*state, State::New);
        if is_new {
            *state = State::Requested;
        }
        is_new
    }

    /// Returns whether a connection waits for the first push.
    pub(crate) fn is_ready(&self) -> bool {
        matches!(*self.state(), State::Ready(..))
    }

    /// Closes the connection, or drops it as soon as it is made.
    pub(crate) fn close(&self) {
        *self.state() = State::Closed;
    }

    /// Returns whether the connection that is asked for now is to be kept.
    fn is_requested(&self) -> bool {
        let mut state = self.state();
        let requested = matches!(*state, State::Requested);
        if requested {
            *state = State::Connecting;
        }
        requested
    }

    /// Returns the connection for the first push that asks for one, unless it has waited for too long.
    fn take<C: 'static>(&self) -> Option<C> {
        match mem::replace(&mut *self.state(), State::Closed) {
            State::Ready(connection, since) if since.elapsed() < LONGEST_WAIT => {
                connection.downcast().ok().map(|connection| *connection)
            }
            _ => None,
        }
    }

    fn keep(&self, connection: impl Send + 'static) {
        let mut state = self.state();
        if matches!(*state, State::Connecting) {
            *state = State::Ready(Box::new(connection), Instant::now());
        }
    }

    /// Locks the state. A panic while it was locked does not matter, since it is replaced as a whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R, C> Layer<Connector<R, C>> for EarlyConnection {
    type Service = KeepingConnector<R, C>;

    fn layer(&self, connector: Connector<R, C>) -> Self::Service {
        KeepingConnector {
            connector,
            early: self.clone(),
        }
    }
}

impl<R, C: Send + 'static> Service<R> for KeepingConnector<R, C> {
    type Response = C;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        if self.early.is_requested() {
            let (connecting, early) = (self.connector.call(request), self.early.clone());
            return Box::pin(async move {
                early.keep(connecting.await?);
                Err(Kept.into())
            });
        }
        match self.early.take() {
            Some(connection) => Box::pin(future::ready(Ok(connection))),
            None => self.connector.call(request),
        }
    }
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt;
    use tower::service_fn;

    use super::*;

    /// Returns a connector whose connections are numbers, counted from 1 for each call.
    fn connector(early: &EarlyConnection) -> KeepingConnector<(), u32> {
        let made = Arc::new(Mutex::new(0));
        let connect = move |()| {
            let made = Arc::clone(&made);
            async move {
                tokio::time::sleep(Duration::from_millis(10)).await;
                *made.lock().unwrap() += 1;
                Ok::<u32, BoxError>(*made.lock().unwrap())
            }
        };
        early.layer(Connector::new(service_fn(connect)))
    }

    #[tokio::test(start_paused = true)]
    async fn one_connection_is_kept_for_the_first_push() {
        let early = EarlyConnection::default();
        let connector = connector(&early);
        assert!(early.request());
        assert!(!early.request());
        assert!(connector.clone().oneshot(()).await.unwrap_err().is::<Kept>());
        assert!(early.is_ready());
        let started = Instant::now();
        assert_eq!(connector.clone().oneshot(()).await.unwrap(), 1);
        assert_eq!(started.elapsed(), Duration::ZERO);
        // The next one may be to another host.
        assert_eq!(connector.clone().oneshot(()).await.unwrap(), 2);
        assert!(!early.request());
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_comes_too_late_is_not_kept() {
        let early = EarlyConnection::default();
        let connector = connector(&early);
        early.request();
        let late = tokio::spawn(connector.clone().oneshot(()));
        tokio::task::yield_now().await;
        assert!(connector.clone().oneshot(()).await.is_ok());
        assert!(late.await.unwrap().unwrap_err().is::<Kept>());
        assert!(!early.is_ready());
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_not_used_after_a_long_wait() {
        for (wait, expected) in [(LONGEST_WAIT - Duration::from_millis(1), 1), (LONGEST_WAIT, 2)] {
            let early = EarlyConnection::default();
            let connector = connector(&early);
            early.request();
            assert!(connector.clone().oneshot(()).await.is_err());
            tokio::time::advance(wait).await;
            assert_eq!(connector.oneshot(()).await.unwrap(), expected, "{wait:?}");
        }
    }
}
