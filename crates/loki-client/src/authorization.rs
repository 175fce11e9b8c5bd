//! The cached credentials of the client.

use std::time::Duration;

use http::HeaderValue;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::{AuthError, Credentials};

/// The minimum time between two renewals of the credentials. Credentials that are refused just after they were
/// fetched are wrong and not outdated, so fetching them again at once would not help.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(10);

/// The credentials of the client, cached as a header value.
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
    /// The value of `Authorization`, which is `None` inside for pushes without credentials.
    header: Option<Option<HeaderValue>>,
    /// The time of the last renewal.
    renewed: Option<Instant>,
}

/// The value of `Authorization`, if there is one, with the generation of its credentials.
#[derive(Clone, Debug)]
pub(crate) struct IssuedHeader {
    pub(crate) header: Option<HeaderValue>,
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
    pub(crate) async fn current(&self) -> Result<IssuedHeader, AuthError> {
        let mut cached = self.cached.lock().await;
        let header = match &cached.header {
            Some(header) => header.clone(),
            None => {
                let header = match &self.credentials {
                    Credentials::Fixed(auth) => auth.header()?,
                    Credentials::Fetched(source) => source.fetch().await?.header()?,
                };
                cached.generation += 1;
                cached.header = Some(header.clone());
                header
            }
        };
        Ok(IssuedHeader {
            header,
            generation: cached.generation,
        })
    }

    /// Records that a server refused these credentials, and returns whether there may be newer ones.
    pub(crate) async fn reject(&self, issued: &IssuedHeader) -> bool {
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
        cached.header = None;
        cached.renewed = Some(Instant::now());
        true
    }
}
