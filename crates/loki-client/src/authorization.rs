//! The credentials in use.

use std::time::Duration;

use http::HeaderValue;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::{AuthError, Credentials};

/// Credentials that were just fetched anew and are still not taken are wrong, not old: the keeper of the
/// secrets is not asked again sooner than this.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(10);

/// The credentials in use, as a header.
#[derive(Debug)]
pub(crate) struct Authorization {
    credentials: Credentials,
    /// Locked while they are fetched: pushes in flight wait for one fetch together.
    cached: Mutex<Cached>,
}

#[derive(Debug, Default)]
struct Cached {
    /// How often credentials were fetched.
    generation: u64,
    header: Option<Option<HeaderValue>>,
    renewed: Option<Instant>,
}

/// The value of `Authorization`, if there is one, and which credentials it was made of.
#[derive(Clone, Debug)]
pub(crate) struct IssuedHeader {
    pub(crate) header: Option<HeaderValue>,
    generation: u64,
}

impl Authorization {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            cached: Mutex::default(),
        }
    }

    /// The credentials, fetched when there are none yet.
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

    /// Notes that a server does not take the credentials of that issued. Gives whether there may be newer
    /// ones.
    pub(crate) async fn reject(&self, issued: &IssuedHeader) -> bool {
        if matches!(self.credentials, Credentials::Fixed(_)) {
            return false;
        }
        let mut cached = self.cached.lock().await;
        if cached.generation != issued.generation {
            // Another push has noted it already.
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
