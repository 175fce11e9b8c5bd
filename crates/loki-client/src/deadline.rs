//! The end of the time there is.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{self, Instant};

/// When everything must have ended: at a time that is known from the start, or sooner when the process is
/// asked to stop.
#[derive(Clone, Debug)]
pub struct Deadline {
    at: Instant,
    stop: Option<watch::Receiver<bool>>,
}

impl Deadline {
    /// At this time.
    pub fn at(at: Instant) -> Self {
        Self { at, stop: None }
    }

    /// At once when `stop` becomes true, if that is sooner.
    #[must_use]
    pub fn or_stop(mut self, stop: watch::Receiver<bool>) -> Self {
        self.stop = Some(stop);
        self
    }

    /// So much sooner.
    #[must_use]
    pub fn sooner(mut self, by: Duration) -> Self {
        // Before the clock's beginning is long ago, as now is for a deadline.
        self.at = self.at.checked_sub(by).unwrap_or_else(Instant::now);
        self
    }

    /// The time left; zero when the deadline has passed.
    pub fn remaining(&self) -> Duration {
        if self.is_stopped() {
            return Duration::ZERO;
        }
        self.at.saturating_duration_since(Instant::now())
    }

    /// Waits for the deadline.
    pub async fn passed(&self) {
        tokio::select! {
            () = time::sleep_until(self.at) => {}
            () = self.stopped() => {}
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }

    async fn stopped(&self) {
        if let Some(stop) = &self.stop
            && stop.clone().wait_for(|stop| *stop).await.is_ok()
        {
            return;
        }
        // Nobody can ask any more.
        std::future::pending().await
    }
}
