//! How many requests are handled at one time.

use std::sync::{Mutex, MutexGuard};

/// Counts them.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    now: usize,
    most: usize,
}

/// A request that is being handled, until this is dropped: the client may hang up at any time.
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

    /// Starts again with those that are being handled now.
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
