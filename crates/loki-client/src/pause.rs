//! What to do between two attempts.

use std::time::Duration;

/// What to do between two attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// Wait so long.
    Wait(Duration),
    /// Wait so long; the attempt after that is the last there is time for.
    LastChance(Duration),
    /// There is no time for another attempt.
    GiveUp,
}

/// How long before the deadline the last attempt starts, at most.
const LAST_CHANCE: Duration = Duration::from_secs(1);
/// With less time left than this there is no use in another attempt.
const TOO_LATE: Duration = Duration::from_millis(10);

impl Pause {
    /// `wait` is the backoff's, `asked` the server's `Retry-After`.
    ///
    /// A wait of the backoff's that would reach past the deadline is shortened, so that the time is not
    /// given away: one more attempt is made just before it. A server that asks for more time than there is
    /// gets no such attempt.
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
    fn no_wait_reaches_past_the_deadline() {
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
