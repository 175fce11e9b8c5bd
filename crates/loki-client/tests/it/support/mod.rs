//! A scripted transport.

#![allow(unreachable_pub, reason = "the modules are parts of one executable")]

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dskit_backoff::Backoff;
use http::{HeaderValue, StatusCode};
use loki_client::{
    Client, ClientSettings, Credentials, Deadline, OnReject, ProxySettings, Push, PushResponse, TlsSettings,
    Transport, TransportError, WriteAddress,
};
use loki_push::{Batch, Buffers, Encoding, Entry, ItemId, LabelSet, PackedBatch, Timestamp, proto};
use prost::Message;
use tokio::time::{Instant, sleep};

/// Loki's text about an entry that is too old.
pub const TOO_OLD: &str = "entry for stream '{a=\"1\"}' has timestamp too old: 2023-11-14T22:13:20Z, oldest acceptable \
                           timestamp is: 2026-11-14T22:13:20Z";

/// A reaction of the server to one attempt.
#[derive(Clone)]
pub enum Step {
    Answer(u16, &'static str),
    /// A refusal of the lines that begin with `bad`, as Loki's distributor words it, if there are any.
    RefuseBad,
    /// A status after a delay.
    Late(Duration, u16),
    /// A status with `Retry-After` in seconds.
    RetryAfter(u16, u64),
    Reset,
    /// A reset of a connection that had been kept open.
    ResetIdle,
    Hang,
}

/// A script of steps, followed by the same step for all later attempts.
pub struct Script {
    steps: Mutex<VecDeque<Step>>,
    then: Step,
    /// The length, in bytes before compression, above which a body is too large.
    limit: usize,
    pub sent: Mutex<Vec<Sent>>,
    in_flight: AtomicUsize,
    most_in_flight: AtomicUsize,
}

/// A record of an attempt.
#[derive(Clone)]
pub struct Sent {
    pub at: Instant,
    pub tenant: Option<HeaderValue>,
    pub authorization: Option<HeaderValue>,
    pub lines: Vec<String>,
    pub status: Option<u16>,
}

/// The transport of the client, which shares the script with the test.
pub struct Scripted(pub Arc<Script>);

impl Transport for Scripted {
    async fn send(&self, push: &Push<'_>) -> Result<PushResponse, TransportError> {
        let script = &self.0;
        let in_flight = script.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        script.most_in_flight.fetch_max(in_flight, Ordering::Relaxed);
        let answer = script.answer(push).await;
        script.in_flight.fetch_sub(1, Ordering::Relaxed);
        answer
    }
}

impl Script {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Self::with_limit(steps, Step::Answer(204, ""), usize::MAX)
    }

    pub fn always(step: Step) -> Arc<Self> {
        Self::with_limit([], step, usize::MAX)
    }

    pub fn with_limit(steps: impl IntoIterator<Item = Step>, then: Step, limit: usize) -> Arc<Self> {
        Arc::new(Self {
            steps: Mutex::new(steps.into_iter().collect()),
            then,
            limit,
            sent: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
        })
    }

    async fn answer(&self, push: &Push<'_>) -> Result<PushResponse, TransportError> {
        let (lines, len) = decode(push);
        let bad = lines.iter().filter(|line| line.starts_with("bad")).count();
        let step = if len > self.limit {
            Step::Answer(413, "message size too large than max")
        } else {
            let step = self.steps.lock().unwrap().pop_front();
            step.unwrap_or_else(|| self.then.clone())
        };
        let at = {
            let mut sent = self.sent.lock().unwrap();
            sent.push(Sent {
                at: Instant::now(),
                tenant: push.tenant.cloned(),
                authorization: push.secret_headers.get("authorization").cloned(),
                lines,
                status: None,
            });
            sent.len() - 1
        };
        let (status, message, retry_after) = match step {
            Step::RefuseBad if bad == 0 => (204, String::new(), None),
            Step::RefuseBad => (400, format!("{bad} errors like: {TOO_OLD}"), None),
            Step::Answer(status, message) => (status, message.to_owned(), None),
            Step::Late(delay, status) => {
                sleep(delay).await;
                (status, String::new(), None)
            }
            Step::RetryAfter(status, seconds) => (status, String::new(), Some(Duration::from_secs(seconds))),
            Step::Reset => return Err(TransportError::new("connection reset")),
            Step::ResetIdle => {
                return Err(TransportError {
                    idle_connection: true,
                    ..TransportError::new("connection reset")
                });
            }
            Step::Hang => std::future::pending().await,
        };
        self.sent.lock().unwrap()[at].status = Some(status);
        Ok(PushResponse {
            message,
            retry_after,
            ..PushResponse::new(StatusCode::from_u16(status).unwrap())
        })
    }

