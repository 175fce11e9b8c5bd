//! Measures the CPU time from the spawn of the process to the first event that Loki acknowledged over TLS.

use std::fs;
use std::time::Duration;

use testkit::compress::{Level, gzip_at};
use testkit::corpora::cloudwatch;
use testkit::events;
use testkit::receiver::{Answer, Receiver};
use testkit::tls::Authority;

use crate::function;
use crate::report::{Limit, Report};
use crate::statistics::median;

/// The number of starts in a round. One takes milliseconds, and some are disturbed by other processes.
const STARTS: usize = 10;
/// The time that Loki takes to respond.
const LOKI_DELAY: Duration = Duration::from_millis(10);
const LINES: u64 = 10;
/// The places of the system's root certificates on common distributions.
const SYSTEM_ROOTS: [&str; 2] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
];
/// The limits of the CPU time before and after the first request for an event, in milliseconds.
const LIMITS: (f64, f64) = (6.0, 1.0);

/// Starts the function, gives it an event, and reports the medians of its CPU times.
pub(crate) async fn measure(rounds: usize, settings: &[(String, String)], report: &mut Report) {
    let authority = Authority::new();
    let receiver = Receiver::start_tls(&authority).await;
    receiver.answer_always(Answer::status(204).delay(LOKI_DELAY));
    // The receiver's root certificate among those of the system.
    let system = SYSTEM_ROOTS.iter().find_map(|path| fs::read_to_string(path).ok());
    let system = system.expect("the system should have root certificates");
    let roots = tempfile::NamedTempFile::new().unwrap();
    fs::write(roots.path(), system + authority.ca_pem()).unwrap();

    let payload = gzip_at(Level::default(), cloudwatch::delivery(1, LINES).as_bytes());
    let event = events::cloudwatch_data(&payload);
    let (mut starts, mut firsts, mut seconds, mut walls) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds * STARTS {
        let function = function::release(settings)
            .env("WRITE_ADDRESS", receiver.url())
            .env("SSL_CERT_FILE", roots.path().to_str().unwrap())
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128");
        let mut lambda = function.start().await;
        lambda.wait_until_ready().await.unwrap();
        let start = lambda.cpu_time();
        let first = lambda.invoke(event.clone()).await;
        assert_eq!(first.response()["entries"], LINES, "{:?}", first.logs);
        let after_first = lambda.cpu_time();
        lambda.invoke(event.clone()).await.response();
        starts.push(start);
        firsts.push(after_first - start);
        seconds.push(lambda.cpu_time() - after_first);
        walls.push(first.elapsed);
    }
    let millis = |times: Vec<Duration>| median(times).as_secs_f64() * 1e3;
    let (start, first, second, wall) = (millis(starts), millis(firsts), millis(seconds), millis(walls));
    report.heading(&format!(
        "first event over TLS    CPU {start:.2} ms before the first request for an event, {first:.2} ms after it \
         (a second event {second:.2} ms); wall {wall:.1} ms"
    ));
    report.limit(Limit::time_at_most(
        "CPU from spawn to the first request for an event, ms",
        start,
        LIMITS.0,
    ));
    report.limit(Limit::time_at_most("CPU of the first event, ms", first, LIMITS.1));
}
