//! The number of requests that are handled at a time.

use std::sync::{Mutex, MutexGuard};

/// A counter of the requests that are handled at a time, and of their maximum.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    now: usize,
    most: usize,
}

/// A guard of a request that is being handled. The count goes down when it is dropped, also when the client hangs up.
#[derive(Debug)]
pub(super) struct Flight<'a>(&'a InFlight);

impl InFlight {
    pub(super) fn begin(&self) -> Flight<'_> {
        let mut counts = self.counts();
        counts.now += 1;
        counts.most = counts.most.max(counts.now);
        Flight(self)
    }

    pub(super) fn most(&self) -> usize {
        self.counts().most
    }

    /// Resets the maximum to the number of requests that are being handled now.
    pub(super) fn clear(&self) {
        let mut counts = self.counts();
        counts.most = counts.now;
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap()
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.counts().now -= 1;
    }
}
