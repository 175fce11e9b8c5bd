//! The retries of a broken download.

use std::time::Duration;

use dskit_backoff::{Backoff, Waits};

use crate::S3ClientSettings;

/// A counter of a download's interruptions, which starts again after enough progress.
#[derive(Debug)]
pub(crate) struct Tries {
    backoff: Backoff,
    waits: Waits<fn(u64) -> u64>,
    failed: u32,
    /// The offset at which counting began, in bytes.
    since: u64,
}

impl Tries {
    pub(crate) fn new(backoff: Backoff) -> Self {
        Self {
            backoff,
            waits: backoff.waits(jitter),
            failed: 0,
            since: 0,
        }
    }

    /// Counts an interruption at `offset`, and returns the time to wait before the next attempt, or `None`
    /// if there are no attempts left.
    pub(crate) fn broke(&mut self, offset: u64) -> Option<Duration> {
        if offset.saturating_sub(self.since) >= S3ClientSettings::PROGRESS {
            self.waits = self.backoff.waits(jitter);
            self.failed = 0;
            self.since = offset;
        }
        self.failed = self.failed.saturating_add(1);
        self.waits.next()
    }

    /// Returns the number of interruptions since counting began.
    pub(crate) fn failed(&self) -> u32 {
        self.failed
    }
}

fn jitter(width: u64) -> u64 {
    fastrand::u64(..width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_makes_up_for_breaks() {
        let mut tries = Tries::new(Backoff {
            min: Duration::from_millis(1),
            max: Duration::from_millis(8),
            max_retries: 3,
        });
        for start in 0..10 {
            let offset = start * S3ClientSettings::PROGRESS;
            assert!(tries.broke(offset).is_some());
            assert!(tries.broke(offset + 1).is_some());
        }
        assert_eq!(tries.broke(9 * S3ClientSettings::PROGRESS + 2), None);
        assert_eq!(tries.failed(), 3);
    }
}
