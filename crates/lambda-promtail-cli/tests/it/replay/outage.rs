//! An outage of Loki: 50 events of five sources end in queues, and come out of them, each line once.
//!
//! The function is the real one, moto has the queues and the stream. Ignored if moto, or a real Loki, is not installed:
//! `tools/testkit/moto/install`, `tools/testkit/loki/install`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::events::{base64, cloudwatch_event};
use testkit::lambda::{Lambda, LambdaBuilder};
use testkit::link::Link;
use testkit::loki::Loki;
use testkit::moto::Moto;
use testkit::receiver::{Answer, Receiver};
use testkit::s3::{Object, S3};

use super::setup::destination;
use crate::support::{KEY, text};

const REGION: &str = "eu-west-1";
/// The number of events of each source.
const EVENTS: usize = 10;
/// The number of lines of each event, except those of EventBridge.
const LINES: usize = 3;
/// Nothing listens there.
const DOWN: &str = "http://127.0.0.1:9/loki/api/v1/push";
/// 2026-03-04T05:06:07Z, the time of all events but those of Kinesis.
const AT_MILLIS: i64 = 1_772_600_767_000;
const KILLS: usize = 10;

/// The queues after the outage.
struct Outage {
    moto: Moto,
    s3: S3,
    /// The URL of the queue of on-failure destinations, in which a message is that cannot be shipped.
    on_failure: String,
    /// The URL of the dead-letter queue of the queue that S3 notifies.
    dead_letters: String,
    /// The id of the message that cannot be shipped.
    unknown: String,
    /// The lines of all events.
    lines: BTreeSet<String>,
}

impl Outage {
    /// Gives the function the events while Loki is down, and sends to the queues what AWS would send.
    async fn new() -> Self {
        let (moto, s3) = (Moto::start().await, S3::start().await);
        let on_failure = moto.create_queue(REGION, "on-failure", None).await;
        let dead_letters = moto.create_queue(REGION, "dead-letters", None).await;
        let mut outage = Self {
            unknown: moto
                .send_message(REGION, &on_failure, &json!({"Records": [{"foo": 1}]}).to_string())
                .await,
            moto,
            s3,
            on_failure,
            dead_letters,
            lines: BTreeSet::new(),
        };
        let mut lambda = outage.function().start().await;
        outage.invocations_fail(&mut lambda).await;
        outage.notifications_fail(&mut lambda).await;
        outage.batches_fail(&mut lambda).await;
        assert_eq!(outage.counts().await, (4 * EVENTS + 1, EVENTS));
        // An event of EventBridge is one line.
        assert_eq!(outage.lines.len(), 4 * EVENTS * LINES + EVENTS);
        outage
    }

    fn function(&self) -> LambdaBuilder {
        let program = Path::new(env!("CARGO_BIN_EXE_lambda-promtail-cli")).with_file_name("lambda-promtail");
        assert!(
            program.exists(),
            "{program:?} is missing: cargo build -p lambda-promtail"
        );
        Lambda::builder(program)
            .env("WRITE_ADDRESS", DOWN)
            .env("AWS_ENDPOINT_URL_S3", self.s3.url())
            .env("MIN_BACKOFF", "1ms")
            .env("MAX_BACKOFF", "2ms")
            .env("MAX_RETRIES", "2")
            .env("REPORT_BATCH_ITEM_FAILURES", "true")
    }

    /// Returns the lines of an event.
    fn add_lines(&mut self, source: &str, event: usize) -> Vec<String> {
        let lines: Vec<String> = (0..LINES)
            .map(|line| format!("{source} {event} {line}"))
            .collect();
        self.lines.extend(lines.iter().cloned());
        lines
    }

