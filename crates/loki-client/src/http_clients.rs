//! The HTTP client: which root certificates it trusts, and its pool of kept connections.

use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client};
use url::Url;

use crate::transport::Connections;
use crate::{ClientSettings, RootCertificates, TransportError};

/// HTTP by the settings. The system's root certificates are read when the first connection needs them, which takes
/// longer than all the rest of a start; `http` URLs never need them, nor does who names root certificates of their own.
#[derive(Debug)]
pub(crate) struct HttpClients {
    settings: ClientSettings,
    current: Mutex<Current>,
}

/// The clients in use, each with a pool of its own.
#[derive(Debug)]
struct Current {
    /// Trusts the root certificates of the settings, and no others.
    own: Client,
    /// Trusts the root certificates of the system.
    system: Option<Client>,
    connections: Connections,
}

impl HttpClients {
    pub(crate) fn new(settings: &ClientSettings) -> Result<Self, TransportError> {
        Ok(Self {
            settings: settings.clone(),
            current: Mutex::new(Current {
                own: build_own(settings)?,
                system: None,
                connections: Connections::default(),
            }),
        })
    }

    pub(crate) fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// Returns the client for the URL, and what is known of its connections.
    pub(crate) fn client(&self, url: &Url) -> Result<(Client, Connections), TransportError> {
        let mut current = self.current();
        let connections = current.connections;
        if !self.asks_system(url) {
            return Ok((current.own.clone(), connections));
        }
        let client = match &current.system {
            Some(client) => client.clone(),
            // Not kept when it fails: the next push tries again.
            None => current.system.insert(build(&self.settings, None)?).clone(),
        };
        Ok((client, connections))
    }

    pub(crate) fn connections(&self) -> Connections {
        self.current().connections
    }

    /// Notes that a connection of this generation answered, and is kept open for later pushes.
    pub(crate) fn record_kept(&self, generation: u64) {
        let mut current = self.current();
        if current.connections.generation == generation {
            current.connections.has_kept = true;
        }
    }

    /// Forgets all idle connections of that generation. Returns whether the next attempt connects anew.
    ///
    /// reqwest cannot empty a pool, so the clients are replaced. Requests in flight keep the old one, and it closes its
    /// connections when they have ended.
    pub(crate) fn forget(&self, seen: Connections) -> bool {
        if !seen.has_kept {
            return false;
        }
        let mut current = self.current();
        if current.connections.generation != seen.generation {
            // Another push has noticed before.
            return true;
        }
        let Ok(own) = build_own(&self.settings) else {
            // It could be built before, so this should not happen; the old one is of use still.
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

    fn asks_system(&self, url: &Url) -> bool {
        let tls = &self.settings.tls;
        let has_tls = url.scheme() == "https" || self.settings.proxy.has_tls();
        has_tls && !tls.skip_verify && tls.authorities.is_none()
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        // It is replaced as a whole.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn build_own(settings: &ClientSettings) -> Result<Client, TransportError> {
    let own = settings.tls.authorities.as_ref();
    let own = own.into_iter().flat_map(RootCertificates::certificates).collect();
    build(settings, Some(own))
}

/// Builds a client that trusts these root certificates, or those of the system.
fn build(settings: &ClientSettings, authorities: Option<Vec<Certificate>>) -> Result<Client, TransportError> {
    let tls = &settings.tls;
    let mut http = Client::builder()
        .user_agent(&settings.user_agent)
        // It would turn the push into a GET on 301 to 303; see `follow`.
        .redirect(Policy::none())
        // The settings say which proxies there are; nothing below them reads the environment.
        .no_proxy()
        .tls_danger_accept_invalid_certs(tls.skip_verify);
    for proxy in settings.proxy.proxies()? {
        http = http.proxy(proxy);
    }
    if let Some(authorities) = authorities {
        http = http.tls_certs_only(authorities);
    }
    if let Some(identity) = &tls.identity {
        http = http.identity(identity.identity());
    }
    http.build().map_err(|error| TransportError::from_chain(&error))
}
