//! One batch, pushed until it is delivered or will not be.

use http::HeaderValue;
use loki_push::{Batch, Body};
use tokio::time;

use crate::{Answer, Attempt, ClientSettings, PushError, Transport, Verdict, verdict};

/// Pushes batches. One client serves the whole life of a function.
#[derive(Debug)]
pub struct Client<T> {
    settings: ClientSettings,
    transport: T,
}

/// A batch that Loki has acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// How often it was sent, at least once.
    pub attempts: u32,
    /// Bytes of its body as sent.
    pub bytes: usize,
}

impl<T: Transport> Client<T> {
    /// A client that sends through `transport`.
    pub fn new(settings: ClientSettings, transport: T) -> Self {
        Self { settings, transport }
    }

    /// What the client was made with.
    pub fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// Pushes the batch. It is encoded once, and the same bytes are sent until Loki has taken or refused
    /// them or there is no further try.
    ///
    /// # Errors
    /// When the batch is not delivered. A batch without entries is never sent: it is delivered.
    pub async fn push(&self, batch: &Batch) -> Result<Pushed, PushError> {
        if batch.is_empty() {
            return Ok(Pushed {
                attempts: 0,
                bytes: 0,
            });
        }
        let tenant = self.tenant_of(batch)?;
        let body = batch.body()?;
        let mut waits = self.settings.backoff.waits(|width| fastrand::u64(..width));
        let mut attempts = 0;
        loop {
            attempts += 1;
            let last = match self.attempt(&body, tenant.as_ref()).await {
                Ok(answer) => match verdict(answer.status) {
                    Verdict::Delivered => return Ok(delivered(&answer, &body, attempts)),
                    Verdict::Refused => return Err(PushError::Refused { answer, attempts }),
                    Verdict::TryAgain => Attempt::Answered(answer),
                },
                Err(failed) => failed,
            };
            let Some(wait) = waits.next() else {
                return Err(PushError::Exhausted { last, attempts });
            };
            tracing::warn!(
                attempts,
                wait_ms = wait.as_millis(),
                "push failed, trying again: {last}"
            );
            time::sleep(wait).await;
        }
    }

    async fn attempt(&self, body: &Body, tenant: Option<&HeaderValue>) -> Result<Answer, Attempt> {
        let timeout = self.settings.timeout;
        match time::timeout(timeout, self.transport.send(body, tenant)).await {
            Ok(sent) => Ok(sent?),
            Err(_) => Err(Attempt::TimedOut(timeout)),
        }
    }

    fn tenant_of(&self, batch: &Batch) -> Result<Option<HeaderValue>, PushError> {
        let Some(tenant) = batch.tenant() else {
            return Ok(self.settings.tenant.clone());
        };
        let header = HeaderValue::from_str(tenant).map_err(|source| PushError::Tenant {
            tenant: tenant.to_owned(),
            source,
        })?;
        Ok(Some(header))
    }
}

fn delivered(answer: &Answer, body: &Body, attempts: u32) -> Pushed {
    if !matches!(answer.status.as_u16(), 200 | 204) {
        tracing::warn!("Loki took the push with an unusual answer: {answer}");
    }
    Pushed {
        attempts,
        bytes: body.bytes.len(),
    }
}
