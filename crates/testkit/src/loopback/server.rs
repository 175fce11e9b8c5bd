//! HTTP on a [`Listener`], with answers that may be cut off.

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

/// Who is at the other end of a connection; an extension of its requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    pub(crate) tls: bool,
    /// The common name of its certificate.
    pub(crate) name: Option<String>,
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

/// What HTTP is spoken over.
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
            // The client may be gone.
            let _ = stream.write_all(GARBAGE).await;
            let _ = stream.shutdown().await;
        }
        // When it is the peer that broke off, it does not notice.
        Some(Cut::Reset) | None => {
            // Without lingering the close is a reset.
            let _ = stream.tcp().set_zero_linger();
        }
    }
}
