//! The wait between two attempts.

use std::time::Duration;

/// The decision after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// Wait, then make another attempt.
    Wait(Duration),
    /// Wait, then make the last attempt that there is time for.
    LastChance(Duration),
    /// Give up, since there is not enough time for another attempt.
    GiveUp,
}

/// The maximum time before the deadline at which the last attempt starts.
const LAST_CHANCE: Duration = Duration::from_secs(1);
/// The time left below which another attempt is pointless.
const TOO_LATE: Duration = Duration::from_millis(10);

impl Pause {
    /// Decides what to do, given the wait of the backoff, the wait that the server asks for in `Retry-After`, and the
    /// time that remains until the deadline.
    ///
    /// If the backoff's wait goes past the deadline it is shortened, so that one more attempt is made shortly before
    /// the deadline. If the server asks to wait past the deadline, no other attempt is made.
    pub(crate) fn new(wait: Duration, asked: Option<Duration>, remaining: Duration) -> Self {
        let asked = asked.unwrap_or_default();
        let wait = wait.max(asked);
        if wait < remaining {
            return Self::Wait(wait);
        }
        if remaining < TOO_LATE || asked >= remaining {
            return Self::GiveUp;
        }
        let wait = remaining - LAST_CHANCE.min(remaining / 2);
        Self::LastChance(wait.max(asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wait_goes_past_the_deadline() {
        let ms = Duration::from_millis;
        for (wait, asked, remaining, expected) in [
            (150, None, 8000, Pause::Wait(ms(150))),
            (150, Some(2000), 8000, Pause::Wait(ms(2000))),
            (3000, Some(2000), 8000, Pause::Wait(ms(3000))),
            (8000, None, 8000, Pause::LastChance(ms(7000))),
            (8000, Some(7500), 8000, Pause::LastChance(ms(7500))),
            (9000, None, 800, Pause::LastChance(ms(400))),
            (150, Some(8000), 8000, Pause::GiveUp),
            (150, None, 9, Pause::GiveUp),
            (0, None, 0, Pause::GiveUp),
        ] {
            let pause = Pause::new(ms(wait), asked.map(ms), ms(remaining));
            assert_eq!(pause, expected, "{wait} {asked:?} {remaining}");
        }
    }
}
