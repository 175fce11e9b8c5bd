//! How many pushes are in flight together.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// As many pushes as the settings allow, and fewer while the server asks for less: half as many when it does, one more
/// when it has taken as many as may be in flight (the law of TCP's congestion avoidance, RFC 5681).
///
/// Loki limits a tenant to 4 MB a second, and 6 MiB at once, by default. With 24 pushes of 512 KiB in flight whatever it
/// answered, 100 MiB took 46 s to get there, and with 4 24 s: most attempts were refused, and each has a longer wait
/// after it.
#[derive(Debug)]
pub(crate) struct Pace(Mutex<State>);

#[derive(Debug)]
struct State {
    most: usize,
    now: usize,
    /// Pushes that were taken since `now` changed.
    taken: usize,
    /// How often `now` was halved.
    slowed: u64,
}

/// When an attempt began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Began {
    slowed: u64,
}

impl Pace {
    pub(crate) fn new(most: NonZeroUsize) -> Self {
        Self(Mutex::new(State {
            most: most.get(),
            now: most.get(),
            taken: 0,
            slowed: 0,
        }))
    }

    /// How many pushes may be in flight.
    pub(crate) fn in_flight(&self) -> usize {
        self.state().now
    }

    /// An attempt begins.
    pub(crate) fn begin(&self) -> Began {
        Began {
            slowed: self.state().slowed,
        }
    }

    /// The server took the push.
    pub(crate) fn taken(&self) {
        let mut state = self.state();
        state.taken += 1;
        if state.taken >= state.now {
            state.now = state.most.min(state.now + 1);
            state.taken = 0;
        }
    }

    /// The server asks for less. Attempts that were under way together are asked together, which counts once.
    pub(crate) fn slow_down(&self, began: Began) {
        let mut state = self.state();
        if state.slowed == began.slowed {
            state.now = (state.now / 2).max(1);
            state.taken = 0;
            state.slowed += 1;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The numbers are usable at any time.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(most: usize) -> Pace {
        Pace::new(most.try_into().unwrap())
    }

    #[test]
    fn it_is_halved_once_for_attempts_that_were_under_way_together() {
        let pace = pace(24);
        let (first, second) = (pace.begin(), pace.begin());
        pace.slow_down(first);
        assert_eq!(pace.in_flight(), 12);
        pace.slow_down(second);
        assert_eq!(pace.in_flight(), 12);
        for expected in [6, 3, 1, 1] {
            pace.slow_down(pace.begin());
            assert_eq!(pace.in_flight(), expected);
        }
    }

    #[test]
    fn it_grows_by_one_with_each_round_that_is_taken_up_to_the_most() {
        let pace = pace(4);
        pace.slow_down(pace.begin());
        pace.slow_down(pace.begin());
        let after = |_| {
            pace.taken();
            pace.in_flight()
        };
        assert_eq!(
            (0..14).map(after).collect::<Vec<_>>(),
            [2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4]
        );
    }
}
