//! The time of day, for those who ask the pipeline to look at it.

use std::time::{SystemTime, UNIX_EPOCH};

use log_pipeline::Clock;
use loki_push::Timestamp;

/// The system's clock. Nothing else of what is shipped depends on it.
pub(crate) fn wall_clock() -> Clock {
    Clock::new(now)
}

#[expect(
    clippy::disallowed_methods,
    reason = "`limit` and `older_than` ask for the time of day, and are the only two"
)]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    Timestamp::new(seconds, since.subsec_nanos()).unwrap_or(Timestamp::EPOCH)
}