    pub fn settings() -> ClientSettings {
        ClientSettings {
            write_address: WriteAddress::parse("http://loki.invalid/push").unwrap(),
            tenant: Some(HeaderValue::from_static("everyone")),
            credentials: Credentials::default(),
            tls: TlsSettings::default(),
            proxy: ProxySettings::default(),
            user_agent: "test".to_owned(),
            timeout: Duration::from_secs(5),
            backoff: Backoff {
                min: Duration::from_millis(100),
                max: Duration::from_secs(30),
                max_retries: 10,
            },
            encoding: Encoding::Protobuf,
            batch_size: 131_072,
            push_concurrency: 4.try_into().unwrap(),
            on_reject: OnReject::Fail,
        }
    }

    pub fn client(self: &Arc<Self>, change: impl FnOnce(&mut ClientSettings)) -> Arc<Client<Scripted>> {
        let mut settings = Self::settings();
        change(&mut settings);
        Arc::new(Client::new(settings, Scripted(Arc::clone(self))))
    }

    pub fn attempts(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    pub fn most_in_flight(&self) -> usize {
        self.most_in_flight.load(Ordering::Relaxed)
    }

    pub fn forget_most_in_flight(&self) {
        self.most_in_flight.store(0, Ordering::Relaxed);
    }

    /// Returns the time between each attempt and the next.
    pub fn gaps(&self) -> Vec<Duration> {
        let sent = self.sent();
        sent.windows(2).map(|pair| pair[1].at - pair[0].at).collect()
    }

    /// Returns the lines that were acknowledged, in the order of their attempts.
    pub fn taken(&self) -> Vec<String> {
        let sent = self.sent().into_iter();
        let taken = sent.filter(|sent| matches!(sent.status, Some(200..=259 | 261..=299)));
        taken.flat_map(|sent| sent.lines).collect()
    }
}

fn decode(push: &Push<'_>) -> (Vec<String>, usize) {
    let plain = snap::raw::Decoder::new()
        .decompress_vec(&push.body.bytes)
        .unwrap();
    let request = proto::PushRequest::decode(plain.as_slice()).unwrap();
    let entries = request.streams.into_iter().flat_map(|stream| stream.entries);
    (entries.map(|entry| entry.line).collect(), plain.len())
}

/// Returns a deadline that is too far away to matter.
pub fn never() -> Deadline {
    within(Duration::from_secs(100_000))
}

/// Returns a deadline after the given time.
pub fn within(time: Duration) -> Deadline {
    Deadline::at(Instant::now() + time)
}

pub fn entry(labels: &[(&str, &str)], seconds: i64, line: impl Into<String>) -> Entry<'static> {
    Entry {
        labels: Arc::new(LabelSet::from_iter(labels.iter().copied())),
        timestamp: Timestamp::new(seconds, 0).unwrap(),
        line: Cow::Owned(line.into()),
        metadata: Vec::new(),
    }
}

/// Returns a batch of lines, each from a different item.
pub fn batch(lines: &[&str]) -> Batch {
    let mut batch = Batch::new(Encoding::Protobuf, None, &Buffers::new(1024));
    for (at, line) in (0..).zip(lines) {
        batch.add(&entry(&[("a", "1")], i64::from(at), *line), ItemId(at));
    }
    batch
}

/// Returns such a batch, ready to send.
pub fn packed(lines: &[&str]) -> PackedBatch {
    batch(lines).pack().unwrap()
}
