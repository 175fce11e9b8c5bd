//! The cached credentials of the client.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::{AuthError, Credentials};

/// The minimum time between two renewals of the credentials. Credentials that are refused just after they were
/// fetched are wrong and not outdated, so fetching them again at once would not help.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(10);

/// The credentials and other secret headers of the client, cached as header values.
#[derive(Debug)]
pub(crate) struct Authorization {
    credentials: Credentials,
    /// Locked while credentials are fetched, so that all pushes in flight wait for the same fetch.
    cached: Mutex<Cached>,
}

/// The credentials that were fetched last.
#[derive(Debug, Default)]
struct Cached {
    /// The number of times that credentials were fetched.
    generation: u64,
    /// The headers, which may be none, once they were fetched.
    headers: Option<Arc<HeaderMap>>,
    /// The time of the last renewal.
    renewed: Option<Instant>,
}

/// The secret headers of a push, with the generation of their values.
#[derive(Clone, Debug)]
pub(crate) struct IssuedHeaders {
    pub(crate) headers: Arc<HeaderMap>,
    generation: u64,
}

impl Authorization {
    /// Creates an empty cache. Nothing is fetched yet.
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            cached: Mutex::default(),
        }
    }

    /// Returns the current credentials, which are fetched if the cache is empty.
    pub(crate) async fn current(&self) -> Result<IssuedHeaders, AuthError> {
        let mut cached = self.cached.lock().await;
        let headers = match &cached.headers {
            Some(headers) => Arc::clone(headers),
            None => {
                let headers = match &self.credentials {
                    Credentials::Fixed(secrets) => secrets.headers()?,
                    Credentials::Fetched(source) => source.fetch().await?.headers()?,
                };
                let headers = Arc::new(headers);
                cached.generation += 1;
                cached.headers = Some(Arc::clone(&headers));
                headers
            }
        };
        Ok(IssuedHeaders {
            headers,
            generation: cached.generation,
        })
    }

    /// Records that a server refused these credentials, and returns whether there may be newer ones.
    pub(crate) async fn reject(&self, issued: &IssuedHeaders) -> bool {
        if matches!(self.credentials, Credentials::Fixed(_)) {
            return false;
        }
        let mut cached = self.cached.lock().await;
        if cached.generation != issued.generation {
            // They were already renewed after another push was refused.
            return true;
        }
        if cached
            .renewed
            .is_some_and(|renewed| renewed.elapsed() < RENEWAL_INTERVAL)
        {
            return false;
        }
        cached.headers = None;
        cached.renewed = Some(Instant::now());
        true
    }
}
