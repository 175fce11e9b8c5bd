//! What the clients of all services share.

use std::pin::Pin;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use crate::http_client::{Proxies, http_client};

/// Region, credentials and the HTTP client: loaded when a client is first needed, once, and shared by all
/// clients. A function that never reads an object never loads them.
#[derive(Debug)]
pub struct AwsAccess {
    fixed: Option<FixedEndpoint>,
    loaded: OnceCell<SdkConfig>,
}

/// One endpoint for everything, with credentials that never change: a local S3 server.
#[derive(Clone, Debug)]
pub struct FixedEndpoint {
    /// Where it is, as in `http://127.0.0.1:9000`.
    pub url: String,
    /// The region of requests that name none.
    pub region: String,
    /// Access key.
    pub access_key_id: String,
    /// Secret key.
    pub secret_access_key: SecretString,
}

impl AwsAccess {
    /// As the SDK finds them: its environment variables, profiles, container and instance roles.
    pub fn from_environment() -> Self {
        Self {
            fixed: None,
            loaded: OnceCell::new(),
        }
    }

    /// Nothing but what is given; the environment is not looked at.
    pub fn fixed(endpoint: FixedEndpoint) -> Self {
        Self {
            fixed: Some(endpoint),
            loaded: OnceCell::new(),
        }
    }

    /// The SDK's configuration. The first call loads it.
    pub(crate) async fn config(&self) -> &SdkConfig {
        self.loaded.get_or_init(|| self.load()).await
    }

    /// Boxed, or each of its callers would be compiled with a copy of the SDK's loading.
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

/// The SDK's defaults as of a day: an update of the SDK does not change them.
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
