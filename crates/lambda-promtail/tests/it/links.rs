//! A network between the function and Loki that drops connections, or is slow.

use std::time::Duration;

use testkit::lambda::LambdaBuilder;
use testkit::link::Link;
use testkit::receiver::{Answer, Receiver};

use crate::support::{event, function, pushing_to};

fn through(link: &Link) -> LambdaBuilder {
    hasty(link.push_url())
}

fn hasty(write_address: String) -> LambdaBuilder {
    function()
        .env("WRITE_ADDRESS", write_address)
        .env("TIMEOUT", "1s")
        .env("MIN_BACKOFF", "1s")
        .env("MAX_BACKOFF", "2s")
}

fn lines(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("line {number}")).collect()
}

fn event_of(lines: &[String]) -> String {
    event(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Each dead connection used to cost an attempt of `TIMEOUT`, so 12 of them failed an event although Loki was healthy.
#[tokio::test]
async fn a_pool_of_dead_connections_costs_one_timeout() {
    let receiver = Receiver::start().await;
    let link = Link::start(receiver.address()).await;
    let mut lambda = through(&link)
        .env("BATCH_SIZE", "1")
        .env("MAX_RETRIES", "2")
        .start()
        .await;
    receiver.answer_always(Answer::status(204).delay(Duration::from_millis(100)));
    lambda.invoke(event_of(&lines(12))).await.response();
    assert!(link.connections() >= 8, "{}", link.connections());
    receiver.answer_as_usual();
    link.kill_connections();
    let invocation = lambda.invoke(event_of(&lines(1))).await;
    assert_eq!(invocation.response()["retries"], 1);
    // The timeout, without a wait of a second or more after it.
    assert!(
        invocation.elapsed < Duration::from_millis(1_900),
        "{:?}",
        invocation.elapsed
    );
}

#[tokio::test]
async fn pushes_in_flight_on_dead_connections_connect_anew_together() {
    let receiver = Receiver::start().await;
    let link = Link::start(receiver.address()).await;
    let mut lambda = through(&link)
        .env("BATCH_SIZE", "1")
        .env("MAX_RETRIES", "1")
        .start()
        .await;
    receiver.answer_always(Answer::status(204).delay(Duration::from_millis(100)));
    lambda.invoke(event_of(&lines(12))).await.response();
    receiver.answer_as_usual();
    link.kill_connections();
    let invocation = lambda.invoke(event_of(&lines(8))).await;
    assert_eq!(invocation.response()["entries"], 8);
    assert!(
        invocation.elapsed < Duration::from_millis(2_900),
        "{:?}",
        invocation.elapsed
    );
}

/// A timeout on a new connection means that the server is slow: the next attempt waits for the backoff.
#[tokio::test]
async fn a_timeout_on_a_new_connection_is_followed_by_the_backoff() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::hang()]);
    // There is no connection that was made before the first event.
    receiver.refuse_connections().await;
    let mut lambda = hasty(receiver.url()).start().await;
    lambda.wait_until_ready().await.unwrap();
    receiver.accept_connections().await;
    let invocation = lambda.invoke(event_of(&lines(1))).await;
    assert_eq!(invocation.response()["retries"], 1);
    assert!(
        invocation.elapsed >= Duration::from_secs(2),
        "{:?}",
        invocation.elapsed
    );
}

/// Returns lines that hardly compress.
fn dense_lines(count: usize) -> Vec<String> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("{state:016x}")
    };
    (0..count).map(|_| (0..32).map(|_| word()).collect()).collect()
}

/// 150 kB take three seconds, three times the timeout. They used to be sent again without being split.
#[tokio::test]
async fn a_push_that_is_too_large_for_a_slow_link_is_made_smaller() {
    let receiver = Receiver::start().await;
    let link = Link::start(receiver.address()).await;
    link.limit_speed(50_000);
    let mut lambda = through(&link)
        .env("MIN_BACKOFF", "1ms")
        .env("MAX_BACKOFF", "2ms")
        .env("MAX_RETRIES", "3")
        .start()
        .await;
    lambda.set_timeout(Duration::from_secs(40));
    let invocation = lambda.invoke(event_of(&dense_lines(240))).await;
    assert_eq!(invocation.response()["entries"], 240);
    assert_eq!(receiver.distinct_count(), 240);
}

/// A push is not split down to single entries if the server never responds.
#[tokio::test]
async fn a_server_that_never_answers_is_given_up_with_few_attempts() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::hang());
    let mut lambda = pushing_to(&receiver)
        .env("TIMEOUT", "30ms")
        .env("MIN_BACKOFF", "1ms")
        .env("MAX_BACKOFF", "2ms")
        .env("MAX_RETRIES", "4")
        .start()
        .await;
    lambda.invoke(event_of(&lines(500))).await.error();
    assert!(receiver.requests() <= 20, "{}", receiver.requests());
}

#[tokio::test]
async fn a_408_does_not_make_a_push_smaller() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::status(408), Answer::status(408), Answer::status(408)]);
    let mut lambda = pushing_to(&receiver)
        .env("MIN_BACKOFF", "1ms")
        .env("MAX_BACKOFF", "2ms")
        .start()
        .await;
    lambda.invoke(event_of(&lines(8))).await.response();
    let sizes: Vec<usize> = receiver
        .pushes()
        .iter()
        .map(|push| push.entries().count())
        .collect();
    assert_eq!(sizes, [8; 4]);
}
