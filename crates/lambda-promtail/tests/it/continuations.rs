//! Objects that Loki cannot take within one invocation, and whose rest is handed over through the function's queue.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::json_server::JsonServer;
use testkit::lambda::{Invocation, Lambda};
use testkit::receiver::{Answer, Receiver};
use testkit::s3::{Object, S3};

use crate::support::continuation_queue::sqs_event;
use crate::support::objects::Entries;
use crate::support::{ALB_KEY, BUCKET, alb_line, pushing_to, reading_from, s3_record};

const LINES: usize = 600;
/// The time that Loki takes for a push of some 60 lines.
const PUSH: Duration = Duration::from_millis(400);
const TIMEOUT: Duration = Duration::from_secs(4);

/// The function, its servers, and a stand-in for SQS.
struct Setup {
    receiver: Receiver,
    s3: S3,
    sqs: JsonServer,
    lambda: Lambda,
}

impl Setup {
    async fn new(sqs_status: u16, variables: &[(&str, &str)]) -> Self {
        let (receiver, s3) = (Receiver::start().await, S3::start().await);
        let sqs = JsonServer::start([(sqs_status, "", json!({"MessageId": "m"}).to_string())]).await;
        let lines: String = (0..LINES).map(|line| alb_line(line, "200") + "\n").collect();
        // An object named like a compressed one may be plain.
        s3.put(BUCKET, ALB_KEY, Object::new(lines));
        let mut lambda = reading_from(&s3, pushing_to(&receiver))
            .env(
                "CONTINUATION_QUEUE_URL",
                format!("{}/123456789012/objects", sqs.url()),
            )
            .env("REPORT_BATCH_ITEM_FAILURES", "true")
            .env("BATCH_SIZE", "12000")
            .env("PUSH_CONCURRENCY", "1")
            .env("DEADLINE_MARGIN", "600ms")
            .envs(variables.iter().copied())
            .timeout(Duration::from_secs(60))
            .start()
            .await;
        // The first request of a process is slow in an unoptimised build.
        lambda.invoke(sqs_event(&record("app/none.log"))).await.response();
        s3.clear();
        lambda.set_timeout(TIMEOUT);
        receiver.answer_always(Answer::status(204).delay(PUSH));
        Self {
            receiver,
            s3,
            sqs,
            lambda,
        }
    }

    /// Delivers a message, and returns whether it failed.
    async fn fails(&mut self, body: &str) -> (bool, Invocation) {
        let invocation = self.lambda.invoke(sqs_event(body)).await;
        let failures = invocation.response()["batchItemFailures"].as_array().unwrap();
        (!failures.is_empty(), invocation)
    }

    /// Returns the bodies of the messages that were sent.
    fn sent(&self) -> Vec<String> {
        let requests = self.sqs.requests().into_iter();
        let body = |request: String| {
            assert!(
                request
                    .to_lowercase()
                    .contains("x-amz-target: amazonsqs.sendmessage"),
                "{request}"
            );
            let (_, body) = request.split_once("\r\n\r\n").unwrap();
            let body: Value = serde_json::from_str(body).unwrap();
            assert!(
                body["QueueUrl"]
                    .as_str()
                    .unwrap()
                    .ends_with("/123456789012/objects")
            );
            body["MessageBody"].as_str().unwrap().to_owned()
        };
        requests.map(body).collect()
    }

    /// Returns the different entries that arrived, sorted.
    fn entries(&self) -> Entries {
        let accepted = self.receiver.accepted().into_iter();
        let mut entries: Entries = accepted
            .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
            .collect();
        entries.sort();
        entries.dedup();
        entries
    }

    /// Delivers the object and its continuations until nothing is handed over any more, and returns their number.
    async fn ship(&mut self) -> usize {
        let mut body = record(ALB_KEY);
        for continuations in 0..20 {
            let (failed, invocation) = self.fails(&body).await;
            assert!(!failed, "{:?}", invocation.logs);
            match self.sent().get(continuations) {
                Some(next) => next.clone_into(&mut body),
                None => return continuations,
            }
        }
        panic!("the object is not shipped after 20 invocations");
    }
}

