//! A limit on the number of pushes in flight that adapts to the server.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A limit on the number of pushes in flight, at most the number that the settings allow.
///
/// When the server asks for less, the limit is halved. When the server has taken as many pushes as the limit allows,
/// it is raised by one (TCP's congestion avoidance, RFC 5681).
///
/// By default Loki limits a tenant to 4 MB a second, and to 6 MiB at once. With 24 pushes of 512 KiB in flight
/// regardless of its responses, 100 MiB took 46 s to deliver; with 4 in flight, 24 s. Most attempts were refused, and
/// the wait after each refusal is longer than the one before.
#[derive(Debug)]
pub(crate) struct ConcurrencyLimiter(Mutex<State>);

/// The state of a limiter.
#[derive(Debug)]
struct State {
    /// The limit of the settings.
    max: usize,
    /// The current limit.
    limit: usize,
    /// The number of pushes that were taken since `limit` changed.
    successes: usize,
    /// The number of times that `limit` was halved.
    reductions: u64,
}

/// The moment when an attempt started, as the number of reductions before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttemptStart {
    reductions: u64,
}

impl ConcurrencyLimiter {
    /// Creates a limiter that starts at its maximum.
    pub(crate) fn new(max: NonZeroUsize) -> Self {
        Self(Mutex::new(State {
            max: max.get(),
            limit: max.get(),
            successes: 0,
            reductions: 0,
        }))
    }

    /// Returns the number of pushes that may be in flight now.
    pub(crate) fn limit(&self) -> usize {
        self.state().limit
    }

    /// Returns the value to pass to [`on_overload`](Self::on_overload) if the attempt that starts now is refused.
    pub(crate) fn start_attempt(&self) -> AttemptStart {
        AttemptStart {
            reductions: self.state().reductions,
        }
    }

    /// Records that the server took a push, and raises the limit if it has taken as many as the limit allows.
    pub(crate) fn on_success(&self) {
        let mut state = self.state();
        state.successes += 1;
        if state.successes >= state.limit {
            state.limit = state.max.min(state.limit + 1);
            state.successes = 0;
        }
    }

    /// Halves the limit, since the server asks for less. Attempts that were in flight together halve it once.
    pub(crate) fn on_overload(&self, start: AttemptStart) {
        let mut state = self.state();
        if state.reductions == start.reductions {
            state.limit = (state.limit / 2).max(1);
            state.successes = 0;
            state.reductions += 1;
        }
    }

    /// Locks the state. A panic while it was locked does not matter, since the numbers are valid at any time.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(max: usize) -> ConcurrencyLimiter {
        ConcurrencyLimiter::new(max.try_into().unwrap())
    }

    #[test]
    fn the_limit_is_halved_once_for_attempts_that_were_in_flight_together() {
        let limiter = limiter(24);
        let (first, second) = (limiter.start_attempt(), limiter.start_attempt());
        limiter.on_overload(first);
        assert_eq!(limiter.limit(), 12);
        limiter.on_overload(second);
        assert_eq!(limiter.limit(), 12);
        for expected in [6, 3, 1, 1] {
            limiter.on_overload(limiter.start_attempt());
            assert_eq!(limiter.limit(), expected);
        }
    }

    #[test]
    fn the_limit_grows_by_one_after_each_full_round_up_to_the_maximum() {
        let limiter = limiter(4);
        limiter.on_overload(limiter.start_attempt());
        limiter.on_overload(limiter.start_attempt());
        let after = |_| {
            limiter.on_success();
            limiter.limit()
        };
        assert_eq!(
            (0..14).map(after).collect::<Vec<_>>(),
            [2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4]
        );
    }
}
