//! What shipping costs, measured on the release binary as Lambda starts it, and beside it the floor: the least
//! that the same bytes can cost. Figures are ratios to a floor measured in the same run.
//!
//! `cargo build --release -p lambda-promtail -p benchmark && cargo run --release -p benchmark`

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark fails by panicking, with words that say what was expected"
)]

mod cloudwatch;
mod cold_start;
mod floor;
mod function;
mod loki;
mod object;
mod objects;
mod report;
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

/// Measures what shipping costs.
#[derive(Debug, Parser)]
struct Options {
    /// Measures only these: alb, cloudfront, vpc-flow, waf, cloudtrail, streams, cloudwatch, cold-start. Measures all by default.
    /// And loki, which wants a real Loki and is only measured when it is named
    scenarios: Vec<String>,
    /// Size of each object, uncompressed, in MiB
    #[arg(long, default_value_t = 100)]
    mib: u64,
    /// How often each is measured; the median counts
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How many CloudWatch events of 200 lines
    #[arg(long, default_value_t = 1_000)]
    events: usize,
    /// Delay of each push, in milliseconds, for the second line of each object
    #[arg(long, default_value_t = 20)]
    delay: u64,
    /// loki: sizes of a batch, in bytes
    #[arg(long, value_delimiter = ',', default_values_t = [131_072, 524_288, 1_048_576, 2_097_152])]
    batch_sizes: Vec<usize>,
    /// loki: pushes in flight
    #[arg(long, value_delimiter = ',', default_values_t = [4, 8, 16, 24])]
    concurrencies: Vec<usize>,
    /// Settings of the function, NAME=VALUE
    #[arg(long = "env")]
    settings: Vec<String>,
    /// Fail when a figure is above its limit
    #[arg(long)]
    check: bool,
    /// Times may be so many times their limits: for machines that others use, too
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