/// Returns a notification of S3.
fn record(key: &str) -> String {
    json!({"Records": [s3_record(key)]}).to_string()
}

/// Returns the entries of the object, all shipped by one invocation.
async fn expected() -> Entries {
    let mut setup = Setup::new(200, &[]).await;
    setup.receiver.answer_as_usual();
    setup.lambda.set_timeout(Duration::from_secs(60));
    assert_eq!(setup.ship().await, 0);
    let entries = setup.entries();
    assert_eq!(entries.len(), LINES);
    entries
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_is_shipped_in_as_many_invocations_as_it_takes() {
    let mut setup = Setup::new(200, &[]).await;
    let continuations = setup.ship().await;
    assert!(continuations >= 1, "{continuations}");
    assert_eq!(setup.entries(), expected().await);
    // What was acknowledged is not sent again, except for a push that was in flight at each deadline.
    let repeated = setup.receiver.accepted_count() - LINES;
    assert!(repeated <= continuations * LINES / 5, "{repeated}");
    // A redelivered continuation changes nothing.
    let first = setup.sent()[0].clone();
    assert!(!setup.fails(&first).await.0);
    assert_eq!(setup.entries(), expected().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_of_lines_are_joined_alike_in_each_invocation() {
    let stages = r#"[{"multiline": {"firstline": "id=\\d*[05] ", "max_lines": 100}}]"#;
    let mut setup = Setup::new(200, &[("LOKI_STAGE_CONFIGS", stages)]).await;
    assert!(setup.ship().await >= 1);
    let entries = setup.entries();
    assert_eq!(entries.len(), LINES / 5);
    assert!(entries.iter().all(|(_, _, block)| block.lines().count() == 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_fails_where_it_cannot_be_continued() {
    // Loki takes nothing.
    let mut setup = Setup::new(200, &[]).await;
    setup.receiver.answer_always(Answer::hang());
    let (failed, invocation) = setup.fails(&record(ALB_KEY)).await;
    assert!(failed && setup.sent().is_empty());
    assert!(
        invocation
            .logs
            .iter()
            .any(|line| line.contains("nothing of it was acknowledged"))
    );

    // SQS does not take the message.
    let mut setup = Setup::new(403, &[]).await;
    let (failed, invocation) = setup.fails(&record(ALB_KEY)).await;
    assert!(failed);
    assert!(
        invocation
            .logs
            .iter()
            .any(|line| line.contains("SendMessage failed")),
        "{:?}",
        invocation.logs
    );

    // Entries that are kept or dropped by the time of day cannot be counted.
    let stages = r#"[{"drop": {"older_than": "1000000h"}}]"#;
    let mut setup = Setup::new(200, &[("LOKI_STAGE_CONFIGS", stages)]).await;
    assert!(setup.fails(&record(ALB_KEY)).await.0);
    assert!(setup.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_continuation_is_only_of_the_same_object_and_the_same_settings() {
    let mut setup = Setup::new(200, &[]).await;
    assert!(!setup.fails(&record(ALB_KEY)).await.0);
    let continuation = setup.sent()[0].clone();

    // With other settings it begins anew.
    let mut other = Setup::new(200, &[("EXTRA_LABELS", "team,blue")]).await;
    let etag: Value = serde_json::from_str(&continuation).unwrap();
    let etag = etag["lambdaPromtailContinuation"]["etag"].as_str().unwrap();
    let lines: String = (0..LINES).map(|line| alb_line(line, "200") + "\n").collect();
    other.s3.put(BUCKET, ALB_KEY, Object::new(lines).etag(etag));
    other.receiver.answer_as_usual();
    assert!(!other.fails(&continuation).await.0);
    assert_eq!(other.entries().len(), LINES);

    // Another object under the same key fails by name.
    setup.s3.put(BUCKET, ALB_KEY, Object::new(alb_line(1, "200")));
    let (failed, invocation) = setup.fails(&continuation).await;
    assert!(failed);
    let text = format!("s3://{BUCKET}/{ALB_KEY}: was overwritten");
    assert!(
        invocation.logs.iter().any(|line| line.contains(&text)),
        "{:?}",
        invocation.logs
    );
}
