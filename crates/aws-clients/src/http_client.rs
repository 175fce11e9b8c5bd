//! The HTTP client of all services, and the root certificates it trusts.

use std::sync::Arc;

use aws_sdk_s3::config::SharedHttpClient;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use http::Uri;
use http::uri::Scheme;
use hyper_util::client::proxy::matcher::Matcher;

/// The proxies between the function and AWS, as the SDK's configuration and as a matcher of URIs.
pub(crate) struct Proxies {
    config: ProxyConfig,
    matcher: Matcher,
}

impl Proxies {
    /// Reads the proxies from the variables that the SDK reads: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
    /// `NO_PROXY`.
    pub(crate) fn from_environment() -> Self {
        Self {
            config: ProxyConfig::from_env(),
            matcher: Matcher::from_env(),
        }
    }

    /// Returns a configuration without proxies.
    pub(crate) fn none() -> Self {
        Self {
            config: ProxyConfig::disabled(),
            matcher: Matcher::builder().build(),
        }
    }
}

/// Returns one client for all services. Otherwise each service would make its own, with its own TLS set-up
/// and without support for proxies.
pub(crate) fn http_client(proxies: Proxies) -> SharedHttpClient {
    SharedHttpClient::new(Clients {
        plain: client(&proxies, false),
        tls: client(&proxies, true),
        matcher: Arc::new(proxies.matcher),
    })
}

/// Returns a client that trusts the root certificates of the system, or none.
fn client(proxies: &Proxies, trusts_system: bool) -> SharedHttpClient {
    let proxies = proxies.config.clone();
    Builder::new().build_with_connector_fn(move |settings, components| {
        connector(&proxies, trusts_system, settings, components)
    })
}

/// Returns a connector that trusts the root certificates of the system, or none.
fn connector(
    proxies: &ProxyConfig,
    trusts_system: bool,
    settings: Option<&HttpConnectorSettings>,
    components: Option<&RuntimeComponents>,
) -> Connector {
    let mut connector = Connector::builder().proxy_config(proxies.clone());
    connector.set_connector_settings(settings.cloned());
    connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
    let trusted = TrustStore::default().with_native_roots(trusts_system);
    let tls = TlsContext::builder().with_trust_store(trusted).build();
    connector
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        // Building the context can only fail because of certificates from a file, and none are given.
        .tls_context(tls.unwrap_or_default())
        .build()
}

/// Reads the root certificates of the system, which the SDK keeps for the life of the process.
pub(crate) fn read_root_certificates() {
    // They are read when a connector is built.
    connector(&ProxyConfig::disabled(), true, None, None);
}

/// A pair of clients, with and without the system's root certificates. Reading them takes longer than the
/// rest of the start-up, so it is delayed until the first request that needs them. The SDK's own client reads
/// them when its settings are validated, whatever the endpoint is.
#[derive(Debug)]
struct Clients {
    plain: SharedHttpClient,
    tls: SharedHttpClient,
    matcher: Arc<Matcher>,
}

impl HttpClient for Clients {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(ByUri {
            plain: self.plain.clone(),
            tls: self.tls.clone(),
            matcher: Arc::clone(&self.matcher),
            settings: settings.clone(),
            components: components.clone(),
        })
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.tls.connector_metadata()
    }
}

/// A connector that passes each request to the client for its URI. The clients keep their connections.
#[derive(Debug)]
struct ByUri {
    plain: SharedHttpClient,
    tls: SharedHttpClient,
    matcher: Arc<Matcher>,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for ByUri {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = match has_tls(&self.matcher, request.uri()) {
            true => &self.tls,
            false => &self.plain,
        };
        client
            .http_connector(&self.settings, &self.components)
            .call(request)
    }
}

/// Returns whether the connection to the service, or to a proxy before it, uses TLS. A URI that cannot be
/// parsed counts as TLS: the connector then reports the error.
fn has_tls(proxies: &Matcher, uri: &str) -> bool {
    let is_plain = |uri: &Uri| uri.scheme() == Some(&Scheme::HTTP);
    let Ok(uri) = uri.parse::<Uri>() else {
        return true;
    };
    let proxy = proxies.intercept(&uri);
    !is_plain(&uri) || proxy.is_some_and(|proxy| !is_plain(proxy.uri()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_needed_where_there_is_tls_on_the_way() {
        let none = || Matcher::builder();
        let plain_proxy = || none().all("http://proxy.example.com:3128");
        let tls_proxy = || none().all("https://proxy.example.com:3128").no("127.0.0.1");
        for (proxies, uri, expected) in [
            (none(), "https://logs.s3.eu-west-1.amazonaws.com/key", true),
            (none(), "http://127.0.0.1:9000/logs/key", false),
            (plain_proxy(), "https://logs.s3.eu-west-1.amazonaws.com/key", true),
            (plain_proxy(), "http://s3.example.com/logs/key", false),
            (tls_proxy(), "http://s3.example.com/logs/key", true),
            (tls_proxy(), "http://127.0.0.1:9000/logs/key", false),
            (none(), "no uri", true),
        ] {
            let proxies = proxies.build();
            assert_eq!(has_tls(&proxies, uri), expected, "{uri} by way of {proxies:?}");
        }
    }
}
