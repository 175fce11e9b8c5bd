//! The memory of one process over many events.

#![allow(
    clippy::print_stdout,
    reason = "the test is run for the figures that it prints"
)]

use bytes::Bytes;
use testkit::events;
use testkit::lambda::{Lambda, LambdaBuilder};
use testkit::receiver::Receiver;

use crate::support::{GROUP, OWNER, pushing_to, release_binary};

const LINES: i64 = 200;
/// The number of events after which every buffer that is kept for the next event was used at least once.
const WARM_UP: usize = 2_000;
const MANY: usize = 50_000;

/// Returns an event whose lines differ in length from those of others, so that buffer sizes differ too.
fn event(number: i64) -> Bytes {
    let lines: Vec<String> = (0..LINES)
        .map(|line| {
            format!(
                "event {number} line {line} {}",
                "payload ".repeat(10 + (number % 10) as usize)
            )
        })
        .collect();
    let events: Vec<(i64, &str)> = (1_700_000_000_000 + number * LINES..)
        .zip(lines.iter().map(String::as_str))
        .collect();
    events::cloudwatch_event(GROUP, "stream", OWNER, &events).into()
}

/// Ships this many events, `at_once` of them concurrently, each with its own trace id. Returns the growth of resident
/// memory in bytes.
async fn ship(lambda: &mut Lambda, events: usize, at_once: usize) -> u64 {
    let bodies: Vec<Bytes> = (0..20).map(event).collect();
    let before = lambda.resident_bytes();
    for round in 0..events / at_once {
        let bodies = (0..at_once).map(|place| bodies[(round * at_once + place) % bodies.len()].clone());
        for invocation in lambda.invoke_together(bodies).await {
            assert_eq!(invocation.response()["entries"], LINES);
        }
    }
    lambda.resident_bytes().saturating_sub(before)
}

async fn start(receiver: &Receiver, function: LambdaBuilder, at_once: usize) -> Lambda {
    let function = function.env("WRITE_ADDRESS", receiver.url());
    // Without the summaries, because the test keeps the log in memory.
    let function = function.env("LOG_LEVEL", "error");
    let mut lambda = match at_once {
        1 => function.start().await,
        _ => function.concurrency(at_once).start().await,
    };
    lambda.wait_until_ready().await.unwrap();
    lambda
}

#[tokio::test]
async fn four_events_at_a_time_leave_memory_flat() {
    let receiver = Receiver::counting().await;
    let function = pushing_to(&receiver);
    let mut lambda = start(&receiver, function, 4).await;
    ship(&mut lambda, 200, 4).await;
    let grown = ship(&mut lambda, 400, 4).await;
    assert!(grown < 1 << 20, "resident memory grew by {grown} bytes");
}

/// `lambda_runtime` sets `_X_AMZN_TRACE_ID` for each event, and glibc keeps each value: see the docs of the module
/// `runtime`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes, and needs the release binary"]
async fn fifty_thousand_events_cost_no_more_than_their_trace_ids() {
    let receiver = Receiver::counting().await;
    let mut lambda = start(&receiver, Lambda::builder(release_binary()), 1).await;
    ship(&mut lambda, WARM_UP, 1).await;
    let grown = ship(&mut lambda, MANY, 1).await;
    let of_each = grown / MANY as u64;
    println!(
        "one at a time: {grown} bytes, {of_each} for each event; {} KiB in all",
        lambda.resident_bytes() >> 10
    );
    assert!(of_each <= 300, "{of_each} bytes for each event");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes, and needs the release binary"]
async fn fifty_thousand_events_four_at_a_time_cost_nothing() {
    let receiver = Receiver::counting().await;
    let mut lambda = start(&receiver, Lambda::builder(release_binary()), 4).await;
    ship(&mut lambda, WARM_UP, 4).await;
    let grown = ship(&mut lambda, MANY, 4).await;
    println!(
        "four at a time: {grown} bytes; {} KiB in all",
        lambda.resident_bytes() >> 10
    );
    assert!(grown < 1 << 20, "resident memory grew by {grown} bytes");
}
