//! One push, sent until it is delivered or will not be.

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

/// Pushes batches. One client serves the whole life of a function.
#[derive(Debug)]
pub struct Client<T> {
    settings: ClientSettings,
    authorization: Authorization,
    buffers: Buffers,
    limiter: ConcurrencyLimiter,
    transport: T,
}

/// A batch that Loki has acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgement {
    /// How often it was sent: at least once, unless there was nothing in it.
    pub attempts: u32,
    /// Bytes of its body as sent.
    pub bytes: usize,
}

/// What has become of a push so far.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    attempts: u32,
    /// Attempts in a row that ended at their time-out.
    timeouts: u32,
    last: Option<AttemptError>,
    /// What may be tried again at once, once: connections that died while they were idle ...
    reconnected: bool,
    /// ... and credentials that were replaced.
    renewed: bool,
}

/// How often a push may be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttemptLimits {
    /// As [`Backoff::max_retries`]: 0 means no limit.
    pub(crate) max_attempts: u32,
    /// Whether its halves may be sent in its place.
    pub(crate) may_split: bool,
}

impl Progress {
    /// Whether it timed out twice in a row, so that it may be too large for a slow link.
    pub(crate) fn is_too_slow(&self) -> bool {
        self.timeouts >= 2
    }
}

impl<T: Transport> Client<T> {
    /// A client that sends through `transport`.
    pub fn new(settings: ClientSettings, transport: T) -> Self {
        Self {
            authorization: Authorization::new(settings.credentials.clone()),
            buffers: Buffers::new(settings.batch_size),
            limiter: ConcurrencyLimiter::new(settings.push_concurrency),
            settings,
            transport,
        }
    }

    /// What the client was made with.
    pub fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// The memory its batches are made in, one after the other.
    pub fn buffers(&self) -> &Buffers {
        &self.buffers
    }

    /// How many pushes may be in flight: all that the settings allow, unless the server asked for less.
    pub(crate) fn max_in_flight(&self) -> usize {
        self.limiter.limit()
    }

    /// Pushes the batch as it is. The same bytes are sent until Loki has taken or refused them, there is
    /// no further try, or the deadline comes: no attempt and no wait outlasts it.
    ///
    /// # Errors
    /// When the batch is not delivered. A batch without entries is never sent: it is delivered.
    pub async fn push(&self, batch: &PackedBatch, deadline: &Deadline) -> Result<Acknowledgement, PushError> {
        let limits = AttemptLimits {
            max_attempts: self.settings.backoff.max_retries,
            may_split: false,
        };
        self.push_with(batch, deadline, limits, &mut Progress::default())
            .await
    }

    /// As [`push`](Self::push), so many times. A batch that may be split is given up after the second time-out in a row.
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
            // An attempt is not even begun after the deadline.
            biased;
            () = deadline.passed() => {}
            pushed = self.send(batch, tenant.as_ref(), deadline, limits, progress) => {
                if let Some(pushed) = pushed {
                    return pushed;
                }
            }
        }
        Err(PushError::Deadline {
            last: progress.last.take(),
            attempts: progress.attempts,
            spent: started.elapsed(),
        })
    }

    /// Sends the body until something is known for good; nothing when the time is up before that.
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
                // Whoever keeps the credentials was reached, and will not give them.
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

    /// One attempt; and at once another where the failure says nothing about the server.
    async fn attempt(
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
                authorization: issued.header.as_ref(),
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
                // Each of the other idle connections would cost as long if it were dead too.
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
                Ok(sent) => return Ok(sent?),
            }
        }
    }

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

/// Whether the server wants fewer pushes at one time: it says so, or takes too long.
fn asks_for_less(failed: &AttemptError) -> bool {
    match failed {
        AttemptError::Status(response) => matches!(response.status.as_u16(), 429 | 503),
        AttemptError::TimedOut(_) => true,
        _ => false,
    }
}

/// What `Retry-After` asks for, where it means that the server wants less.
fn asked_to_wait(failed: &AttemptError) -> Option<Duration> {
    match failed {
        AttemptError::Status(response) if asks_for_less(failed) => response.retry_after,
        _ => None,
    }
}

fn delivered(response: &PushResponse, body: &Body, attempts: u32) -> Acknowledgement {
    if !matches!(response.status.as_u16(), 200 | 204) {
        tracing::warn!("Loki took the push with an unusual answer: {response}");
    }
    Acknowledgement {
        attempts,
        bytes: body.bytes.len(),
    }
}
