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
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// How often credentials were fetched.
    generation: u64,
    header: Option<Option<HeaderValue>>,
    renewed: Option<Instant>,
}

/// The value of `Authorization`, if there is one, and which credentials it was made of.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) header: Option<HeaderValue>,
    generation: u64,
}

impl Authorization {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            held: Mutex::default(),
        }
    }

    /// The credentials, fetched when there are none yet.
    pub(crate) async fn grant(&self) -> Result<Grant, AuthError> {
        let mut held = self.held.lock().await;
        let header = match &held.header {
            Some(header) => header.clone(),
            None => {
                let header = match &self.credentials {
                    Credentials::Fixed(auth) => auth.header()?,
                    Credentials::Fetched(source) => source.fetch().await?.header()?,
                };
                held.generation += 1;
                held.header = Some(header.clone());
                header
            }
        };
        Ok(Grant {
            header,
            generation: held.generation,
        })
    }

    /// Notes that a server does not take the credentials of that grant. Gives whether there may be newer
    /// ones.
    pub(crate) async fn refused(&self, grant: &Grant) -> bool {
        if matches!(self.credentials, Credentials::Fixed(_)) {
            return false;
        }
        let mut held = self.held.lock().await;
        if held.generation != grant.generation {
            // Another push has noted it already.
            return true;
        }
        if held
            .renewed
            .is_some_and(|renewed| renewed.elapsed() < RENEWAL_INTERVAL)
        {
            return false;
        }
        held.header = None;
        held.renewed = Some(Instant::now());
        true
    }
}
