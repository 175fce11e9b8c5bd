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
    /// A proxy that connects to what it is asked for.
    pub async fn start() -> Self {
        Self::serve(Service::to(None)).await
    }

    /// A proxy that connects to this address whatever it is asked for, so that hosts need not exist.
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

    /// Where it is, for `HTTP_PROXY` and `HTTPS_PROXY`.
    pub fn url(&self) -> String {
        format!("http://{}", self.listener.address())
    }

    /// From now on refuses (407) whoever does not log in so.
    pub fn require(&self, user: &str, password: &str) {
        self.service.require(user, password);
    }

    /// Host and port of each request, refused ones included, in the order they came.
    pub fn targets(&self) -> Vec<String> {
        self.service.targets()
    }
}
