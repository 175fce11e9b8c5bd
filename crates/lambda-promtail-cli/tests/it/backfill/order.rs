//! How many objects are shipped at a time.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;

use super::{BUCKET, Backfill, key, lines};
use crate::support::text;

#[tokio::test]
async fn loki_may_ask_for_fewer_pushes() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    for number in 0..100 {
        s3.put(BUCKET, &key("a", 0, number), lines(0, number, 2));
    }
    receiver.answer_with(|_, before| match before {
        0..40 => Answer::status(429).header("Retry-After", "1"),
        _ => Answer::status(204).delay(Duration::from_millis(20)),
    });
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let output = backfill
        .run(&["s3://logs/", "--jobs", "32", "--output", "json"], &[])
        .await;
    assert!(output.status.success(), "{output:?}");
    let totals: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&totals["shipped"], &totals["retries"]),
        (&json!(100), &json!(40))
    );
    assert!(
        text(&output.stderr).contains("push failed, trying again: status 429"),
        "{output:?}"
    );
}

/// Objects of a stream that are far apart are shipped one after the other, whatever the number of jobs.
#[tokio::test]
async fn an_object_in_flight_keeps_much_newer_ones_of_its_stream_waiting() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    receiver.keep_lokis_rules();
    for number in 0..60 {
        let minute = number * 90;
        s3.put(
            BUCKET,
            &key("a", minute, number as usize),
            lines(minute, number as usize, 2),
        );
    }
    // The first answers take longest.
    receiver.answer_with(|_, before| {
        Answer::status(204).delay(Duration::from_millis(60u64.saturating_sub(before as u64)))
    });
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let output = backfill.run(&["s3://logs/", "--jobs", "16"], &[]).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!((receiver.stored_count(), receiver.most_in_flight()), (120, 1));
}
