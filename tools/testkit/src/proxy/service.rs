//! The handling of a connection to the proxy.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::uri::Scheme;
use http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;

use crate::loopback::{Connection, answer};

/// The headers that concern a single connection and are not passed on (RFC 9110, 7.6.1 and 11.7).
const HOP_BY_HOP: [HeaderName; 5] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TRANSFER_ENCODING,
    HeaderName::from_static("proxy-connection"),
];

/// The state of a proxy: its target, the required credentials, and the requests so far.
#[derive(Debug)]
pub(super) struct Service {
    to: Option<SocketAddr>,
    required: Mutex<Option<String>>,
    targets: Mutex<Vec<String>>,
}

/// The two ends of a tunnel: the client's connection once it is free, and the server's.
type Tunnel = Mutex<Option<(OnUpgrade, TcpStream)>>;

impl Service {
    pub(super) fn to(to: Option<SocketAddr>) -> Self {
        Self {
            to,
            required: Mutex::default(),
            targets: Mutex::default(),
        }
    }

    pub(super) fn require(&self, user: &str, password: &str) {
        let login = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        *self.required.lock().unwrap() = Some(login);
    }

    pub(super) fn targets(&self) -> Vec<String> {
        self.targets.lock().unwrap().clone()
    }

    pub(super) async fn serve(&self, stream: TcpStream) {
        let tunnel = Tunnel::default();
        let handler = service_fn(|request| self.handle(request, &tunnel));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), handler);
        // Errors are ignored, since the client and both ends of a tunnel may close at any time.
        let _ = connection.with_upgrades().await;
        let tunnel = tunnel.lock().unwrap().take();
        if let Some((client, mut server)) = tunnel
            && let Ok(client) = client.await
        {
            let _ = copy_bidirectional(&mut TokioIo::new(client), &mut server).await;
        }
    }

    async fn handle(
        &self,
        request: Request<Incoming>,
        tunnel: &Tunnel,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let Some(target) = target(request.method(), request.uri()) else {
            return Ok(refusal(StatusCode::BAD_REQUEST, "this is a proxy"));
        };
        self.targets.lock().unwrap().push(target.clone());
        if !self.admits(request.headers()) {
            let mut refusal = refusal(StatusCode::PROXY_AUTHENTICATION_REQUIRED, "log in");
            let login = header::HeaderValue::from_static("Basic realm=\"testkit\"");
            refusal.headers_mut().insert(header::PROXY_AUTHENTICATE, login);
            return Ok(refusal);
        }
        let done = match self.connect(&target).await {
            Ok(server) if request.method() == Method::CONNECT => {
                *tunnel.lock().unwrap() = Some((hyper::upgrade::on(request), server));
                Ok(Response::default())
            }
            Ok(server) => forward(request, server).await,
            Err(error) => Err(error),
        };
        Ok(done.unwrap_or_else(|error| refusal(StatusCode::BAD_GATEWAY, &format!("{target}: {error}"))))
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let required = self.required.lock().unwrap();
        required.as_deref().is_none_or(|login| {
            headers
                .get(header::PROXY_AUTHORIZATION)
                .is_some_and(|value| value.as_bytes() == login.as_bytes())
        })
    }

    async fn connect(&self, target: &str) -> io::Result<TcpStream> {
        let stream = match self.to {
            Some(address) => TcpStream::connect(address).await?,
            None => TcpStream::connect(target).await?,
        };
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// Returns the host and port of a request, or `None` if it is not a request to a proxy.
fn target(method: &Method, uri: &Uri) -> Option<String> {
    let port = match (method, uri.port_u16()) {
        (_, Some(port)) => port,
        (&Method::CONNECT, None) => return None,
        (_, None) => 80,
    };
    let is_for_proxy = *method == Method::CONNECT || uri.scheme() == Some(&Scheme::HTTP);
    is_for_proxy.then_some(format!("{}:{port}", uri.host()?))
}

async fn forward(request: Request<Incoming>, server: TcpStream) -> io::Result<Response<Full<Bytes>>> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let authority = head.uri.authority().map(ToString::to_string).unwrap_or_default();
    remove_hop_by_hop(&mut head.headers);
    let mut connection = Connection::over(server, &authority).await?;
    let mut response = connection.send(Request::from_parts(head, body)).await?;
    remove_hop_by_hop(response.headers_mut());
    Ok(response.map(Full::new))
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

fn refusal(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    answer(status, "text/plain; charset=utf-8", format!("{text}\n"))
}
