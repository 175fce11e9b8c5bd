//! A client without a connection pool. It uses one connection for as long as the caller keeps it.

use std::io;

use bytes::Bytes;
use http::{Request, Response, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// A connection to a server, closed when it is dropped.
#[derive(Debug)]
pub struct Connection {
    authority: String,
    sender: SendRequest<Full<Bytes>>,
    driver: JoinHandle<hyper::Result<()>>,
}

impl Connection {
    /// Connects to `authority`, as in `127.0.0.1:8080`.
    ///
    /// # Errors
    /// Returns an error when no server listens there.
    pub async fn open(authority: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        Self::over(stream, authority).await
    }

    /// Starts HTTP with `authority` on an open connection.
    pub(crate) async fn over(stream: TcpStream, authority: &str) -> io::Result<Self> {
        let (sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        Ok(Self {
            authority: authority.to_owned(),
            sender,
            driver: tokio::spawn(connection),
        })
    }

    /// Sends the request and reads the whole response. Only the path and the query of the request's URI are used.
    ///
    /// # Errors
    /// Returns an error when the connection is closed before the response is complete.
    pub async fn send(&mut self, request: Request<Bytes>) -> io::Result<Response<Bytes>> {
        let (mut head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        head.uri = path.parse::<Uri>().map_err(io::Error::other)?;
        head.headers
            .insert(header::HOST, self.authority.parse().map_err(io::Error::other)?);
        self.sender.ready().await.map_err(io::Error::other)?;
        let (head, body) = self
            .sender
            .send_request(Request::from_parts(head, Full::new(body)))
            .await
            .map_err(io::Error::other)?
            .into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Sends a request to an `http` URI with host and port, on a new connection.
///
/// # Errors
/// Returns an error when no server listens there, or the connection is closed before the response is complete.
pub async fn send(request: Request<Bytes>) -> io::Result<Response<Bytes>> {
    let authority = request
        .uri()
        .authority()
        .ok_or_else(|| io::Error::other("the URI names no host"))?
        .to_string();
    Connection::open(&authority).await?.send(request).await
}
