//! The deadline of a delivery.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{self, Instant};

/// A deadline: a time that is known from the start, or the moment when the process is asked to stop, if that is sooner.
#[derive(Clone, Debug)]
pub struct Deadline {
    at: Instant,
    stop: Option<watch::Receiver<bool>>,
}

impl Deadline {
    /// Creates a deadline at a time.
    pub fn at(at: Instant) -> Self {
        Self { at, stop: None }
    }

    /// Returns a deadline that also passes as soon as `stop` is true.
    #[must_use]
    pub fn or_stop(mut self, stop: watch::Receiver<bool>) -> Self {
        self.stop = Some(stop);
        self
    }

    /// Returns a deadline that is earlier by a duration.
    #[must_use]
    pub fn sooner(mut self, by: Duration) -> Self {
        // A time before the clock's origin has passed, like the present moment.
        self.at = self.at.checked_sub(by).unwrap_or_else(Instant::now);
        self
    }

    /// Returns the time left, which is zero when the deadline has passed.
    pub fn remaining(&self) -> Duration {
        if self.is_stopped() {
            return Duration::ZERO;
        }
        self.at.saturating_duration_since(Instant::now())
    }

    /// Waits until the deadline has passed.
    pub async fn passed(&self) {
        tokio::select! {
            () = time::sleep_until(self.at) => {}
            () = self.stopped() => {}
        }
    }

    /// Returns whether the process was asked to stop.
    fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }

    /// Waits until the process is asked to stop.
    async fn stopped(&self) {
        if let Some(stop) = &self.stop
            && stop.clone().wait_for(|stop| *stop).await.is_ok()
        {
            return;
        }
        // The sender is gone, so the process cannot be asked any more.
        std::future::pending().await
    }
}
