//! The proxies between the function and Loki.

use std::fmt;

use reqwest::{NoProxy, Proxy};
use url::{Position, Url};

use crate::{TransportError, WriteAddress};

/// The settings of the proxies. By default none is used.
#[derive(Clone, Debug, Default)]
pub struct ProxySettings {
    /// The proxy for `https` push URLs.
    pub https: Option<ProxyAddress>,
    /// The proxy for `http` push URLs.
    pub http: Option<ProxyAddress>,
    /// The hosts that are reached without a proxy, as in `NO_PROXY`: names with their subdomains, addresses,
    /// networks, or `*`.
    pub direct: Option<String>,
}

/// A valid URL of a proxy. Its password, if it has one, is never printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyAddress(WriteAddress);

/// An error about text that is not the URL of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a proxy's URL; expected one like http://proxy.example.com:3128, with /, ?, # and @ in a user or password \
     written as %2F, %3F, %23 and %40"
)]
pub struct ProxyAddressError;

impl ProxyAddress {
    /// Parses `http://host:port`, `https://host:port` or `host:port`, optionally with `user:password@` before the host.
    ///
    /// # Errors
    /// Returns an error when the text is not the URL of a proxy.
    pub fn parse(text: &str) -> Result<Self, ProxyAddressError> {
        let url = match text.contains("://") {
            true => WriteAddress::parse(text),
            // Without a scheme, curl and most other programs take the proxy as an http one.
            false => WriteAddress::parse(&format!("http://{text}")),
        };
        let address = url.map_err(|_| ProxyAddressError)?;
        // A path, query or fragment may be the rest of a password that is not percent-encoded.
        match &address.url()[Position::BeforePath..] {
            "" | "/" => Ok(Self(address)),
            _ => Err(ProxyAddressError),
        }
    }

    /// Makes reqwest's proxy of the URL.
    fn proxy(&self, make: fn(Url) -> reqwest::Result<Proxy>) -> Result<Proxy, TransportError> {
        make(self.0.url().clone()).map_err(|error| TransportError::from_chain(&error.without_url()))
    }
}

impl ProxySettings {
    /// Returns the proxies for reqwest.
    pub(crate) fn proxies(&self) -> Result<Vec<Proxy>, TransportError> {
        let mut proxies = Vec::new();
        if let Some(https) = &self.https {
            proxies.push(https.proxy(Proxy::https)?);
        }
        if let Some(http) = &self.http {
            proxies.push(http.proxy(Proxy::http)?);
        }
        let direct = self.direct.as_deref().and_then(NoProxy::from_string);
        let proxies = proxies.into_iter().map(|proxy| proxy.no_proxy(direct.clone()));
        Ok(proxies.collect())
    }

    /// Returns the URLs of the proxies, with their passwords.
    pub(crate) fn urls(&self) -> impl Iterator<Item = &Url> {
        [&self.https, &self.http]
            .into_iter()
            .flatten()
            .map(|proxy| proxy.0.url())
    }

    /// Returns whether a connection to a proxy uses TLS.
    pub(crate) fn has_tls(&self) -> bool {
        let proxies = [&self.https, &self.http];
        let mut proxies = proxies.into_iter().flatten();
        proxies.any(|proxy| proxy.0.url().scheme() == "https")
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_of_proxies_are_accepted() {
        for good in [
            "http://proxy.example.com:3128",
            "https://me:hunter2@proxy.example.com",
            "proxy.example.com:3128",
            "10.0.0.1:3128",
        ] {
            let address = ProxyAddress::parse(good);
            assert!(address.is_ok(), "{good}: {address:?}");
            assert!(!format!("{address:?}").contains("hunter2"));
        }
        for bad in [
            "",
            "http://",
            "ftp://proxy:21",
            "http://proxy:port",
            "http://me:1/t0ken@proxy:3128",
            "http://proxy:3128/x",
        ] {
            assert!(ProxyAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
