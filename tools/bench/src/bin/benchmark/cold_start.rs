//! Measures cold starts, from the spawn of the process to its first request for an event.

use std::time::{Duration, Instant};

use testkit::lambda::{Lambda, LambdaBuilder};

use crate::function;
use crate::report::{Limit, Report};
use crate::statistics::median;

/// The number of starts in a round. One takes milliseconds, and some are disturbed by other processes.
const STARTS: usize = 20;
/// The limits in milliseconds and relative to a function that does nothing. One of them must be kept.
const LIMITS: (f64, f64) = (8.0, 2.0);

/// Starts the function and one that does nothing, alternately, and reports the medians.
pub(crate) async fn measure(rounds: usize, settings: &[(String, String)], report: &mut Report) {
    let (mut own, mut hello) = (Vec::new(), Vec::new());
    for _ in 0..rounds * STARTS {
        let function =
            function::release(settings).env("WRITE_ADDRESS", "https://127.0.0.1:3100/loki/api/v1/push");
        own.push(start(function).await);
        hello.push(start(Lambda::builder(function::beside_this("hello-world"))).await);
    }
    let (own, hello) = (median(own), median(hello));
    let ratio = own.as_secs_f64() / hello.as_secs_f64();
    report.start(own, hello, ratio);
    let millis = own.as_secs_f64() * 1e3;
    report.limit(Limit::either(
        "cold start, milliseconds or times a function that does nothing",
        (millis, LIMITS.0),
        (ratio, LIMITS.1),
    ));
}

async fn start(function: LambdaBuilder) -> Duration {
    let begin = Instant::now();
    let mut lambda = function.start().await;
    lambda.wait_until_ready().await.unwrap();
    begin.elapsed()
}
