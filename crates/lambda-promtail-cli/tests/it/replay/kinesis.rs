//! Batches of Kinesis, whose records are read from the stream.

use serde_json::{Value, json};
use testkit::events::base64;
use testkit::json_server::{Answer, JsonServer};
use testkit::sqs::Message;

use super::setup::Setup;

const STREAM: &str = "arn:aws:kinesis:us-east-2:123456789012:stream/logs";

/// Returns Lambda's record of the batch of the records 2 to 10.
fn batch(records: u64) -> Value {
    json!({
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "responseContext": {"functionError": "Unhandled"},
        "KinesisBatchInfo": {
            "shardId": "shardId-000000000007", "startSequenceNumber": "2", "endSequenceNumber": "10",
            "batchSize": records, "streamArn": STREAM,
        },
    })
}

fn record(number: u32) -> Value {
    json!({
        "SequenceNumber": number.to_string(),
        "Data": base64(format!("line of {number}").as_bytes()),
        "PartitionKey": "p",
        "ApproximateArrivalTimestamp": 1_772_600_767.125,
    })
}

/// Returns a response of `GetRecords`.
fn page(records: &[u32], next: Option<&str>, behind: u64) -> Answer {
    let records: Vec<Value> = records.iter().map(|number| record(*number)).collect();
    let page = json!({"Records": records, "NextShardIterator": next, "MillisBehindLatest": behind});
    (200, "", page.to_string())
}

fn position() -> Answer {
    (200, "", json!({"ShardIterator": "at-2"}).to_string())
}

/// The numbers are compared as numbers: 10 comes after 9, and after it nothing is read.
#[tokio::test]
async fn the_records_are_fetched_from_the_first_to_the_last() {
    let setup = Setup::new().await;
    let kinesis = JsonServer::start([
        position(),
        page(&[], Some("a"), 500),
        page(&[2, 9], Some("b"), 400),
        page(&[10, 11], Some("c"), 300),
        (500, "", String::new()),
    ])
    .await;
    setup.sqs.send(Message::new(batch(3)));
    let run = setup
        .replay(&[], &[("AWS_ENDPOINT_URL_KINESIS", &kinesis.url())])
        .await;
    assert!(run.succeeded, "{run:?}");
    assert_eq!(setup.sqs.ids().len(), 0);
    let entries = setup.entries();
    let lines: Vec<&str> = entries.iter().map(|entry| entry.2.as_str()).collect();
    assert_eq!(lines.len(), 3);
    for line in ["line of 2", "line of 9", "line of 10"] {
        assert!(lines.contains(&line), "{lines:?}");
    }
    assert!(
        entries.iter().all(|entry| entry.0.contains(STREAM)),
        "{entries:?}"
    );
    // The time is the arrival plus an offset below 0.9 ms.
    assert!(
        entries
            .iter()
            .all(|entry| entry.1 / 1_000_000 == 1_772_600_767_125),
        "{entries:?}"
    );

    let requests = kinesis.requests();
    assert_eq!(requests.len(), 4);
    assert!(
        requests[0].contains("/us-east-2/kinesis/aws4_request"),
        "{}",
        requests[0]
    );
    for part in [
        "AT_SEQUENCE_NUMBER",
        "shardId-000000000007",
        r#""StartingSequenceNumber":"2""#,
        STREAM,
    ] {
        assert!(requests[0].contains(part), "{}", requests[0]);
    }
    for (request, iterator) in requests[1..].iter().zip(["at-2", "a", "b"]) {
        assert!(
            request.contains(&format!(r#""ShardIterator":"{iterator}""#)),
            "{request}"
        );
    }
}

#[tokio::test]
async fn records_that_have_expired_fail_by_name_and_the_others_are_shipped() {
    for (pages, found) in [
        (vec![page(&[9, 10], Some("a"), 0)], 2),
        (vec![page(&[2, 10], Some("a"), 0)], 2),
        (vec![page(&[11], Some("a"), 7)], 0),
        (vec![page(&[], None, 0)], 0),
        (vec![page(&[], Some("a"), 0)], 0),
    ] {
        let setup = Setup::new().await;
        let kinesis = JsonServer::start([position()].into_iter().chain(pages)).await;
        let id = setup.sqs.send(Message::new(batch(3)));
        let run = setup
            .replay(&[], &[("AWS_ENDPOINT_URL_KINESIS", &kinesis.url())])
            .await;
        let expected = format!(
            "\n  {id}: the records of the batch have expired: shard shardId-000000000007 of {STREAM} has {found} of the 3 records from 2 to 10"
        );
        assert!(!run.succeeded && run.said.contains(&expected), "{run:?}");
        assert_eq!((setup.entries().len(), setup.sqs.visible()), (found, 1));
    }
}

#[tokio::test]
async fn an_error_of_the_stream_is_told_with_the_operation() {
    let refusal = json!({"__type": "ResourceNotFoundException", "message": "no such stream"});
    for (answers, operation) in [
        (vec![(400, "", refusal.to_string())], "GetShardIterator"),
        (vec![position(), (400, "", refusal.to_string())], "GetRecords"),
    ] {
        let setup = Setup::new().await;
        let kinesis = JsonServer::start(answers).await;
        setup.sqs.send(Message::new(batch(3)));
        let run = setup
            .replay(&[], &[("AWS_ENDPOINT_URL_KINESIS", &kinesis.url())])
            .await;
        let expected = format!("{STREAM}: {operation} failed: 400 ResourceNotFoundException: no such stream");
        assert!(!run.succeeded && run.said.contains(&expected), "{run:?}");
        assert_eq!(setup.sqs.visible(), 1);
    }
}

/// The SDK tries a call three times, and the command goes on after that.
#[tokio::test]
async fn a_busy_shard_and_an_old_position_only_take_longer() {
    let setup = Setup::new().await;
    let refused = |code: &str| (400, "", json!({ "__type": code }).to_string());
    let busy = || refused("ProvisionedThroughputExceededException");
    let kinesis = JsonServer::start([
        position(),
        busy(),
        busy(),
        busy(),
        busy(),
        page(&[2], Some("a"), 500),
        refused("ExpiredIteratorException"),
        position(),
        page(&[2, 9, 10], Some("b"), 0),
    ])
    .await;
    setup.sqs.send(Message::new(batch(3)));
    let run = setup
        .replay(&[], &[("AWS_ENDPOINT_URL_KINESIS", &kinesis.url())])
        .await;
    assert!(run.succeeded, "{run:?}");
    let lines: Vec<String> = setup.entries().into_iter().map(|entry| entry.2).collect();
    assert_eq!(lines, ["line of 2", "line of 9", "line of 10"]);
    assert!(
        kinesis.requests()[7].contains(r#""StartingSequenceNumber":"2""#),
        "{}",
        kinesis.requests()[7]
    );
}
