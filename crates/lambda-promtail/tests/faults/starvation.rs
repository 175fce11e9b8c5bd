//! How long the machine kept a case waiting.

use std::fs;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Time in which the function, or this test, could have run and was not let.
///
/// A deadline that passes meanwhile says nothing about the function. Lambda shares processors out too, but
/// there it is seconds that are kept for the answer, and not a fraction of one.
#[derive(Debug, Default)]
pub struct Starvation {
    before: Duration,
    function: Duration,
    test: Duration,
    looked: Option<Instant>,
}

/// Half of the least that is kept for the answer.
pub const STARVED: Duration = Duration::from_millis(100);
/// Between two looks.
const TICK: Duration = Duration::from_millis(10);

impl Starvation {
    /// During the last invocation.
    pub fn last(&self) -> Duration {
        self.function + self.test
    }

    /// Since the beginning.
    pub fn total(&self) -> Duration {
        self.before + self.last()
    }

    /// Looks at this process from now on; has no end of its own.
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

    /// Ends a watch. A wait that lasted until the deadline is seen only now: whoever waits for that is told at
    /// the same time.
    pub fn look(&mut self) {
        let since = self
            .looked
            .take()
            .map_or(Duration::ZERO, |looked| looked.elapsed());
        self.test += since.saturating_sub(2 * TICK);
    }
}

/// How long its only thread waited for a processor, as Linux counts it ("sched-stats" in its documentation).
/// Zero where it does not, or the process has ended.
fn run_delay(pid: u32) -> Duration {
    let text = fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
    let nanos = text.split(' ').nth(1).and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}