    /// Invokes the function as CloudWatch Logs, SNS and EventBridge do. Lambda sends the records to the destination.
    async fn invocations_fail(&mut self, lambda: &mut Lambda) {
        for number in 0..EVENTS {
            let lines = self.add_lines("cloudwatch", number);
            let log_events: Vec<(i64, &str)> = lines.iter().map(|line| (AT_MILLIS, line.as_str())).collect();
            let subscription =
                cloudwatch_event("group", &format!("stream-{number}"), Moto::ACCOUNT, &log_events);
            let notification = json!({"Records": [{"EventSource": "aws:sns", "Sns": {
                "MessageId": format!("message-{number}"), "TopicArn": "arn:aws:sns:eu-west-1:123456789012:alerts",
                "Timestamp": "2026-03-04T05:06:07.000Z", "Message": self.add_lines("sns", number).join("\n"),
            }}]});
            let mut events = vec![subscription, notification.to_string()];
            let of_eventbridge = json!({
                "version": "0", "id": format!("event-{number}"), "source": "shop", "detail-type": "Order",
                "account": Moto::ACCOUNT, "time": "2026-03-04T05:06:07Z", "region": REGION, "resources": [],
                "detail": {"order": number},
            })
            .to_string();
            self.lines.insert(of_eventbridge.clone());
            events.push(of_eventbridge);
            for event in events {
                let invocation = lambda.invoke(event.clone()).await;
                let record = destination(&event, &invocation.error().error_message);
                self.moto
                    .send_message(REGION, &self.on_failure, &record.to_string())
                    .await;
            }
        }
    }

    /// Announces objects to a queue, and gives its messages to the function until the queue gives them up.
    async fn notifications_fail(&mut self, lambda: &mut Lambda) {
        let queue = self
            .moto
            .create_queue(REGION, "objects", Some("dead-letters"))
            .await;
        for number in 0..EVENTS {
            let key = KEY.replace("2et2e1mx", &format!("object{number}"));
            let lines: String = (0..LINES)
                .map(|line| {
                    format!(
                        "https 2026-03-04T05:06:07.{number:03}{line:03}Z app/shop/0a1b s3 {number} {line}\n"
                    )
                })
                .collect();
            self.lines.extend(lines.lines().map(str::to_owned));
            self.s3.put("logs", &key, Object::new(gzip(lines.as_bytes())));
            let notification = json!({"Records": [{
                "eventSource": "aws:s3", "awsRegion": REGION, "eventName": "ObjectCreated:Put",
                "s3": {"bucket": {"name": "logs"}, "object": {"key": key, "size": 1}},
            }]});
            self.moto
                .send_message(REGION, &queue, &notification.to_string())
                .await;
        }
        let messages = self.moto.receive_messages(REGION, &queue).await;
        assert_eq!(messages.len(), EVENTS);
        let records = messages.iter().map(|message| {
            json!({
                "messageId": message.id, "body": message.body, "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:objects",
                "attributes": {"SentTimestamp": AT_MILLIS.to_string()},
            })
        });
        let event = json!({"Records": records.collect::<Vec<Value>>()});
        let invocation = lambda.invoke(event.to_string()).await;
        let failed = invocation.response()["batchItemFailures"]
            .as_array()
            .unwrap()
            .len();
        assert_eq!(failed, EVENTS);
        assert_eq!(self.moto.receive_messages(REGION, &queue).await, []);
    }

    /// Puts records into a stream, and gives them to the function. Lambda sends their places to the destination.
    async fn batches_fail(&mut self, lambda: &mut Lambda) {
        let arn = self.moto.create_stream(REGION, "logs").await;
        for number in 0..EVENTS {
            let (mut records, mut places) = (Vec::new(), Vec::new());
            for line in self.add_lines("kinesis", number) {
                let data = base64(line.as_bytes());
                let place = self.moto.put_record(REGION, "logs", &data).await;
                records.push(json!({
                    "eventSource": "aws:kinesis", "eventSourceARN": arn,
                    "kinesis": {"sequenceNumber": place.1, "data": data, "approximateArrivalTimestamp": 1_772_600_767.0},
                }));
                places.push(place);
            }
            let invocation = lambda.invoke(json!({"Records": records}).to_string()).await;
            assert_eq!(
                invocation.response()["batchItemFailures"][0]["itemIdentifier"],
                places[0].1
            );
            let record = json!({
                "requestContext": {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 4},
                "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
                "version": "1.0",
                "timestamp": "2026-11-23T10:00:06.021Z",
                "KinesisBatchInfo": {
                    "shardId": places[0].0, "startSequenceNumber": places[0].1,
                    "endSequenceNumber": places[LINES - 1].1, "batchSize": LINES, "streamArn": arn,
                },
            });
            self.moto
                .send_message(REGION, &self.on_failure, &record.to_string())
                .await;
        }
    }

    /// Returns the numbers of messages in the two queues.
    async fn counts(&self) -> (usize, usize) {
        let count = |url| self.moto.message_count(REGION, url);
        (count(&self.on_failure).await, count(&self.dead_letters).await)
    }

