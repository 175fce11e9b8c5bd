//! The HTTP clients, their root certificates and their pools of idle connections.

use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client};
use url::Url;

use crate::early_connection::EarlyConnection;
use crate::transport::Connections;
use crate::{ClientSettings, RootCertificates, TransportError};

/// The HTTP clients of a transport.
///
/// The system's root certificates are read when the first connection needs them, since that takes longer than all the
/// rest of a start. They are not needed for `http` URLs, or where the settings contain root certificates.
#[derive(Debug)]
pub(crate) struct HttpClients {
    settings: ClientSettings,
    early: EarlyConnection,
    current: Mutex<Current>,
}

/// The clients in use, each with its own pool of connections.
#[derive(Debug)]
struct Current {
    /// The client that only trusts the root certificates of the settings.
    own: Client,
    /// The client that trusts the root certificates of the system.
    system: Option<Client>,
    connections: Connections,
}

impl HttpClients {
    /// Creates the client that does not need the system's root certificates.
    pub(crate) fn new(settings: &ClientSettings) -> Result<Self, TransportError> {
        let early = EarlyConnection::default();
        Ok(Self {
            settings: settings.clone(),
            current: Mutex::new(Current {
                own: build_own(settings, &early)?,
                system: None,
                connections: Connections::default(),
            }),
            early,
        })
    }

    pub(crate) fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// Returns the client for the URL, and the state of its connections.
    pub(crate) fn client(&self, url: &Url) -> Result<(Client, Connections), TransportError> {
        let mut current = self.current();
        let connections = current.connections;
        if !self.needs_system_roots(url) {
            return Ok((current.own.clone(), connections));
        }
        let client = match &current.system {
            Some(client) => client.clone(),
            // An error is not kept, so that the next push tries again.
            None => current
                .system
                .insert(build(&self.settings, &self.early, None)?)
                .clone(),
        };
        Ok((client, connections))
    }

    /// Connects to the URL for the first push. Nothing is sent on the connection before that.
    pub(crate) async fn connect(&self, url: &Url) -> Result<(), TransportError> {
        let (client, connections) = self.client(url)?;
        if !self.early.request() {
            return Ok(());
        }
        // Ends with an error, whether there is a connection or not.
        let error = client.get(url.clone()).send().await.err();
        if self.early.is_ready() {
            // The server may close the connection before it is used, as it may close one that is kept open.
            self.record_kept(connections.generation);
            return Ok(());
        }
        match error {
            Some(error) => Err(TransportError::from_chain(&error.without_url())),
            None => Ok(()),
        }
    }

    /// Returns the state of the connections.
    pub(crate) fn connections(&self) -> Connections {
        self.current().connections
    }

    /// Records that a connection of a generation has returned a response and is kept open for later pushes.
    pub(crate) fn record_kept(&self, generation: u64) {
        let mut current = self.current();
        if current.connections.generation == generation {
            current.connections.has_kept = true;
        }
    }

    /// Forgets all idle connections of a generation, and returns whether the next attempt uses a new connection.
    ///
    /// reqwest cannot empty a pool, so the clients are replaced. Requests in flight keep the old client, which closes
    /// its connections when they have ended.
    pub(crate) fn forget(&self, seen: Connections) -> bool {
        if !seen.has_kept {
            return false;
        }
        let mut current = self.current();
        if current.connections.generation != seen.generation {
            // They were already forgotten after another push failed.
            return true;
        }
        self.early.close();
        let Ok(own) = build_own(&self.settings, &self.early) else {
            // The same client was built before, so this is not expected. The old one is still usable.
            return false;
        };
        *current = Current {
            own,
            system: None,
            connections: Connections {
                generation: seen.generation + 1,
                has_kept: false,
            },
        };
        true
    }

    /// Returns whether a push to the URL needs the root certificates of the system.
    fn needs_system_roots(&self, url: &Url) -> bool {
        let tls = &self.settings.tls;
        let has_tls = url.scheme() == "https" || self.settings.proxy.has_tls();
        has_tls && !tls.skip_verify && tls.root_certificates.is_none()
    }

    /// Locks the clients. A panic while they were locked does not matter, since they are replaced as a whole.
    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Builds a client that only trusts the root certificates of the settings.
fn build_own(settings: &ClientSettings, early: &EarlyConnection) -> Result<Client, TransportError> {
    let own = settings.tls.root_certificates.as_ref();
    let own = own.into_iter().flat_map(RootCertificates::certificates).collect();
    build(settings, early, Some(own))
}

/// Builds a client that trusts the given root certificates, or those of the system where none are given.
fn build(
    settings: &ClientSettings,
    early: &EarlyConnection,
    roots: Option<Vec<Certificate>>,
) -> Result<Client, TransportError> {
    let tls = &settings.tls;
    let mut http = Client::builder()
        .user_agent(&settings.user_agent)
        // reqwest would turn the push into a GET on 301 to 303. `http_transport::follow` handles redirects.
        .redirect(Policy::none())
        // The proxies come from the settings alone; reqwest would read them from the environment.
        .no_proxy()
        .connector_layer(early.clone())
        .tls_danger_accept_invalid_certs(tls.skip_verify);
    for proxy in settings.proxy.proxies()? {
        http = http.proxy(proxy);
    }
    if let Some(roots) = roots {
        http = http.tls_certs_only(roots);
    }
    if let Some(identity) = &tls.identity {
        http = http.identity(identity.identity());
    }
    http.build().map_err(|error| TransportError::from_chain(&error))
}
