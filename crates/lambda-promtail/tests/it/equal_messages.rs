//! Equal messages with equal times, of which Loki would keep one, through the real binary.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::events::{cloudwatch_event, cloudwatch_log_data, cloudwatch_payload};
use testkit::receiver::Receiver;

use crate::support::entries::arrived;
use crate::support::kinesis::record;
use crate::support::{GROUP, LABELS, OWNER, pushing_to};

const AT: i64 = 1_795_500_428_123;

fn nanos(millis: i64, later: i128) -> i128 {
    i128::from(millis) * 1_000_000 + later
}

/// Returns an event with these log events, each a time in milliseconds and a message.
fn event(events: &[(i64, &str)]) -> String {
    cloudwatch_event(GROUP, "2026/11/24/[$LATEST]6f1d", OWNER, events)
}

#[tokio::test]
async fn each_equal_message_is_a_nanosecond_later() {
    for (events, expected) in [
        (
            vec![(AT, "retry"), (AT, "retry"), (AT, "retry"), (AT, "done")],
            vec![
                (nanos(AT, 0), "done"),
                (nanos(AT, 0), "retry"),
                (nanos(AT, 1), "retry"),
                (nanos(AT, 2), "retry"),
            ],
        ),
        // Equal messages that are not adjacent, with times out of order.
        (
            vec![(AT + 1, "a"), (AT, "a"), (AT + 1, "b"), (AT + 1, "a"), (AT, "a")],
            vec![
                (nanos(AT, 0), "a"),
                (nanos(AT, 1), "a"),
                (nanos(AT + 1, 0), "a"),
                (nanos(AT + 1, 0), "b"),
                (nanos(AT + 1, 1), "a"),
            ],
        ),
    ] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver).start().await;
        lambda.invoke(event(&events)).await.response();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(time, line)| (LABELS.to_owned(), time, line.to_owned()))
            .collect();
        assert_eq!(arrived(&receiver), expected);
    }
}

/// Equal messages of two accounts belong to two streams, unless a setting removes the labels that differ.
#[tokio::test]
async fn streams_that_become_one_keep_all_their_messages() {
    let mut data = cloudwatch_log_data("/central/app", "s", OWNER, &[(AT, "retry"), (AT, "retry")]);
    for (at, account) in ["111122223333", "222233334444"].into_iter().enumerate() {
        data["logEvents"][at]["extractedFields"] = json!({"@aws.account": account});
    }
    for (dropped, streams) in [("", 2), ("__aws_cloudwatch_account", 1)] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver).env("DROP_LABELS", dropped).start().await;
        lambda.invoke(cloudwatch_payload(&data)).await.response();
        let entries = arrived(&receiver);
        let times: Vec<i128> = entries.iter().map(|(_, time, _)| *time).collect();
        assert_eq!(times, [nanos(AT, 0), nanos(AT, 1)]);
        let labels: BTreeSet<&String> = entries.iter().map(|(labels, ..)| labels).collect();
        assert_eq!(labels.len(), streams);
    }
}

/// The same holds for deliveries in Kinesis records. Each delivery counts separately, because AWS may group records
/// differently.
#[tokio::test]
async fn records_hold_deliveries_with_equal_messages() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let delivery = cloudwatch_log_data(GROUP, "s", OWNER, &[(AT, "retry"), (AT, "retry")]).to_string();
    let other = delivery.replace("checkout", "cart");
    let records = [
        record("1", &gzip(delivery.as_bytes())),
        record("2", other.as_bytes()),
        record(
            "3",
            (delivery.replace("checkout", "a") + &delivery.replace("checkout", "b")).as_bytes(),
        ),
    ];
    lambda
        .invoke(json!({"Records": records}).to_string())
        .await
        .response();
    let times: Vec<i128> = arrived(&receiver).into_iter().map(|(_, time, _)| time).collect();
    let both = [nanos(AT, 0), nanos(AT, 1)];
    assert_eq!(times, [both; 4].concat());
}

#[tokio::test]
async fn a_redelivery_gives_the_same_entries_however_they_are_pushed() {
    let words = ["retry", "retry", "timeout", "done"];
    let events: Vec<(i64, &str)> = (0..400)
        .map(|number: usize| (AT + (number * 7 % 5) as i64, words[number * 3 % 4]))
        .collect();
    let mut deliveries = Vec::new();
    for (batch_size, concurrency) in [("131072", "4"), ("200", "1"), ("1000", "16")] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver)
            .env("BATCH_SIZE", batch_size)
            .env("PUSH_CONCURRENCY", concurrency)
            .start()
            .await;
        for _ in 0..2 {
            lambda.invoke(event(&events)).await.response();
        }
        assert_eq!((receiver.accepted_count(), receiver.distinct_count()), (800, 400));
        let mut entries = arrived(&receiver);
        entries.dedup();
        deliveries.push(entries);
    }
    assert_eq!(deliveries[0], deliveries[1]);
    assert_eq!(deliveries[0], deliveries[2]);
}

#[tokio::test]
async fn many_log_events_of_one_time_take_no_time() {
    const COUNT: usize = 50_000;
    let distinct: Vec<String> = (0..COUNT).map(|number| format!("message {number}")).collect();
    let distinct: Vec<(i64, &str)> = distinct.iter().map(|message| (AT, message.as_str())).collect();
    for events in [vec![(AT, "retry"); COUNT], distinct] {
        let receiver = Receiver::counting().await;
        let mut lambda = pushing_to(&receiver).start().await;
        let summary = lambda.invoke(event(&events)).await.response().clone();
        assert_eq!(summary["entries"], Value::from(COUNT));
        assert_eq!(receiver.distinct_count(), COUNT);
    }
}
