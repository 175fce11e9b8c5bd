//! The cost of `METRICS=emf`, in instructions of the release binary, which are the same in each run to a fraction of a
//! percent.

#![allow(
    clippy::print_stdout,
    reason = "the test is run for the figures that it prints"
)]

use std::fs;
use std::time::Duration;

use testkit::corpora::cloudwatch;
use testkit::events::cloudwatch_payload;
use testkit::lambda::Lambda;
use testkit::receiver::Receiver;

use crate::support::release_binary;

const LINES: u64 = 200;
/// The numbers of events in a short and in a long run, whose difference leaves out the start of the process.
const EVENTS: [u64; 2] = [100, 400];
/// The largest share of an event's instructions that the metrics may have.
const LIMIT: f64 = 0.02;
/// The time that a start may take under valgrind.
const START: Duration = Duration::from_secs(120);

/// Returns the instructions of a process that ships this many events.
async fn instructions(events: u64, metrics: &str) -> u64 {
    let receiver = Receiver::counting().await;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("valgrind");
    let mut lambda = Lambda::builder("valgrind")
        .arg("--tool=cachegrind")
        .arg("--cache-sim=no")
        .arg("--cachegrind-out-file=/dev/null")
        .arg(format!("--log-file={}", log.display()))
        .arg(release_binary())
        .init_timeout(START)
        .timeout(START)
        // Where glibc is told that the CPU copies fast with one instruction, it counts as one for each byte.
        .env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-ERMS,-FSRM")
        .env("WRITE_ADDRESS", receiver.url())
        .env("TIMEOUT", "60s")
        .env("METRICS", metrics)
        .start()
        .await;
    for number in 0..events {
        let delivery = serde_json::from_str(&cloudwatch::delivery(number, LINES)).unwrap();
        let invocation = lambda.invoke(cloudwatch_payload(&delivery)).await;
        assert_eq!(invocation.response()["entries"], LINES);
    }
    // At its end valgrind writes what it counted.
    lambda.terminate().await;
    let log = fs::read_to_string(&log).unwrap();
    let counted = log
        .lines()
        .find_map(|line| line.split_once("I   refs:").or(line.split_once("I refs:")));
    let (_, counted) = counted.unwrap_or_else(|| panic!("not counted: {log}"));
    counted.trim().replace(',', "").parse().unwrap()
}

/// Returns the instructions of one event.
async fn of_an_event(metrics: &str) -> u64 {
    let [few, many] = EVENTS;
    let [short, long] = [
        instructions(few, metrics).await,
        instructions(many, metrics).await,
    ];
    (long - short) / (many - few)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs valgrind and the release binary: cargo build --release -p lambda-promtail"]
async fn metrics_cost_little_of_an_event() {
    let [without, with] = [of_an_event("none").await, of_an_event("emf").await];
    let share = (with as f64 - without as f64) / without as f64;
    println!(
        "an event of {LINES} lines: {without} instructions; with METRICS=emf {with}, {:.2} percent more",
        100.0 * share
    );
    assert!(share < LIMIT, "{share}");
}
