//! Sending a push, with retries, until it is delivered or has failed.

use std::sync::Arc;
use std::time::Duration;

use dskit_backoff::Backoff;
use http::{HeaderValue, StatusCode};
use loki_push::{Body, Buffers, PackedBatch};
use tokio::time::{self, Instant};

use crate::authorization::Authorization;
use crate::concurrency_limiter::ConcurrencyLimiter;
use crate::pause::Pause;
use crate::{
    AttemptError, ClientSettings, Deadline, Push, PushError, PushResponse, ResponseClass, Transport,
    TransportError, classify,
};

/// A client that pushes batches to Loki. A function uses the same client for all invocations.
#[derive(Debug)]
pub struct Client<T> {
    settings: ClientSettings,
    authorization: Authorization,
    buffers: Buffers,
    limiter: ConcurrencyLimiter,
    transport: T,
}

/// A record of a push that Loki has acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The number of times that it was sent, which is 0 only for a batch without entries.
    pub attempts: u32,
    /// The length of its body as sent, in bytes.
    pub bytes: usize,
}

/// The state of a push between its attempts.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    attempts: u32,
    /// The number of attempts that the server answered with 429.
    pub(crate) throttled: u32,
    /// The number of time-outs in a row.
    timeouts: u32,
    last: Option<AttemptError>,
    /// Whether an attempt was repeated at once because an idle connection had died. That is done once.
    reconnected: bool,
    /// Whether an attempt was repeated at once with new credentials. That is done once.
    renewed: bool,
}

/// The limits on the attempts at a push.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttemptLimits {
    /// The maximum number of attempts; 0 means no limit, as in [`Backoff::max_retries`].
    pub(crate) max_attempts: u32,
    /// Whether the caller can send the halves of the push instead.
    pub(crate) may_split: bool,
}

impl Progress {
    /// Returns whether the push timed out twice in a row, so that it may be too large for a slow link.
    pub(crate) fn is_too_slow(&self) -> bool {
        self.timeouts >= 2
    }
}

impl<T: Transport> Client<T> {
    /// Creates a client that sends through `transport`.
    pub fn new(settings: ClientSettings, transport: T) -> Self {
        Self {
            authorization: Authorization::new(settings.credentials.clone()),
            buffers: Buffers::new(settings.batch_size),
            limiter: ConcurrencyLimiter::new(settings.push_concurrency),
            settings,
            transport,
        }
    }

    /// Returns the settings of the client.
    pub fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// Returns the pool of buffers that its batches are encoded in.
    pub fn buffers(&self) -> &Buffers {
        &self.buffers
    }

    /// Returns the number of pushes that each [`Delivery`](crate::Delivery) may have in flight now. It is less than that of
    /// the settings while the server asks for less.
    pub fn max_in_flight(&self) -> usize {
        self.limiter.limit()
    }

    /// Prepares for the first push, as far as that is possible in this time: connects, and fetches the credentials if
    /// they are not in the settings. Connecting goes on in the background after that.
    ///
    /// Failures are only logged, since the first push tries again.
    pub async fn prepare(self: &Arc<Self>, limit: Duration) {
        let client = Arc::clone(self);
        let connecting = tokio::spawn(async move {
            if let Err(error) = client.transport.connect().await {
                tracing::debug!("no connection yet: {error}");
            }
        });
        let fetching = async {
            if let Err(error) = self.authorization.current().await {
                tracing::debug!("no credentials yet: {error}");
            }
        };
        let prepared = async { tokio::join!(connecting, fetching) };
        if time::timeout(limit, prepared).await.is_err() {
            tracing::debug!("not prepared for pushes within {limit:?}");
        }
    }

    /// Pushes the batch without splitting it. The same bytes are sent until Loki has taken or refused them, no further
    /// attempt is allowed, or the deadline comes. No attempt and no wait goes on after the deadline.
    ///
    /// A batch without entries counts as delivered and is not sent.
    ///
    /// # Errors
    /// Returns an error when the batch is not delivered.
    pub async fn push(&self, batch: &PackedBatch, deadline: &Deadline) -> Result<Acknowledgement, PushError> {
        let limits = AttemptLimits {
            max_attempts: self.settings.backoff.max_retries,
            may_split: false,
        };
        self.push_with(batch, deadline, limits, &mut Progress::default())
            .await
    }

    /// Pushes the batch as [`push`](Self::push) does, within `limits`. A batch that may be split is given up after the
    /// second time-out in a row.
    pub(crate) async fn push_with(
        &self,
        batch: &PackedBatch,
        deadline: &Deadline,
        limits: AttemptLimits,
        progress: &mut Progress,
    ) -> Result<Acknowledgement, PushError> {
        if batch.is_empty() {
            return Ok(Acknowledgement::default());
        }
        let tenant = self.tenant_of(batch)?;
        let started = Instant::now();
        tokio::select! {
            // The deadline is checked first, so that no attempt begins after it.
            biased;
            () = deadline.passed() => {}
            result = self.send(batch, tenant.as_ref(), deadline, limits, progress) => {
                if let Some(result) = result {
                    return result;
                }
            }
        }
        Err(PushError::Deadline {
            last: progress.last.take(),
            attempts: progress.attempts,
            spent: started.elapsed(),
        })
    }

