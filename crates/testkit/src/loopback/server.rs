//! HTTP on a [`Listener`], with answers that may be cut off.

use std::error::Error;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::Listener;

/// No status line begins like this.
const GARBAGE: &[u8] = b"\x00\x01\x02 this is no HTTP \xff\xfe\xfd\r\n\r\n";

/// Instead of an answer, or of the rest of its body: how the connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Cut {
    /// As from a crashed server or a load balancer that forgot the connection.
    #[error("the connection is reset on purpose")]
    Reset,
    /// As from a server that ends.
    #[error("the connection is closed on purpose")]
    Close,
    /// Bytes that are no HTTP are sent before it is closed.
    #[error("the answer is garbage on purpose")]
    Garbage,
}

/// Serves any number of connections, each request by the handler, until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    listener: Listener,
}

impl Server {
    pub(crate) async fn start<H, F, B>(handler: H) -> Self
    where
        H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = Result<Response<B>, Cut>> + Send + 'static,
        B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        let listener = Listener::start(move |stream| serve(stream, handler.clone()));
        Self {
            listener: listener.await,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    pub(crate) fn listener(&self) -> &Listener {
        &self.listener
    }
}

async fn serve<H, F, B>(stream: TcpStream, handler: H)
where
    H: Fn(Request<Incoming>) -> F,
    F: Future<Output = Result<Response<B>, Cut>>,
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + 'static,
{
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(handler));
    let Err(error) = (&mut connection).await else {
        return;
    };
    let mut stream = connection.into_parts().io.into_inner();
    match error.source().and_then(|cause| cause.downcast_ref()) {
        Some(Cut::Close) => {}
        Some(Cut::Garbage) => {
            // The client may be gone.
            let _ = stream.write_all(GARBAGE).await;
            let _ = stream.shutdown().await;
        }
        // When it is the peer that broke off, it does not notice.
        Some(Cut::Reset) | None => {
            // Without lingering the close is a reset.
            let _ = stream.set_zero_linger();
        }
    }
}
