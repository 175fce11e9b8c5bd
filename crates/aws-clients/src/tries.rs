//! How often a download may still break.

use std::time::Duration;

use dskit_backoff::{Backoff, Waits};

use crate::S3ClientSettings;

/// Counts breaks of a download, and forgets them once it got on.
#[derive(Debug)]
pub(crate) struct Tries {
    backoff: Backoff,
    waits: Waits<fn(u64) -> u64>,
    failed: u32,
    /// Where counting began, in bytes.
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

    /// It broke after so many bytes: how long to wait before the next try, if there is one.
    pub(crate) fn broke(&mut self, offset: u64) -> Option<Duration> {
        if offset.saturating_sub(self.since) >= S3ClientSettings::PROGRESS {
            self.waits = self.backoff.waits(jitter);
            self.failed = 0;
            self.since = offset;
        }
        self.failed = self.failed.saturating_add(1);
        self.waits.next()
    }

    /// Breaks since counting began.
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
