//! The HTTP client, and which authorities it trusts.

use std::sync::OnceLock;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client};
use url::Url;

use crate::{Authorities, ClientSettings, TransportError};

/// HTTP by the settings. The system's authorities are read when the first connection needs them, which takes
/// longer than all the rest of a start; `http` URLs never need them, nor does who names authorities of their own.
#[derive(Debug)]
pub(crate) struct HttpClients {
    settings: ClientSettings,
    /// Trusts the authorities of the settings, and no others.
    own: Client,
    /// Trusts the authorities of the system.
    system: OnceLock<Client>,
}

impl HttpClients {
    pub(crate) fn new(settings: &ClientSettings) -> Result<Self, TransportError> {
        let own = settings.tls.authorities.as_ref();
        let own = own.into_iter().flat_map(Authorities::certificates).collect();
        Ok(Self {
            settings: settings.clone(),
            own: build(settings, Some(own))?,
            system: OnceLock::new(),
        })
    }

    /// The client for the URL.
    pub(crate) fn client(&self, url: &Url) -> Result<&Client, TransportError> {
        if !self.asks_system(url) {
            return Ok(&self.own);
        }
        if let Some(client) = self.system.get() {
            return Ok(client);
        }
        // Not kept when it fails: the next push tries again.
        let client = build(&self.settings, None)?;
        Ok(self.system.get_or_init(|| client))
    }

    fn asks_system(&self, url: &Url) -> bool {
        let tls = &self.settings.tls;
        let has_tls = url.scheme() == "https" || self.settings.proxy.has_tls();
        has_tls && !tls.skip_verify && tls.authorities.is_none()
    }
}

/// A client that trusts these authorities, or those of the system.
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
