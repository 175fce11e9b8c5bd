//! A request that shows whether the server takes pushes with these settings.

use http::StatusCode;
use loki_push::Batch;

use crate::client::{AttemptLimits, Progress};
use crate::{AttemptError, Client, PushError, PushResponse, Transport};

/// The text with which Loki 3.4 and later refuse a push without streams, once they have checked everything else. Earlier
/// versions answer 204.
const NO_STREAMS: &str = "at least one valid stream is required";

impl<T: Transport> Client<T> {
    /// Sends one push without entries, which makes no stream, with the credentials, certificates, proxy and tenant of the
    /// settings. Returns whether the server is known to be Loki by its answer.
    ///
    /// # Errors
    /// Returns an error if the server cannot be reached, or refuses the push for another reason than its lack of entries.
    pub async fn probe(&self) -> Result<bool, PushError> {
        let settings = self.settings();
        let empty = Batch::new(settings.encoding, None, self.buffers()).pack()?;
        let tenant = settings.tenant.as_ref();
        let limits = AttemptLimits {
            max_attempts: 1,
            may_split: false,
        };
        let mut progress = Progress::default();
        let attempt = self.attempt(empty.body(), tenant, limits, &mut progress).await;
        let response = attempt.map_err(|last| PushError::Exhausted { last, attempts: 1 })?;
        match answered(&response) {
            Some(is_loki) => Ok(is_loki),
            None => Err(PushError::Exhausted {
                last: AttemptError::Status(response),
                attempts: 1,
            }),
        }
    }
}

/// Returns whether the answer is one that only Loki gives, or `None` if it is not one to a push without entries.
fn answered(response: &PushResponse) -> Option<bool> {
    match response.status {
        StatusCode::UNPROCESSABLE_ENTITY => response.message.contains(NO_STREAMS).then_some(true),
        StatusCode::NO_CONTENT => Some(true),
        StatusCode::OK => Some(false),
        _ => None,
    }
}