    /// Returns the command that replays a queue.
    fn command(&self, queue: &str, write_address: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lambda-promtail-cli"));
        command
            .args(["replay", "--visibility-timeout", "2", queue])
            .env_clear()
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env(
                "AWS_SECRET_ACCESS_KEY",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            )
            .env("AWS_REGION", REGION)
            .env("AWS_ENDPOINT_URL", self.moto.url())
            .env("AWS_ENDPOINT_URL_S3", self.s3.url())
            .env("WRITE_ADDRESS", write_address)
            .env("TENANT_ID", "shop")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Starts a replay that is killed.
    fn start(&self, write_address: &str) -> Child {
        self.command(&self.on_failure, write_address)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Replays both queues to their end, after which only the message is left that cannot be shipped.
    async fn replay_all(&self, write_address: &str) {
        let replayed = run(self.command(&self.on_failure, write_address)).await;
        let said = text(&replayed.stderr);
        assert_eq!(replayed.status.code(), Some(1), "{said}");
        let expected = format!(
            "1 message not delivered and still in the queue\n  {}: ",
            self.unknown
        );
        assert!(said.contains(&expected), "{said}");

        let replayed = run(self.command(&self.dead_letters, write_address)).await;
        assert!(replayed.status.success(), "{}", text(&replayed.stderr));
        assert_eq!(self.counts().await, (1, 0));
    }

    /// Compares the stored lines with those of the events.
    fn assert_each_once(&self, mut stored: Vec<String>) {
        stored.sort();
        let expected: Vec<String> = self.lines.iter().cloned().collect();
        assert_eq!(stored, expected);
    }
}

async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

fn kill(mut replay: Child) {
    replay.kill().unwrap();
    replay.wait().unwrap();
}

/// Each of the killed runs ends in the middle of its pushes.
#[tokio::test]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn events_of_an_outage_are_replayed_once_though_the_replay_is_killed_ten_times() {
    let outage = Outage::new().await;
    let receiver = Receiver::start().await;
    receiver.keep_lokis_rules();
    receiver.answer_always(Answer::status(204).delay(Duration::from_millis(50)));
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..KILLS {
        let replay = outage.start(&receiver.url());
        receiver
            .wait_for_requests(receiver.requests() + random.usize(1..5))
            .await;
        tokio::time::sleep(Duration::from_millis(random.u64(0..60))).await;
        kill(replay);
    }
    let (left, _) = outage.counts().await;
    assert!(left > 1, "the kills came too late");
    outage.replay_all(&receiver.url()).await;
    outage.assert_each_once(receiver.stored().into_iter().map(|entry| entry.line).collect());
}

/// The link to Loki is slow for the killed runs, so that they end in the middle of their pushes.
#[tokio::test]
#[ignore = "needs moto and a real Loki: tools/testkit/moto/install, tools/testkit/loki/install"]
async fn a_real_loki_has_each_line_of_an_outage_once() {
    let (outage, loki) = (Outage::new().await, Loki::start().await);
    let address = loki.push_url().replace("http://", "");
    let link = Link::start(address.split('/').next().unwrap().parse().unwrap()).await;
    link.limit_speed(700);
    let mut random = fastrand::Rng::with_seed(8);
    for _ in 0..KILLS {
        let replay = outage.start(&link.push_url());
        tokio::time::sleep(Duration::from_millis(random.u64(200..1500))).await;
        kill(replay);
    }
    let (left, _) = outage.counts().await;
    assert!(left > 1, "the kills came too late");
    outage.replay_all(&loki.push_url()).await;
    let now = i128::from(jiff::Timestamp::now().as_millisecond());
    let mut stored = Vec::new();
    // The lines of Kinesis have the time at which moto received them.
    for end in [i128::from(AT_MILLIS), now] {
        let hour = 3_600_000;
        let (from, to) = ((end - hour) * 1_000_000, (end + hour) * 1_000_000);
        let streams = loki
            .query_range("shop", r#"{__aws_log_type=~".+"}"#, from, to, 5000)
            .await;
        stored.extend(
            streams
                .into_iter()
                .flat_map(|stream| stream.entries)
                .map(|entry| entry.line),
        );
    }
    outage.assert_each_once(stored);
}
