//! From the spawn of the process to its first question for an event.

use std::time::{Duration, Instant};

use testkit::lambda::{Lambda, LambdaBuilder};

use crate::function;
use crate::report::{Limit, Report};
use crate::statistics::median;

/// Starts per round: one takes milliseconds, and some are disturbed.
const STARTS: usize = 20;
/// Milliseconds, and times a function that does nothing; one of them must hold.
const LIMITS: (f64, f64) = (8.0, 2.0);

/// Starts the function, and one that does nothing, by turns.
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
