//! Measures the cost of shipping with the release binary, started as Lambda does. The figures are ratios to the floor,
//! the least that the same bytes can cost, which is measured in the same run.
//!
//! `cargo build --release -p lambda-promtail -p bench && cargo run --release -p bench --bin benchmark`

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark fails by panicking with a message"
)]

mod billed;
mod cloudwatch;
mod cold_start;
mod first_event;
mod floor;
mod function;
mod loki;
mod object;
mod objects;
mod report;
mod sockets;
mod statistics;
mod streams;

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use testkit::corpora::Corpus;

use loki::Grid;
use objects::Shipping;
use report::Report;

/// Measures the cost of shipping.
#[derive(Debug, Parser)]
struct Options {
    /// What to measure: alb, cloudfront, vpc-flow, waf, cloudtrail, streams, cloudwatch, cold-start, first-event,
    /// billed; all of these by default. And loki, which needs a real Loki and is only measured if it is named
    scenarios: Vec<String>,
    /// Size of each object, uncompressed, in MiB
    #[arg(long, default_value_t = 100)]
    mib: u64,
    /// Number of measurements of each; the median is reported
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Number of CloudWatch events of 200 lines each
    #[arg(long, default_value_t = 1_000)]
    events: usize,
    /// Delay of each push in the second measurement of each object, in milliseconds
    #[arg(long, default_value_t = 20)]
    delay: u64,
    /// loki: batch sizes, in bytes
    #[arg(long, value_delimiter = ',', default_values_t = [131_072, 524_288, 1_048_576, 2_097_152])]
    batch_sizes: Vec<usize>,
    /// loki: numbers of pushes in flight
    #[arg(long, value_delimiter = ',', default_values_t = [4, 8, 16, 24])]
    concurrencies: Vec<usize>,
    /// Settings of the function, NAME=VALUE
    #[arg(long = "env")]
    settings: Vec<String>,
    /// Exit with an error if a figure is above its limit
    #[arg(long)]
    check: bool,
    /// Factor by which times may exceed their limits, for machines that are also used by others
    #[arg(long, default_value_t = 1.0)]
    leeway: f64,
}

impl Options {
    fn wants(&self, scenario: &str) -> bool {
        self.scenarios.is_empty() || self.scenarios.iter().any(|wanted| wanted == scenario)
    }

    fn settings(&self) -> Vec<(String, String)> {
        let pairs = self.settings.iter().map(|setting| setting.split_once('='));
        pairs
            .map(|pair| pair.expect("--env takes NAME=VALUE"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let mut report = Report::new(io::stdout(), options.leeway);
    for corpus in Corpus::ALL
        .into_iter()
        .filter(|corpus| options.wants(corpus.name()))
    {
        let shipping = Shipping {
            corpus,
            bytes: options.mib << 20,
            rounds: options.rounds,
            delay: Duration::from_millis(options.delay),
            settings: options.settings(),
        };
        shipping.measure(&mut report).await;
    }
    if options.wants("streams") {
        streams::measure(options.rounds, &options.settings(), &mut report).await;
    }
    if options.wants("cloudwatch") {
        cloudwatch::measure(options.events, options.rounds, &options.settings(), &mut report).await;
    }
    if options.wants("cold-start") {
        cold_start::measure(options.rounds, &options.settings(), &mut report).await;
    }
    if options.wants("first-event") {
        first_event::measure(options.rounds, &options.settings(), &mut report).await;
    }
    if options.wants("billed") {
        billed::measure(options.rounds, &options.settings(), &mut report).await;
    }
    if options.scenarios.iter().any(|named| named == "loki") {
        let grid = Grid {
            corpus: Corpus::Alb,
            bytes: options.mib << 20,
            batch_sizes: options.batch_sizes.clone(),
            concurrencies: options.concurrencies.clone(),
            settings: options.settings(),
        };
        grid.measure(&mut report).await;
    }
    report.end(options.check)
}
