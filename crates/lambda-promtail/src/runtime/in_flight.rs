//! The invocations that are not answered yet, and the end of the process.

use std::future;
use std::sync::Arc;

use tokio::sync::watch;

/// A count of invocations in flight. Clones share it.
#[derive(Clone)]
pub(super) struct InFlight {
    count: Arc<watch::Sender<usize>>,
    stop: watch::Receiver<bool>,
}

/// An invocation in flight, until this is dropped.
pub(super) struct Flight(InFlight);

impl InFlight {
    /// None in flight, of a process that is to end when `stop` becomes true.
    pub(super) fn new(stop: watch::Receiver<bool>) -> Self {
        Self {
            count: Arc::new(watch::Sender::new(0)),
            stop,
        }
    }

    /// Counts an invocation.
    pub(super) fn begin(&self) -> Flight {
        self.count.send_modify(|count| *count += 1);
        Flight(self.clone())
    }

    /// Waits until the process is asked to end and nothing is in flight.
    pub(super) async fn ended(&self) {
        let stopped = self.stop.clone().wait_for(|stop| *stop).await.is_ok();
        let idle = self.count.subscribe().wait_for(|count| *count == 0).await.is_ok();
        if !(stopped && idle) {
            // Nobody can ask any more.
            future::pending().await
        }
    }
}

impl Flight {
    /// Ends the invocation. When the process is to end, waits for that: after this Lambda would be asked for another
    /// event.
    pub(super) async fn land(self) {
        let stop = self.0.stop.clone();
        drop(self);
        if *stop.borrow() {
            future::pending().await
        }
    }
}

impl Drop for Flight {
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
    async fn the_end_comes_when_asked_for_and_after_the_last_answer() {
        let (stop, stopped) = watch::channel(false);
        let in_flight = InFlight::new(stopped);
        assert!(!is_over(in_flight.ended()).await, "nobody asked");
        let (first, second) = (in_flight.begin(), in_flight.begin());
        stop.send_replace(true);
        assert!(!is_over(in_flight.ended()).await, "two are in flight");
        drop(first);
        assert!(!is_over(second.land()).await, "no other event is asked for");
        assert!(is_over(in_flight.ended()).await);
    }

    #[tokio::test(start_paused = true)]
    async fn another_event_is_asked_for_until_the_end_is() {
        let (stop, stopped) = watch::channel(false);
        let in_flight = InFlight::new(stopped);
        assert!(is_over(in_flight.begin().land()).await);
        drop(stop);
        assert!(is_over(in_flight.begin().land()).await);
        assert!(!is_over(in_flight.ended()).await, "nobody can ask any more");
    }
}
