//! Pushes with the entries of several items, of which Loki refuses some.

use serde_json::{Value, json};

use crate::support::s3_record;
use crate::support::setup::Setup;

/// An object of a load balancer, as an SQS message: the load balancer, and the time of its lines, in minutes after
/// midnight.
type Message = (&'static str, u32);

fn key((load_balancer, minutes): Message) -> String {
    format!(
        "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_\
         app.{load_balancer}.0a1b2c3d4e5f6071_20260304T{:02}{:02}Z_10.0.3.4_2et2e1mx.log",
        minutes / 60,
        minutes % 60
    )
}

fn object((load_balancer, minutes): Message) -> String {
    let (hour, minute) = (minutes / 60, minutes % 60);
    let line = |second: u32| {
        format!(
            "https 2026-03-04T{hour:02}:{minute:02}:{second:02}.000000Z app/{load_balancer}/0a1b 203.0.113.7:50111\n"
        )
    };
    (0..5).map(line).collect()
}

/// Returns an SQS event with a message for each object.
fn event(messages: &[Message]) -> String {
    let record = |(number, message): (usize, &Message)| {
        json!({
            "messageId": number.to_string(),
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:objects",
            "body": json!({"Records": [s3_record(&key(*message))]}).to_string(),
        })
    };
    json!({"Records": messages.iter().enumerate().map(record).collect::<Vec<Value>>()}).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_items_with_refused_entries_fail() {
    // The newest entry of `shop` is from 12:00, so its entries from before 11:00 are refused.
    for (messages, refused, most_pushes) in [
        (
            &[("shop", 690), ("shop", 540), ("shop", 691), ("shop", 692)][..],
            &["1"][..],
            6,
        ),
        (
            &[("cart", 700), ("login", 700), ("shop", 690), ("shop", 540)],
            &["3"],
            7,
        ),
        (&[("cart", 700), ("shop", 540), ("shop", 541)], &["1", "2"], 5),
        (&[("shop", 540), ("shop", 541)], &["0", "1"], 3),
    ] {
        let mut setup = Setup::new(&[("REPORT_BATCH_ITEM_FAILURES", "true")]).await;
        setup.receiver.keep_lokis_rules();
        let newest = [("shop", 720)];
        for message in messages.iter().chain(&newest) {
            setup.put(&key(*message), object(*message));
        }
        setup.response(event(&newest)).await;
        let before = setup.receiver.requests();
        for delivery in 0..2 {
            let reply = setup.response(event(messages)).await;
            let failed: Vec<&str> = reply["batchItemFailures"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["itemIdentifier"].as_str().unwrap())
                .collect();
            assert_eq!(failed, refused, "{messages:?}, delivery {delivery}");
        }
        assert_eq!(
            setup.receiver.stored_count(),
            5 * (1 + messages.len() - refused.len()),
            "{messages:?}"
        );
        let pushes = setup.receiver.requests() - before;
        assert!(pushes <= 2 * most_pushes, "{messages:?}: {pushes} pushes");
    }
}
