//! Handing the rest of objects over to later invocations.

use std::time::Duration;

use aws_clients::Queue;
use aws_events::Continuation;
use ingest::EventProgress;
use loki_client::DeliveryOutcome;
use loki_push::ItemId;
use tokio::time::{self, Instant};

/// The most continuations of one object. Lambda's own detection of recursive loops, which the deployments turn off for a
/// function with a queue, would stop an object after 16 invocations.
const MOST: u32 = 250;

/// The continuations of objects that one invocation cannot ship.
#[derive(Debug)]
pub(crate) struct Continuations {
    queue: Queue,
}

impl Continuations {
    /// Returns the continuations that go to a queue.
    pub(crate) fn new(queue: Queue) -> Self {
        Self { queue }
    }

    /// Hands over the rest of each object that only lacked time and made progress, and returns the number of these
    /// objects. They have not failed any more. An object of which nothing was acknowledged in this invocation fails as
    /// it would without a queue, since another invocation would get no further.
    ///
    /// Sending all messages together may take this time at most.
    pub(crate) async fn hand_over(
        &self,
        progress: &mut EventProgress,
        outcome: &DeliveryOutcome,
        limit: Duration,
    ) -> u64 {
        let end = Instant::now() + limit;
        let mut continued = 0;
        for (number, item) in (0..).zip(&mut progress.items) {
            let Some(rest) = item.rest() else { continue };
            let acknowledged = outcome.acknowledged(ItemId(number));
            let name = item.name().to_owned();
            let problem = if acknowledged == 0 {
                "not continued: nothing of it was acknowledged in this invocation".to_owned()
            } else if rest.number >= MOST {
                format!(
                    "not continued again after {MOST} continuations; a longer timeout of the function is needed"
                )
            } else {
                let next = Continuation {
                    entries: rest.entries + acknowledged,
                    number: rest.number + 1,
                    ..rest.clone()
                };
                match time::timeout_at(end, self.queue.send(&next.message())).await {
                    Ok(Ok(())) => {
                        tracing::info!(
                            item = name,
                            entries = next.entries,
                            continuation = next.number,
                            "the time does not suffice; the rest was handed over to a later invocation"
                        );
                        item.set_continued();
                        continued += 1;
                        continue;
                    }
                    Ok(Err(error)) => format!("not continued: {error}"),
                    Err(_) => format!("not continued: no answer of the queue within {limit:?}"),
                }
            };
            let reason = item.error().unwrap_or_default();
            tracing::error!(item = name, "{reason}; {problem}");
        }
        continued
    }
}
