//! The time that a case waited for a processor.

use std::fs;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// The time in which the function or this test was ready to run but got no processor.
///
/// A deadline that passes during this time says nothing about the function. Lambda limits processor time too, but there
/// the time that is kept for the response is seconds and not a fraction of one.
#[derive(Debug, Default)]
pub struct Starvation {
    before: Duration,
    function: Duration,
    test: Duration,
    looked: Option<Instant>,
}

/// Half of the shortest time that is kept for the response.
pub const STARVED: Duration = Duration::from_millis(100);
/// The time between two measurements.
const TICK: Duration = Duration::from_millis(10);

impl Starvation {
    /// Returns the time of the last invocation.
    pub fn last(&self) -> Duration {
        self.function + self.test
    }

    /// Returns the time since the beginning.
    pub fn total(&self) -> Duration {
        self.before + self.last()
    }

    /// Measures this process from now on; never completes.
    pub async fn watch(&mut self, pid: u32) {
        self.before = self.total();
        (self.function, self.test) = (Duration::ZERO, Duration::ZERO);
        let start = run_delay(pid);
        loop {
            self.looked = Some(Instant::now());
            sleep(TICK).await;
            self.look();
            self.function = run_delay(pid).saturating_sub(start).max(self.function);
        }
    }

    /// Takes the last measurement of an invocation. A wait that lasted until the deadline is only seen here, because
    /// the invocation's end wakes the test at the same time.
    pub fn look(&mut self) {
        let since = self
            .looked
            .take()
            .map_or(Duration::ZERO, |looked| looked.elapsed());
        self.test += since.saturating_sub(2 * TICK);
    }
}

/// Returns how long the process's only thread waited for a processor, as Linux counts it ("sched-stats" in its
/// documentation). Returns zero if Linux does not count it or the process has exited.
fn run_delay(pid: u32) -> Duration {
    let text = fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
    let nanos = text.split(' ').nth(1).and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}
