//! The clock, for the two stages whose configuration needs the time of day.

use std::fmt;
use std::sync::Arc;

use loki_push::Timestamp;

/// A clock.
///
/// Of the stages only `limit` and `drop` with `older_than` read it. All others depend only on the entry, so that an event
/// that is delivered twice leads to the same entries.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// Returns a clock that calls `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
