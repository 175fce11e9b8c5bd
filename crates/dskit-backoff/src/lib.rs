//! The exponential backoff of Grafana's dskit as pure arithmetic, without a clock, I/O or a random source.
//!
//! Loki's and Mimir's clients compute the wait between two tries as dskit's `backoff` package does, and users of
//! upstream's lambda-promtail have tuned `MIN_BACKOFF`, `MAX_BACKOFF` and `MAX_RETRIES` to it. The rules are:
//!
//! * The first wait is drawn uniformly from `[min, 2·min)`, the second from `[2·min, 4·min)`, and so on.
//! * The upper bound is capped at `max`. From then on the range stays the same, so the lower bound never reaches
//!   `max`.
//! * If the range is empty (`min >= max`), every wait is `min`, even where `min` is above `max`.
//! * `max_retries` counts tries: 10 means ten tries with nine waits between them. 0 means no limit.
//!
//! ```
//! use std::time::Duration;
//!
//! let backoff = dskit_backoff::Backoff {
//!     min: Duration::from_millis(100),
//!     max: Duration::from_secs(30),
//!     max_retries: 4,
//! };
//! // The caller provides the jitter. This one always chooses the lower bound of the range.
//! let waits: Vec<u128> = backoff.waits(|_width| 0).map(|wait| wait.as_millis()).collect();
//! assert_eq!(waits, [100, 200, 400]);
//! ```

use std::iter::FusedIterator;
use std::time::Duration;

/// The settings of the backoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The lower bound of the first wait.
    pub min: Duration,
    /// The upper bound of every wait, unless `min` is larger.
    pub max: Duration,
    /// The number of tries; 0 means no limit.
    pub max_retries: u32,
}

impl Backoff {
    /// Returns the waits after the first, second, ... failed try. The iterator ends when no further try is allowed.
    ///
    /// `jitter` draws a whole number uniformly from `[0, width)`. The width is in nanoseconds and is never 0.
    pub fn waits<J: FnMut(u64) -> u64>(&self, jitter: J) -> Waits<J> {
        let min = nanos(self.min);
        let max = nanos(self.max);
        Waits {
            low: min,
            high: min.saturating_mul(2).min(max),
            max,
            max_retries: self.max_retries,
            retries: 0,
            jitter,
        }
    }
}

/// An iterator over the waits between tries, returned by [`Backoff::waits`].
#[derive(Clone, Debug)]
pub struct Waits<J> {
    low: u64,
    high: u64,
    max: u64,
    max_retries: u32,
    retries: u32,
    jitter: J,
}

impl<J: FnMut(u64) -> u64> Iterator for Waits<J> {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        if self.max_retries > 0 {
            if self.retries + 1 >= self.max_retries {
                return None;
            }
            self.retries += 1;
        }
        let wait = if self.low >= self.high {
            self.low
        } else {
            self.low + (self.jitter)(self.high - self.low)
        };
        if self.high < self.max {
            self.low = self.low.saturating_mul(2).min(self.max);
            self.high = self.high.saturating_mul(2).min(self.max);
        }
        Some(Duration::from_nanos(wait))
    }
}

impl<J: FnMut(u64) -> u64> FusedIterator for Waits<J> {}

/// Returns the duration in nanoseconds, or `u64::MAX` (584 years) where it is longer.
fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
