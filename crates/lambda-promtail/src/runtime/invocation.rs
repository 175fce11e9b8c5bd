//! The deadline of an invocation.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// The smallest value that is read as a time of day and not as a duration: as a time of day it lies in 1973, before
/// Lambda existed, and as a duration it is three years, longer than an invocation may take.
const NO_TIME_OF_DAY: Duration = Duration::from_secs(100_000_000);

/// Converts Lambda's deadline, a time of day in milliseconds, to the monotonic clock that the function's timers use.
/// `cargo lambda watch` sends the duration that is left instead.
#[expect(
    clippy::disallowed_methods,
    reason = "the time of day is only used to compute the time that is left"
)]
pub(super) fn deadline(millis: u64, now: Instant) -> Instant {
    let deadline = Duration::from_millis(millis);
    if deadline < NO_TIME_OF_DAY {
        return now + deadline;
    }
    let deadline = UNIX_EPOCH + deadline;
    now + deadline.duration_since(SystemTime::now()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_long_gone_is_now() {
        let now = Instant::now();
        assert_eq!(deadline(1_700_000_000_123, now), now);
    }

    #[test]
    fn a_deadline_that_is_not_a_time_of_day_is_the_time_left() {
        let now = Instant::now();
        assert_eq!(deadline(600_000, now), now + Duration::from_secs(600));
    }
}
