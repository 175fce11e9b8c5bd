//! Several pushes in flight at once, and pushes that are too large.

use std::time::Duration;

use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;

use crate::support::{ALB_KEY, BUCKET, alb_line, pushing_to, reading_from, s3_event};

/// Returns an object with this many lines.
fn lines(count: usize) -> String {
    (0..count).map(|number| alb_line(number, "200") + "\n").collect()
}

/// An object that is shipped to a slow Loki.
struct Run {
    concurrency: usize,
    lines: usize,
    batch_size: &'static str,
    delay: Duration,
}

impl Run {
    /// Returns the duration of shipping, and the peak of memory.
    async fn time(&self) -> (Duration, u64) {
        let (receiver, s3) = (Receiver::counting().await, S3::start().await);
        receiver.answer_always(Answer::status(204).delay(self.delay));
        s3.put(BUCKET, ALB_KEY, lines(self.lines));
        let mut lambda = reading_from(&s3, pushing_to(&receiver))
            .env("PUSH_CONCURRENCY", self.concurrency.to_string())
            .env("BATCH_SIZE", self.batch_size)
            .start()
            .await;
        lambda.wait_until_ready().await.unwrap();
        let invocation = lambda.invoke(s3_event(&[ALB_KEY])).await;
        assert_eq!(invocation.response()["entries"], self.lines);
        assert_eq!(receiver.distinct_count(), self.lines);
        assert_eq!(receiver.most_in_flight(), self.concurrency);
        (invocation.elapsed, lambda.peak_resident_bytes())
    }
}

/// 500 kB are sent in 64 pushes, which take 6.4 s one after the other.
#[tokio::test]
async fn four_pushes_in_flight_are_more_than_three_and_a_half_times_as_fast_as_one() {
    let run = |concurrency| Run {
        concurrency,
        lines: 2_700,
        batch_size: "8192",
        delay: Duration::from_millis(100),
    };
    let ((one, _), (four, _)) = (run(1).time().await, run(4).time().await);
    let ratio = one.as_secs_f64() / four.as_secs_f64();
    println!("1: {one:?}; 4: {four:?}; ratio {ratio:.2}");
    assert!(ratio >= 3.5, "{one:?} / {four:?} = {ratio:.2}");
}

/// Reading an object of 7.6 MB waits until Loki has accepted the pushes in flight.
#[tokio::test]
async fn memory_is_bounded_by_the_pushes_in_flight() {
    let run = |concurrency| Run {
        concurrency,
        lines: 40_000,
        batch_size: "131072",
        delay: Duration::from_millis(20),
    };
    let ((_, of_one), (_, of_four)) = (run(1).time().await, run(4).time().await);
    println!("1: {of_one} bytes; 4: {of_four} bytes");
    // Three more pushes, each with its batch and its body, and the memory that the allocator keeps.
    let more = of_four.saturating_sub(of_one);
    assert!(more < 4 * 1024 * 1024, "{of_one} -> {of_four}");
}

/// Between Loki's components the limit is gRPC's default of 4 MiB. Whatever the batch size, only the line that is too
/// large by itself is not delivered, and the error names it.
#[tokio::test]
async fn one_line_that_is_too_large_is_refused_alone() {
    const LIMIT: usize = 4 * 1024 * 1024;
    let mut object = lines(5_000);
    let long = alb_line(5_000, "200") + &"x".repeat(5 * 1024 * 1024) + "\n";
    object += &long;
    object.extend((5_001..10_001).map(|number| alb_line(number, "200") + "\n"));
    for batch_size in ["131072", "16777216"] {
        for answer in [
            Answer::status(413).body("request body too large"),
            Answer::status(500).body(
                "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5 vs. 4)",
            ),
        ] {
            let (receiver, s3) = (Receiver::start().await, S3::start().await);
            receiver.answer_with(move |push, _| match push.decoded_bytes > LIMIT {
                true => answer.clone(),
                false => Answer::status(204),
            });
            s3.put(BUCKET, ALB_KEY, object.clone());
            let function = reading_from(&s3, pushing_to(&receiver)).env("BATCH_SIZE", batch_size);
            let mut lambda = function.start().await;
            let invocation = lambda.invoke(s3_event(&[ALB_KEY])).await;
            let message = &invocation.error().error_message;
            assert!(
                message.starts_with(&format!(
                    "1 of 1 items not delivered: s3://{BUCKET}/{ALB_KEY}: push of one entry ({{"
                )) && message.contains("__aws_s3_lb=\"shop\"")
                    // 5,000 microseconds after the first line.
                    && message.contains(" at 1772600767005000000, 52"),
                "{message}"
            );
            assert_eq!(receiver.accepted_count(), 10_000);
            assert_eq!(receiver.distinct_count(), 10_000);
            let log = invocation.logs.join("\n");
            assert!(log.contains("rejected=1") && log.contains("failed=1"), "{log}");
            assert!(log.contains("request_body_too_large:1"), "{log}");
        }
    }
}
