//! Objects that take many invocations, through the release binary, whose process is also killed in between.
//!
//! `cargo build --release -p lambda-promtail`, then run with `--ignored`.

#![allow(
    clippy::print_stdout,
    reason = "the tests are run for the figures that they print"
)]

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::lambda::{Lambda, Outcome};
use testkit::receiver::{Answer, Receiver};
use testkit::s3::{Object, S3};

use crate::support::continuation_queue::{ContinuationQueue, sqs_event};
use crate::support::large_object::{GIBIBYTE, LARGE_KEY, write_object};
use crate::support::{BUCKET, reading_from, release_binary, s3_record};

/// The deliveries of an object and its continuations by a queue.
struct Chain {
    receiver: Receiver,
    _s3: S3,
    continuations: ContinuationQueue,
    lambda: Lambda,
    /// The number of lines of the object.
    lines: usize,
    /// The bodies of the messages that were not delivered yet.
    queue: VecDeque<String>,
}

/// The numbers of a chain's invocations.
#[derive(Debug, Default)]
struct Invocations {
    /// All of them.
    all: usize,
    /// Those whose process was killed.
    killed: usize,
    /// The continuations that were handed over.
    continuations: usize,
}

impl Chain {
    /// Puts an object of so many bytes of lines. The receiver takes one push at a time, and `push` for each.
    async fn new(bytes: u64, batch: usize, push: Duration, timeout: Duration, margin: &str) -> Self {
        let (receiver, s3) = (Receiver::counting().await, S3::start().await);
        receiver.answer_always(Answer::status(204).delay(push));
        let continuations = ContinuationQueue::start(0).await;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("object.gz");
        let lines = write_object(&path, bytes, None);
        s3.put(
            BUCKET,
            LARGE_KEY,
            Object::new(std::fs::read(&path).unwrap()).last_modified(1_772_601_000),
        );
        let function = Lambda::builder(release_binary())
            .env("WRITE_ADDRESS", receiver.url())
            .env("CONTINUATION_QUEUE_URL", continuations.url())
            .env("REPORT_BATCH_ITEM_FAILURES", "true")
            .env("BATCH_SIZE", batch.to_string())
            .env("PUSH_CONCURRENCY", "1")
            .env("DEADLINE_MARGIN", margin);
        let lambda = reading_from(&s3, function).timeout(timeout).start().await;
        Self {
            receiver,
            _s3: s3,
            continuations,
            lambda,
            lines,
            queue: VecDeque::new(),
        }
    }

    /// Delivers a notification of the object, and then every message that the function sends, until each has succeeded.
    /// As from SQS, a message whose delivery fails or is cut off comes again. Before each delivery `kill_after` chooses
    /// after what time the process is killed, if at all.
    async fn deliver(&mut self, mut kill_after: impl FnMut() -> Option<Duration>) -> Invocations {
        let mut invocations = Invocations::default();
        self.queue
            .push_back(json!({"Records": [s3_record(LARGE_KEY)]}).to_string());
        while let Some(message) = self.queue.pop_front() {
            invocations.all += 1;
            assert!(invocations.all < 1_000, "the object is never shipped");
            let event = sqs_event(&message);
            let (invocation, is_killed) = match kill_after() {
                None => (self.lambda.invoke(event).await, false),
                Some(after) => (self.lambda.invoke_and_kill(event, after).await, true),
            };
            let delivered = match &invocation.outcome {
                Outcome::Response(response) => response["batchItemFailures"] == json!([]),
                // On a busy machine the deadline may come first.
                Outcome::TimedOut => {
                    invocations.killed += usize::from(is_killed);
                    false
                }
                other => panic!("{other:?}: {:?}", invocation.logs),
            };
            if !delivered {
                self.queue.push_back(message);
            }
            let sent = self.continuations.take_sent();
            invocations.continuations += sent.len();
            self.queue.extend(sent.into_iter().map(|(_, body)| body));
        }
        invocations
    }

    /// Checks that each line arrived, and always with the same time.
    fn check(&self) {
        assert_eq!(self.receiver.distinct_count(), self.lines);
    }
}

/// Ships an object with a Loki that takes 16 MB of lines a second.
async fn ship(bytes: u64, timeout: Duration, margin: &str) {
    const PUSH_BYTES: usize = 1 << 20;
    const LOKI: f64 = 16e6;
    let push = Duration::from_secs_f64(PUSH_BYTES as f64 / LOKI);
    let mut chain = Chain::new(bytes, PUSH_BYTES, push, timeout, margin).await;
    let start = Instant::now();
    let invocations = chain.deliver(|| None).await;
    chain.check();
    let repeated = chain.receiver.accepted_count() - chain.lines;
    println!(
        "{} MiB, {} lines: {invocations:?} of {timeout:?} in {:?}, {repeated} lines sent twice",
        bytes >> 20,
        chain.lines,
        start.elapsed()
    );
    assert!(invocations.continuations >= 2, "{invocations:?}");
    // What was acknowledged is not sent again, except for the push that was in flight at each deadline.
    let lines_of_push = chain.lines * PUSH_BYTES / bytes as usize + 1;
    assert!(repeated <= invocations.all * lines_of_push, "{repeated}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the release binary"]
async fn an_object_of_64_mib_ends_by_itself() {
    ship(64 << 20, Duration::from_millis(1_500), "300ms").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the release binary, and takes a minute"]
async fn a_gibibyte_ends_by_itself() {
    ship(GIBIBYTE, Duration::from_secs(15), "2s").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the release binary, and takes a minute"]
async fn nothing_is_lost_when_the_process_is_killed_200_times() {
    const KILLS: usize = 200;
    const TIMEOUT: Duration = Duration::from_millis(400);
    let chains = (0..4_u64).map(|seed| {
        tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(seed);
            let (mut killed, mut continuations) = (0, 0);
            while killed < KILLS / 4 {
                // 1 MB of lines in pushes of 20 kB.
                let mut chain =
                    Chain::new(1_000_000, 20_000, Duration::from_millis(20), TIMEOUT, "100ms").await;
                let kill_after = || random.bool().then(|| TIMEOUT.mul_f64(random.f64()));
                let invocations = chain.deliver(kill_after).await;
                chain.check();
                killed += invocations.killed;
                continuations += invocations.continuations;
            }
            (killed, continuations)
        })
    });
    let (mut killed, mut continuations) = (0, 0);
    for chain in chains.collect::<Vec<_>>() {
        let (kills, sent) = chain.await.unwrap();
        killed += kills;
        continuations += sent;
    }
    println!("{killed} kills, {continuations} continuations");
    assert!(killed >= KILLS && continuations >= KILLS / 4, "{continuations}");
}
