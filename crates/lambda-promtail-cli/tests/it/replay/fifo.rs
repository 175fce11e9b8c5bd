//! FIFO queues, whose groups wait for their earlier messages.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use testkit::moto::Moto;
use testkit::receiver::Receiver;
use testkit::sqs::Message;

use super::setup::{Run, Setup, destination, subscription};
use crate::support::{cli, text};

const REGION: &str = "eu-west-1";
/// The messages of a queue: 25 of each of two groups, in turn.
const MESSAGES: usize = 50;

/// Returns the body and the group of a message, which cannot be shipped if it is bad: its record is not base64.
fn message(number: usize, bad: &[usize]) -> (String, &'static str) {
    let record = json!({
        "eventSource": "aws:kinesis", "eventSourceARN": "arn",
        "kinesis": {"sequenceNumber": number.to_string(), "data": "\0"},
    });
    let body = match bad.contains(&number) {
        true => json!({ "Records": [record] }),
        false => destination(&subscription(&line(number)), "no"),
    };
    (body.to_string(), ["a", "b"][number % 2])
}

fn line(number: usize) -> String {
    format!("line {number}")
}

/// Fills a queue, replays it, and returns the result with the ids of the bad messages.
async fn replay(bad: &[usize], arguments: &[&str]) -> (Setup, Run, Vec<String>) {
    let mut setup = Setup::new().await;
    setup.is_fifo = true;
    let mut ids = Vec::new();
    for number in 0..MESSAGES {
        let (body, group) = message(number, bad);
        let id = setup.sqs.send(Message::new(body).group(group));
        if bad.contains(&number) {
            ids.push(id);
        }
    }
    let run = setup
        .replay(&[arguments, &["--output", "json"]].concat(), &[])
        .await;
    (setup, run, ids)
}

/// Returns how often each line was accepted.
fn accepted(receiver: &Receiver) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    for entry in receiver.accepted() {
        *lines.entry(entry.line).or_default() += 1;
    }
    lines
}

#[tokio::test]
async fn a_message_that_cannot_be_shipped_does_not_keep_back_those_behind_it() {
    // None; the first of a group; the first of each and two in the middle of one, which come together.
    for bad in [&[][..], &[0], &[0, 1, 20, 22]] {
        let (setup, run, ids) = replay(bad, &[]).await;
        assert_eq!(run.succeeded, bad.is_empty(), "{run:?}");
        let good = (0..MESSAGES).filter(|number| !bad.contains(number));
        let once: BTreeMap<String, usize> = good.map(|number| (line(number), 1)).collect();
        assert_eq!(accepted(&setup.receiver), once);
        assert_eq!((setup.sqs.ids(), setup.sqs.visible()), (ids.clone(), bad.len()));
        let report = run.json();
        assert_eq!(
            (&report["delivered"], &report["elsewhere"]),
            (&json!(50 - bad.len()), &json!(0))
        );
        let failed = report["failed"].as_array().unwrap();
        let named: BTreeSet<&str> = failed
            .iter()
            .map(|failed| failed["message_id"].as_str().unwrap())
            .collect();
        // Each is named once, however often it was received.
        assert_eq!(
            (named, failed.len()),
            (ids.iter().map(String::as_str).collect(), ids.len())
        );
    }
}

/// SQS returns at most ten messages of a group, so that ten which stay hide the others. The run says how many.
#[tokio::test]
async fn it_ends_when_ten_messages_of_a_group_stay() {
    // The first ten of the first group.
    let bad: Vec<usize> = (0..20).step_by(2).collect();
    let (setup, run, _) = replay(&bad, &["--visibility-timeout", "2"]).await;
    assert!(!run.succeeded, "{run:?}");
    let report = run.json();
    assert_eq!(
        (&report["delivered"], &report["elsewhere"]),
        (&json!(25), &json!(15))
    );
    assert_eq!(report["failed"].as_array().unwrap().len(), 10);
    assert!(
        run.said.contains("wait for earlier messages of their FIFO group"),
        "{run:?}"
    );
    assert_eq!((setup.sqs.ids().len(), setup.sqs.visible()), (25, 25));
}

/// moto 5.2.5 can lose one of two deletions at the same time: `Queue.delete_message` copies the list of messages without
/// a lock. Such a message comes again, so that its line is counted once here and not its deliveries.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn motos_queue_is_emptied_but_for_the_message_that_cannot_be_shipped() {
    let (moto, receiver) = (Moto::start().await, Receiver::start().await);
    let queue_url = moto.create_fifo_queue(REGION, "failed.fifo").await;
    let mut ids = Vec::new();
    for number in 0..MESSAGES {
        let (body, group) = message(number, &[0]);
        ids.push(moto.send_to_group(REGION, &queue_url, group, &body).await);
    }
    let (address, endpoint) = (receiver.url(), moto.url());
    let variables = [
        ("AWS_ACCESS_KEY_ID", "a"),
        ("AWS_SECRET_ACCESS_KEY", "b"),
        ("AWS_REGION", REGION),
        ("AWS_ENDPOINT_URL", &endpoint),
        ("WRITE_ADDRESS", &address),
        ("LOG_LEVEL", "warn"),
    ];
    let arguments = ["replay", "--visibility-timeout", "10", &queue_url];
    let output = tokio::task::block_in_place(|| cli(&arguments, &variables));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let lines: BTreeSet<String> = accepted(&receiver).into_keys().collect();
    assert_eq!(lines, (1..MESSAGES).map(line).collect());
    assert_eq!(moto.message_count(REGION, &queue_url).await, 1);
    let said = text(&output.stderr);
    assert!(said.contains(&ids[0]), "{said}");
    assert!(
        said.contains("1 message not delivered and still in the queue"),
        "{said}"
    );
}
