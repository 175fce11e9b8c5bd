//! The server's side of the handshake.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncWriteExt, copy, sink};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::server::{Acceptor, WebPkiClientVerifier};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

use super::{Authority, Names};

/// The time that a refused client has to close the connection.
const PARTING: Duration = Duration::from_secs(1);

/// An acceptor that makes the TLS handshake of connections, or lets it fail.
#[derive(Clone, Debug)]
pub(crate) struct TlsAcceptor {
    config: Arc<ServerConfig>,
    clients: Option<Names>,
    failures: Arc<AtomicUsize>,
}

impl TlsAcceptor {
    /// Creates an acceptor with a certificate of `authority`. With `clients`, it only accepts clients with a
    /// certificate of that authority.
    pub(crate) fn new(authority: &Authority, clients: Option<&Authority>) -> Self {
        // The provider is given here, since the test process may have no default provider or another one.
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.issuer.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let (certificate, key) = authority.server();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let mut config = builder
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
        // The server only supports HTTP/1.1.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self {
            config: Arc::new(config),
            clients: clients.map(|clients| Arc::clone(&clients.clients)),
            failures: Arc::default(),
        }
    }

    /// Closes the next `count` connections during the handshake.
    pub(crate) fn fail(&self, count: usize) {
        self.failures.fetch_add(count, Ordering::SeqCst);
    }

    /// Stops closing connections.
    pub(crate) fn fail_no_more(&self) {
        self.failures.store(0, Ordering::SeqCst);
    }

    /// Makes the handshake and returns the connection with the client's common name, if it has one. Returns `None`
    /// when the handshake fails.
    pub(crate) async fn accept(&self, stream: TcpStream) -> Option<(TlsStream<TcpStream>, Option<String>)> {
        // The client's hello is read first, since closing with unread bytes would send a reset.
        let started = LazyConfigAcceptor::new(Acceptor::default(), stream).await.ok()?;
        let fails = self
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if fails.is_ok() {
            return None;
        }
        let accepted = started.into_stream(Arc::clone(&self.config)).into_fallible();
        match accepted.await {
            Ok(stream) => {
                let name = self.name_of(&stream);
                Some((stream, name))
            }
            Err((_, stream)) => {
                part(stream).await;
                None
            }
        }
    }

    fn name_of(&self, stream: &TlsStream<TcpStream>) -> Option<String> {
        let certificate = stream.get_ref().1.peer_certificates()?.first()?;
        self.clients.as_ref()?.lock().unwrap().get(certificate).cloned()
    }
}

/// Waits until a refused client has closed the connection, and reads its request. With an unread request the close
/// would be a reset, which can arrive before the alert with the reason.
async fn part(mut stream: TcpStream) {
    if stream.shutdown().await.is_ok() {
        let _ = timeout(PARTING, copy(&mut stream, &mut sink())).await;
    }
}