    /// Sends the body until the result is final. Returns `None` when there is not enough time left for another attempt.
    async fn send(
        &self,
        batch: &PackedBatch,
        tenant: Option<&HeaderValue>,
        deadline: &Deadline,
        limits: AttemptLimits,
        progress: &mut Progress,
    ) -> Option<Result<Acknowledgement, PushError>> {
        let backoff = Backoff {
            max_retries: limits.max_attempts,
            ..self.settings.backoff
        };
        let mut waits = backoff.waits(|width| fastrand::u64(..width));
        let mut last_chance = false;
        let body = batch.body();
        loop {
            let start = self.limiter.start_attempt();
            let failed = match self.attempt(body, tenant, limits, progress).await {
                Ok(response) => match classify(&response) {
                    ResponseClass::Delivered => {
                        self.limiter.on_success();
                        return Some(Ok(delivered(&response, body, progress.attempts)));
                    }
                    ResponseClass::Refused | ResponseClass::TooLarge => {
                        return Some(Err(PushError::Refused {
                            entry: batch.only_entry(),
                            response,
                            attempts: progress.attempts,
                        }));
                    }
                    ResponseClass::Retry => AttemptError::Status(response),
                },
                // The source of the credentials answered with a refusal, which another attempt would not change.
                Err(AttemptError::Auth(error)) if error.is_final() => {
                    return Some(Err(PushError::Exhausted {
                        last: AttemptError::Auth(error),
                        attempts: progress.attempts,
                    }));
                }
                Err(failed) => failed,
            };
            if asks_for_less(&failed) {
                self.limiter.on_overload(start);
            }
            let asked = asked_to_wait(&failed);
            let is_too_slow = limits.may_split && progress.is_too_slow();
            let attempts = progress.attempts;
            let last = progress.last.insert(failed);
            let Some(wait) = waits.next().filter(|_| !is_too_slow) else {
                let last = last.clone();
                return Some(Err(PushError::Exhausted { last, attempts }));
            };
            if last_chance {
                return None;
            }
            let wait = match Pause::new(wait, asked, deadline.remaining()) {
                Pause::Wait(wait) => wait,
                Pause::LastChance(wait) => {
                    last_chance = true;
                    wait
                }
                Pause::GiveUp => return None,
            };
            tracing::warn!(
                attempts,
                wait_ms = wait.as_millis(),
                "push failed, trying again: {last}"
            );
            time::sleep(wait).await;
        }
    }

    /// Makes an attempt. Repeats it at once where the cause of the failure was an idle connection that had died, or
    /// credentials that have been replaced.
    pub(crate) async fn attempt(
        &self,
        body: &Body,
        tenant: Option<&HeaderValue>,
        limits: AttemptLimits,
        progress: &mut Progress,
    ) -> Result<PushResponse, AttemptError> {
        loop {
            let issued = self.authorization.current().await?;
            let push = Push {
                body,
                tenant,
                secret_headers: &issued.headers,
            };
            progress.attempts += 1;
            let timeout = self.settings.timeout;
            let connections = self.transport.connections();
            let sent = time::timeout(timeout, self.transport.send(&push)).await;
            progress.timeouts = match sent {
                Err(_) => progress.timeouts + 1,
                Ok(_) => 0,
            };
            let is_too_slow = limits.may_split && progress.is_too_slow();
            match sent {
                Err(_) if is_too_slow => return Err(AttemptError::TimedOut(timeout)),
                // The other idle connections may have died too, and each would cost another time-out.
                Err(_) if !progress.reconnected && self.transport.forget(connections) => {
                    progress.reconnected = true;
                    tracing::info!(
                        "no answer within {timeout:?} on a connection kept open, connecting again"
                    );
                }
                Err(_) => return Err(AttemptError::TimedOut(timeout)),
                Ok(Err(TransportError {
                    message,
                    idle_connection: true,
                })) if !progress.reconnected => {
                    progress.reconnected = true;
                    self.transport.forget(connections);
                    tracing::debug!("a connection kept open is dead, connecting again: {message}");
                }
                Ok(Ok(response)) if response.status == StatusCode::UNAUTHORIZED && !progress.renewed => {
                    progress.renewed = true;
                    if !self.authorization.reject(&issued).await {
                        return Ok(response);
                    }
                    tracing::info!("the server does not take the credentials any more, fetching them anew");
                }
                Ok(sent) => {
                    let response = sent?;
                    if response.status == StatusCode::TOO_MANY_REQUESTS {
                        progress.throttled += 1;
                    }
                    return Ok(response);
                }
            }
        }
    }

    /// Returns the value of the tenant's header.
    fn tenant_of(&self, batch: &PackedBatch) -> Result<Option<HeaderValue>, PushError> {
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

/// Returns whether the server asks for fewer pushes in flight, by its status or by taking too long.
fn asks_for_less(failed: &AttemptError) -> bool {
    match failed {
        AttemptError::Status(response) => matches!(response.status.as_u16(), 429 | 503),
        AttemptError::TimedOut(_) => true,
        _ => false,
    }
}

/// Returns the wait that `Retry-After` asks for, where the server asks for fewer pushes.
fn asked_to_wait(failed: &AttemptError) -> Option<Duration> {
    match failed {
        AttemptError::Status(response) if asks_for_less(failed) => response.retry_after,
        _ => None,
    }
}

/// Returns the record of an acknowledged push, and logs a status that Loki is not expected to return.
fn delivered(response: &PushResponse, body: &Body, attempts: u32) -> Acknowledgement {
    if !matches!(response.status.as_u16(), 200 | 204) {
        tracing::warn!("Loki took the push with an unexpected response: {response}");
    }
    Acknowledgement {
        attempts,
        bytes: body.bytes.len(),
    }
}
