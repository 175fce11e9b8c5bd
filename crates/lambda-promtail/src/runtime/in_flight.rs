//! The invocations that have no response yet, which the process waits for before it exits.

use std::future;
use std::sync::Arc;

use tokio::sync::watch;

/// A counter of the invocations in flight. Clones share the count.
#[derive(Clone)]
pub(super) struct InFlight {
    count: Arc<watch::Sender<usize>>,
    stop: watch::Receiver<bool>,
}

/// A guard that counts an invocation as in flight until it is dropped.
pub(super) struct InFlightGuard(InFlight);

impl InFlight {
    /// Creates a counter at zero, in a process that should exit when `stop` becomes true.
    pub(super) fn new(stop: watch::Receiver<bool>) -> Self {
        Self {
            count: Arc::new(watch::Sender::new(0)),
            stop,
        }
    }

    /// Counts an invocation.
    pub(super) fn begin(&self) -> InFlightGuard {
        self.count.send_modify(|count| *count += 1);
        InFlightGuard(self.clone())
    }

    /// Waits until the process is asked to exit and no invocation is in flight.
    pub(super) async fn ended(&self) {
        let stopped = self.stop.clone().wait_for(|stop| *stop).await.is_ok();
        let idle = self.count.subscribe().wait_for(|count| *count == 0).await.is_ok();
        if !(stopped && idle) {
            // A sender is gone, so the process can no longer be asked to exit.
            future::pending().await
        }
    }
}

impl InFlightGuard {
    /// Ends the invocation. If the process should exit, the future never completes: `lambda_runtime` would poll for
    /// another event after it.
    pub(super) async fn end(self) {
        let stop = self.0.stop.clone();
        drop(self);
        if *stop.borrow() {
            future::pending().await
        }
    }
}

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.0.count.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn is_over(future: impl Future<Output = ()>) -> bool {
        timeout(Duration::from_millis(1), future).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn the_process_exits_when_asked_and_after_the_last_response() {
        let (stop, stopped) = watch::channel(false);
        let in_flight = InFlight::new(stopped);
        assert!(!is_over(in_flight.ended()).await, "nobody asked");
        let (first, second) = (in_flight.begin(), in_flight.begin());
        stop.send_replace(true);
        assert!(!is_over(in_flight.ended()).await, "two are in flight");
        drop(first);
        assert!(!is_over(second.end()).await, "no other event is asked for");
        assert!(is_over(in_flight.ended()).await);
    }

    #[tokio::test(start_paused = true)]
    async fn events_are_polled_until_the_process_should_exit() {
        let (stop, stopped) = watch::channel(false);
        let in_flight = InFlight::new(stopped);
        assert!(is_over(in_flight.begin().end()).await);
        drop(stop);
        assert!(is_over(in_flight.begin().end()).await);
        assert!(!is_over(in_flight.ended()).await, "nobody can ask any more");
    }
}
