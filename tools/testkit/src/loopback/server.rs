//! An HTTP server on a [`Listener`], whose responses can be cut off.

use std::error::Error;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::Listener;
use crate::tls::TlsAcceptor;

/// Bytes that are not an HTTP response.
const GARBAGE: &[u8] = b"\x00\x01\x02 this is no HTTP \xff\xfe\xfd\r\n\r\n";

/// An end of the connection in place of a response, or of the rest of its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Cut {
    /// A reset, as from a crashed server or a load balancer that has forgotten the connection.
    #[error("the connection is reset on purpose")]
    Reset,
    /// An orderly close, as from a server that shuts down.
    #[error("the connection is closed on purpose")]
    Close,
    /// Bytes that are not HTTP, followed by a close.
    #[error("the answer is garbage on purpose")]
    Garbage,
}

/// The peer of a connection, which is an extension of each of its requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    pub(crate) tls: bool,
    /// The common name of the peer's certificate.
    pub(crate) name: Option<String>,
}

/// A server that passes the requests of all connections to a handler, until it is dropped.
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
        let listener = Listener::start(move |stream| serve(stream, Peer::default(), handler.clone()));
        Self {
            listener: listener.await,
        }
    }

    pub(crate) async fn start_tls<H, F, B>(acceptor: TlsAcceptor, handler: H) -> Self
    where
        H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = Result<Response<B>, Cut>> + Send + 'static,
        B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        let listener = Listener::start(move |stream| {
            let (acceptor, handler) = (acceptor.clone(), handler.clone());
            async move {
                if let Some((stream, name)) = acceptor.accept(stream).await {
                    serve(stream, Peer { tls: true, name }, handler).await;
                }
            }
        });
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

/// A connection that HTTP can be served on.
trait Stream: AsyncRead + AsyncWrite + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Stream for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Stream for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

async fn serve<S, H, F, B>(stream: S, peer: Peer, handler: H)
where
    S: Stream,
    H: Fn(Request<Incoming>) -> F,
    F: Future<Output = Result<Response<B>, Cut>>,
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + 'static,
{
    let service = service_fn(move |mut request| {
        request.extensions_mut().insert(peer.clone());
        handler(request)
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let Err(error) = (&mut connection).await else {
        return;
    };
    let mut stream = connection.into_parts().io.into_inner();
    match error.source().and_then(|cause| cause.downcast_ref()) {
        Some(Cut::Close) => {}
        Some(Cut::Garbage) => {
            // The client may have closed the connection.
            let _ = stream.write_all(GARBAGE).await;
            let _ = stream.shutdown().await;
        }
        // If the peer broke off the connection, the reset does not reach it.
        Some(Cut::Reset) | None => {
            // With a linger time of zero, closing sends a reset.
            let _ = stream.tcp().set_zero_linger();
        }
    }
}
