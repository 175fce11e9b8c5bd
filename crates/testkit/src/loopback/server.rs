//! A server on a free port of the loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

/// Instead of an answer: the connection is closed at once, with a reset.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the connection is closed on purpose")]
pub(crate) struct Disconnect;

/// What a handler gives.
pub(crate) type Reply = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, Disconnect>> + Send>>;

/// Serves any number of connections, each request by the handler, until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
    /// Asks to close all connections, and is told when that is done.
    close: mpsc::Sender<oneshot::Sender<()>>,
}

impl Server {
    pub(crate) async fn start<H>(handler: H) -> Self
    where
        H: Fn(Request<Incoming>) -> Reply + Clone + Send + Sync + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (close, closing) = mpsc::channel(1);
        Self {
            address,
            accepting: tokio::spawn(accept(listener, handler, closing)),
            close,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes every connection; new ones are welcome.
    pub(crate) async fn close_connections(&self) {
        let (done, is_done) = oneshot::channel();
        self.close.send(done).await.unwrap();
        is_done.await.unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The connections are the task's own and go with it.
        self.accepting.abort();
    }
}

async fn accept<H>(listener: TcpListener, handler: H, mut closing: mpsc::Receiver<oneshot::Sender<()>>)
where
    H: Fn(Request<Incoming>) -> Reply + Clone + Send + Sync + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(serve(stream, handler.clone()));
                }
            }
            Some(done) = closing.recv() => {
                connections.shutdown().await;
                // Whoever asked may have stopped waiting.
                let _ = done.send(());
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve<H>(stream: TcpStream, handler: H)
where
    H: Fn(Request<Incoming>) -> Reply + Send + 'static,
{
    // Small answers must not wait for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(handler);
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if (&mut connection).await.is_err() {
        // The handler disconnected (or the peer did, which then does not notice): without lingering the
        // close is a reset, as from a crashed server or a load balancer that forgot the connection.
        let stream = connection.into_parts().io.into_inner();
        let _ = stream.set_zero_linger();
    }
}
