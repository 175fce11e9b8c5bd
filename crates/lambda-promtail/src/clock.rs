//! The time of day, for the pipeline stages and the metrics that depend on it.

use std::time::{SystemTime, UNIX_EPOCH};

use log_pipeline::Clock;
use loki_push::Timestamp;

/// Returns the system's clock. Only the stages `limit` and `drop` with `older_than` and the metrics of an invocation read
/// it; labels, times and lines never depend on it otherwise.
pub(crate) fn wall_clock() -> Clock {
    Clock::new(now)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the stage `limit`, the option `older_than` and the metrics need the time of day; nothing else does"
)]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    Timestamp::new(seconds, since.subsec_nanos()).unwrap_or(Timestamp::EPOCH)
}
