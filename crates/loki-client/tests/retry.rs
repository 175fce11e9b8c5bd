//! Retries, against a transport that follows a script, on a paused clock.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backoff::Backoff;
use http::{HeaderValue, StatusCode};
use loki_client::{
    Answer, Attempt, Auth, Client, ClientSettings, Delivery, PushError, Transport, TransportError,
    WriteAddress,
};
use loki_push::{Batch, Body, Encoding, Entry, ItemId, LabelSet, TENANT_LABEL, Timestamp};
use tokio::time::Instant;

/// What the server does with one attempt.
#[derive(Clone)]
enum Step {
    Answer(u16, &'static str),
    Reset,
    Hang,
}

/// Follows its script, then takes everything.
#[derive(Default)]
struct Script {
    steps: Mutex<VecDeque<Step>>,
    sent: Mutex<Vec<(Instant, Option<HeaderValue>)>>,
}

impl Transport for &Script {
    async fn send(&self, _: &Body, tenant: Option<&HeaderValue>) -> Result<Answer, TransportError> {
        self.sent.lock().unwrap().push((Instant::now(), tenant.cloned()));
        let step = self.steps.lock().unwrap().pop_front();
        match step.unwrap_or(Step::Answer(204, "")) {
            Step::Answer(status, message) => Ok(Answer {
                message: message.to_owned(),
                ..Answer::new(StatusCode::from_u16(status).unwrap())
            }),
            Step::Reset => Err(TransportError("connection reset".to_owned())),
            Step::Hang => std::future::pending().await,
        }
    }
}

impl Script {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: Mutex::new(steps.into_iter().collect()),
            sent: Mutex::default(),
        }
    }

    fn client(&self, max_retries: u32) -> Client<&Self> {
        let settings = ClientSettings {
            write_address: WriteAddress::parse("http://loki.invalid/push").unwrap(),
            tenant: Some(HeaderValue::from_static("everyone")),
            auth: Auth::None,
            skip_tls_verify: false,
            user_agent: "test".to_owned(),
            timeout: Duration::from_secs(5),
            backoff: Backoff {
                min: Duration::from_millis(100),
                max: Duration::from_secs(30),
                max_retries,
            },
            encoding: Encoding::Protobuf,
            batch_size: 131_072,
        };
        Client::new(settings, self)
    }

    fn attempts(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// The time between one attempt and the next.
    fn gaps(&self) -> Vec<Duration> {
        let sent = self.sent.lock().unwrap();
        sent.windows(2).map(|pair| pair[1].0 - pair[0].0).collect()
    }
}

fn entry(labels: &[(&str, &str)], line: &'static str) -> Entry<'static> {
    Entry {
        labels: Arc::new(LabelSet::from_iter(labels.iter().copied())),
        timestamp: Timestamp::EPOCH,
        line: Cow::Borrowed(line),
        metadata: Vec::new(),
    }
}

fn batch() -> Batch {
    let mut batch = Batch::new(Encoding::Protobuf, None);
    batch.add(&entry(&[("a", "1")], "x"), ItemId(0));
    batch
}

#[tokio::test(start_paused = true)]
async fn waits_follow_dskits_law() {
    let script = Script::new([Step::Answer(500, ""), Step::Reset, Step::Answer(429, "")]);
    let pushed = script.client(10).push(&batch()).await.unwrap();
    assert_eq!(pushed.attempts, 4);
    for (gap, low) in script.gaps().iter().zip([100, 200, 400]) {
        let window = Duration::from_millis(low)..=Duration::from_millis(2 * low + 1);
        assert!(window.contains(gap), "{gap:?} is not in {window:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn ten_tries_and_no_eleventh() {
    let script = Script::new(vec![Step::Answer(503, "ingester is shutting down\n"); 20]);
    let started = Instant::now();
    let error = script.client(10).push(&batch()).await.unwrap_err();
    assert_eq!(script.attempts(), 10);
    let waited = started.elapsed();
    assert!((51..=81).contains(&waited.as_secs()), "{waited:?}");
    assert_eq!(
        error.to_string(),
        "push not delivered after 10 attempt(s), the last: status 503 (Service Unavailable): ingester is shutting down"
    );
    assert!(!error.is_final());
}

#[tokio::test(start_paused = true)]
async fn zero_retries_have_no_limit() {
    let script = Script::new(vec![Step::Reset; 50]);
    assert_eq!(script.client(0).push(&batch()).await.unwrap().attempts, 51);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_at_its_timeout() {
    let script = Script::new([Step::Hang]);
    let error = script.client(1).push(&batch()).await.unwrap_err();
    let PushError::Exhausted { last, attempts: 1 } = error else {
        panic!("{error}");
    };
    assert_eq!(last, Attempt::TimedOut(Duration::from_secs(5)));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final_and_says_what_loki_said() {
    for status in [260, 302, 400, 401, 413] {
        let script = Script::new([Step::Answer(status, "no such thing\n")]);
        let error = script.client(10).push(&batch()).await.unwrap_err();
        assert_eq!(script.attempts(), 1, "{status}");
        assert!(error.is_final());
        let text = error.to_string();
        assert!(
            text.contains(&format!("status {status}")) && text.ends_with(": no such thing"),
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_to_send_is_never_sent() {
    let script = Script::default();
    let client = script.client(10);
    let pushed = client.push(&Batch::new(Encoding::Protobuf, None)).await.unwrap();
    assert_eq!(pushed.attempts, 0);
    let outcome = Delivery::new(&client).finish().await;
    assert_eq!((outcome.pushes, outcome.delivered, script.attempts()), (0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_fails_fails_its_items_and_no_others() {
    let script = Script::new([Step::Answer(400, "bad labels")]);
    let client = script.client(10);
    let mut delivery = Delivery::new(&client);
    delivery.add(&entry(&[("a", "1")], "x"), ItemId(0)).await;
    delivery
        .add(&entry(&[("a", "1"), (TENANT_LABEL, "blue")], "y"), ItemId(1))
        .await;
    delivery
        .add(
            &entry(&[("a", "1"), (TENANT_LABEL, "line\nbreak")], "z"),
            ItemId(2),
        )
        .await;
    let outcome = delivery.finish().await;

    assert_eq!(
        (
            outcome.delivered,
            outcome.pushes,
            outcome.rejected(),
            outcome.failed()
        ),
        (1, 1, 2, 2)
    );
    let failed: Vec<_> = outcome
        .failures
        .iter()
        .map(|failure| failure.items.clone())
        .collect();
    assert_eq!(failed, [vec![(ItemId(0), 1)], vec![(ItemId(2), 1)]]);
    assert!(
        outcome.failures[1]
            .error
            .to_string()
            .contains(r#"tenant "line\nbreak""#)
    );
    let sent = script.sent.lock().unwrap();
    let tenants: Vec<_> = sent
        .iter()
        .map(|(_, tenant)| tenant.as_ref().unwrap().clone())
        .collect();
    assert_eq!(tenants, ["everyone", "blue"]);
}
