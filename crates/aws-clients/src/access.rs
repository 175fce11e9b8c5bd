//! The configuration that the clients of all services share.

use std::pin::Pin;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use crate::http_client::{Proxies, http_client};

/// A region, credentials and an HTTP client, shared by all clients. They are loaded once, when a client is
/// first needed; a function that never reads an object never loads them.
#[derive(Debug)]
pub struct AwsAccess {
    fixed: Option<FixedEndpoint>,
    loaded: OnceCell<SdkConfig>,
}

/// A single endpoint for all services, with credentials that never change, such as a local S3 server.
#[derive(Clone, Debug)]
pub struct FixedEndpoint {
    /// The URL of the endpoint, such as `http://127.0.0.1:9000`.
    pub url: String,
    /// The region of requests that do not name one.
    pub region: String,
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: SecretString,
}

impl AwsAccess {
    /// Returns an access that is loaded as the SDK loads it: from its environment variables, profiles,
    /// container and instance roles.
    pub fn from_environment() -> Self {
        Self {
            fixed: None,
            loaded: OnceCell::new(),
        }
    }

    /// Returns an access to the given endpoint that does not read the environment.
    pub fn fixed(endpoint: FixedEndpoint) -> Self {
        Self {
            fixed: Some(endpoint),
            loaded: OnceCell::new(),
        }
    }

    /// Returns the SDK's configuration, which the first call loads.
    pub(crate) async fn config(&self) -> &SdkConfig {
        self.loaded.get_or_init(|| self.load()).await
    }

    /// Loads the configuration. The future is boxed so that the SDK's loading code is not compiled into each
    /// caller.
    fn load(&self) -> Pin<Box<dyn Future<Output = SdkConfig> + Send + '_>> {
        Box::pin(async {
            match &self.fixed {
                Some(endpoint) => fixed_config(endpoint),
                None => {
                    aws_config::defaults(behaviour())
                        .http_client(http_client(Proxies::from_environment()))
                        .load()
                        .await
                }
            }
        })
    }

    #[cfg(test)]
    pub(crate) fn is_loaded(&self) -> bool {
        self.loaded.initialized()
    }
}

/// Returns the version of the SDK's defaults. It is fixed so that an update of the SDK does not change them.
fn behaviour() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

fn fixed_config(endpoint: &FixedEndpoint) -> SdkConfig {
    let credentials = Credentials::new(
        &endpoint.access_key_id,
        endpoint.secret_access_key.expose_secret(),
        None,
        None,
        "fixed",
    );
    SdkConfig::builder()
        .behavior_version(behaviour())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(&endpoint.url)
        .http_client(http_client(Proxies::none()))
        .region(Region::new(endpoint.region.clone()))
        .build()
}
