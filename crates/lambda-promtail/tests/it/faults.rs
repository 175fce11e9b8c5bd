//! Random faults of Loki and of S3, combined with every event source. The entries that Loki acknowledged are compared
//! with the function's result, and the items that it reported as failed are delivered again, as AWS would, until the
//! fault is over.
//!
//! ```sh
//! FAULT_SEED=7 FAULT_CASES=5000 cargo test --workspace --test it -- --nocapture faults::
//! FAULT_SEED=7 FAULT_CASE=123 cargo test --workspace --test it -- --nocapture faults::
//! ```

#![allow(clippy::print_stdout, reason = "the test prints what it counted")]
#![allow(unreachable_pub, reason = "these modules are parts of this test only")]

mod bombs;
mod case;
mod check;
mod envelope_sources;
mod lines;
mod loki_faults;
mod loki_script;
mod run;
mod s3_faults;
mod shapes;
mod sources;
mod starvation;
mod tally;
mod text_sources;

use std::sync::Arc;
use std::time::Instant;

use self::case::Case;
use self::run::{Failure, Shared, run};
use self::tally::Tally;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The default of `FAULT_SEED`.
const SEED: u64 = 1;
/// The default of `FAULT_CASES`, enough for every source with every fault.
const CASES: u64 = 500;
/// The number of cases that run at once; most of them wait for a timeout or a deadline.
const JOBS: u64 = 12;
/// The number of cases for each process that may start at once, because a start uses the most processor time.
const JOBS_PER_START: usize = 4;
/// The most attempts at a case that missed a deadline because the machine was too busy.
const TRIES: u32 = 5;
/// The most failures that are printed in full.
const TOLD: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_is_delivered_or_reported_whatever_the_fault() {
    let seed = setting("FAULT_SEED").unwrap_or(SEED);
    let numbers = match setting("FAULT_CASE") {
        Some(number) => number..number + 1,
        None => 0..setting("FAULT_CASES").unwrap_or(CASES),
    };
    assert!(
        Case::pairs().len() as u64 <= CASES,
        "there are pairs that no run tries"
    );
    let jobs = setting("FAULT_JOBS").unwrap_or(JOBS) as usize;
    let room = Arc::new(Semaphore::new(jobs));
    let shared = Arc::new(Shared::new(jobs.div_ceil(JOBS_PER_START)));
    let started = Instant::now();

    let mut cases = JoinSet::new();
    for number in numbers {
        let permit = Arc::clone(&room).acquire_owned().await.unwrap();
        let shared = Arc::clone(&shared);
        cases.spawn(async move {
            let case = Arc::new(Case::draw(seed, number));
            let mut tries = 1;
            let mut result = run(&case, &shared).await;
            while tries < TRIES && result.as_ref().is_err_and(|failure| failure.starved) {
                tries += 1;
                result = run(&case, &shared).await;
            }
            drop(permit);
            (case, result, tries)
        });
    }
    let mut tally = Tally::default();
    let (mut wrong, mut again) = (0, 0);
    while let Some(done) = cases.join_next().await {
        let (case, result, tries) = done.unwrap();
        tally.add(&case, &result);
        again += tries - 1;
        if let Err(failure) = &result {
            wrong += 1;
            if wrong <= TOLD {
                tell(&case, failure);
            }
        }
    }
    println!(
        "seed {seed}, {:.0?}, tried again since the machine was too busy: {again}\n{tally}",
        started.elapsed()
    );
    assert_eq!(wrong, 0, "so many cases went wrong");
    let never_met = tally.never_met();
    assert!(
        never_met.is_empty(),
        "no push and no request ever met {never_met:?}"
    );
    assert!(!tally.never_continued(), "no object was ever continued");
}

fn tell(case: &Case, failure: &Failure) {
    println!("{case}\n  delivery {}: {}", failure.delivery, failure.violation);
    println!("  log:\n    {}\n", failure.log.join("\n    "));
}

/// Returns a number from an environment variable that the developer may set.
#[expect(
    clippy::disallowed_methods,
    reason = "these variables are for the test; the function gets its own from each case"
)]
fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|error| panic!("{name}={text}: {error}")),
    )
}
