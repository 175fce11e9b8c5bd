//! The time of day, for the two stages whose configuration asks for it.

use std::fmt;
use std::sync::Arc;

use loki_push::Timestamp;

/// Tells the time of day.
///
/// Only `limit`, and `drop` with `older_than`, ask for it; everything else depends on the entry alone, so that
/// an event delivered twice leads to the same entries.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
