//! Dry runs.

use serde_json::json;
use testkit::sqs::Message;

use super::setup::{Setup, destination, subscription};

#[tokio::test]
async fn a_dry_run_groups_the_messages_by_source_and_reason_and_leaves_them() {
    let setup = Setup::new().await;
    for number in 0..12 {
        let error = format!("1 of 1 items not delivered: delivery{number}: 503 Service Unavailable");
        let message = Message::new(destination(&subscription("line"), &error));
        let sent = (1_795_500_428_000_i64 + number * 1000).to_string();
        setup.sqs.send(message.system_attribute("SentTimestamp", &sent));
    }
    let denied = destination(
        &subscription("line"),
        "1 of 1 items not delivered: delivery: 401 Unauthorized",
    );
    setup.sqs.send(Message::new(denied));
    let batch = json!({
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "responseContext": {"functionError": "Unhandled"},
        "KinesisBatchInfo": {
            "shardId": "s", "startSequenceNumber": "1", "endSequenceNumber": "2", "batchSize": 2,
            "streamArn": "arn:aws:kinesis:eu-west-1:123456789012:stream/logs",
        },
    });
    setup.sqs.send(Message::new(batch));
    let unknown = Message::new(r#"{"foo": "bar"}"#).attribute("ErrorCode", "200");
    let unknown = setup
        .sqs
        .send(unknown.attribute("ErrorMessage", "unknown kind of event"));

    // No address is needed.
    let run = setup
        .replay(&["--dry-run", "--output", "json"], &[("WRITE_ADDRESS", "")])
        .await;
    assert!(run.succeeded, "{run:?}");
    let listing = run.json();
    assert_eq!(listing["messages"], 15);
    let groups = listing["groups"].as_array().unwrap();
    let count = |source: &str, reason: &str| {
        let mut found = groups
            .iter()
            .filter(|group| group["source"] == source && group["reason"].as_str().unwrap().contains(reason));
        let count = found.next().unwrap()["messages"].clone();
        assert!(found.next().is_none(), "{listing:#}");
        count
    };
    assert_eq!(count("cloudwatch_logs", "503"), 12);
    assert_eq!(
        count(
            "cloudwatch_logs",
            "RetriesExhausted: NotDelivered: 1 of 1 items not delivered: delivery: 401"
        ),
        1
    );
    assert_eq!(count("kinesis", "RetryAttemptsExhausted: Unhandled"), 1);
    assert_eq!(count("unreadable", "200: unknown kind of event"), 1);
    assert_eq!(groups.len(), 4);
    assert_eq!(
        groups[0]["sent"],
        json!({"first": "2026-11-24T06:07:08Z", "last": "2026-11-24T06:07:19Z"})
    );

    let run = setup.replay(&["--dry-run"], &[]).await;
    assert!(
        run.printed
            .starts_with("15 messages\n\n12 cloudwatch_logs, sent from 2026-11-24T06:07:08Z to"),
        "{run:?}"
    );
    assert!(
        run.printed.contains(&format!("first message: {unknown}\n")),
        "{run:?}"
    );
    assert!(
        run.printed.contains("cannot be shipped: unknown kind of event"),
        "{run:?}"
    );

    assert_eq!(setup.receiver.requests(), 0);
    assert_eq!((setup.sqs.ids().len(), setup.sqs.visible()), (15, 15));
    for id in setup.sqs.ids() {
        assert_eq!(setup.sqs.receptions(&id), 2, "once in each run");
    }
}

#[tokio::test]
async fn a_listing_that_is_not_complete_says_so() {
    let setup = Setup::new().await;
    setup.sqs.send(Message::new("text"));
    setup.sqs.refuse("ReceiveMessage", "OverLimit");
    let run = setup.replay(&["--dry-run"], &[]).await;
    assert!(!run.succeeded, "{run:?}");
    assert!(
        run.said
            .contains("the listing is not complete: SQS does not let more messages be in flight"),
        "{run:?}"
    );
}
