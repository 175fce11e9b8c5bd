//! An HTTP proxy: tunnels for `CONNECT`, and requests in absolute form for plain `http`.
//!
//! ```no_run
//! # async fn example() {
//! use testkit::{proxy::Proxy, receiver::Receiver};
//!
//! let receiver = Receiver::start().await;
//! let proxy = Proxy::start_to(receiver.address()).await;
//! let env = [
//!     ("HTTP_PROXY", proxy.url()),
//!     ("WRITE_ADDRESS", "http://loki.example/loki/api/v1/push".to_owned()),
//! ];
//! // ... one push later:
//! assert_eq!(proxy.targets(), ["loki.example:80"]);
//! # let _ = env;
//! # }
//! ```

mod service;

use std::net::SocketAddr;
use std::sync::Arc;

use crate::loopback::Listener;
use service::Service;

/// A proxy on a free port of the loopback.
#[derive(Debug)]
pub struct Proxy {
    listener: Listener,
    service: Arc<Service>,
}

impl Proxy {
    /// Starts a proxy that connects to the requested host.
    pub async fn start() -> Self {
        Self::serve(Service::to(None)).await
    }

    /// Starts a proxy that always connects to the given address, so that the requested hosts need not exist.
    pub async fn start_to(address: SocketAddr) -> Self {
        Self::serve(Service::to(Some(address))).await
    }

    async fn serve(service: Service) -> Self {
        let service = Arc::new(service);
        let shared = Arc::clone(&service);
        let listener = Listener::start(move |stream| {
            let service = Arc::clone(&shared);
            async move { service.serve(stream).await }
        });
        Self {
            listener: listener.await,
            service,
        }
    }

    /// Returns the URL of the proxy, for `HTTP_PROXY` and `HTTPS_PROXY`.
    pub fn url(&self) -> String {
        format!("http://{}", self.listener.address())
    }

    /// Requires a user and a password from now on, and refuses other requests with 407.
    pub fn require(&self, user: &str, password: &str) {
        self.service.require(user, password);
    }

    /// Returns the host and port of each request in order, including refused ones.
    pub fn targets(&self) -> Vec<String> {
        self.service.targets()
    }
}
