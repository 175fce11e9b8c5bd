//! dskit's exponential backoff as pure arithmetic: no clock, no I/O, no random source of its own.
//!
//! Loki's and Mimir's clients wait between tries by the law of dskit's `backoff` package, and users of
//! upstream's lambda-promtail have tuned `MIN_BACKOFF`, `MAX_BACKOFF` and `MAX_RETRIES` to it. The law:
//!
//! * The first wait is drawn uniformly from `[min, 2·min)`, the second from `[2·min, 4·min)`, and so on.
//! * The upper bound is capped at `max`. Once it is there the window stays as it is, so the lower bound
//!   never reaches `max`.
//! * An empty window (`min >= max`) always gives `min`, even above `max`.
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
//! // The jitter is injected: here always the lower bound of the window.
//! let waits: Vec<u128> = backoff.waits(|_width| 0).map(|wait| wait.as_millis()).collect();
//! assert_eq!(waits, [100, 200, 400]);
//! ```

use std::iter::FusedIterator;
use std::time::Duration;

/// The settings of the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Lower bound of the first wait.
    pub min: Duration,
    /// Upper bound of every wait, unless `min` is larger.
    pub max: Duration,
    /// How many tries there are; 0 means no limit.
    pub max_retries: u32,
}

impl Backoff {
    /// The waits after the first, second, ... failed try, ending when no further try is allowed.
    ///
    /// `jitter` draws a whole number uniformly from `[0, width)`; the width is in nanoseconds and never 0.
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

/// The iterator made by [`Backoff::waits`].
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

/// Nanoseconds, saturating at 584 years.
fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
