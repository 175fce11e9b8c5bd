//! The shipping of the listed objects, several at a time.

use std::panic;
use std::sync::Arc;
use std::time::Duration;

use aws_events::{Content, Event, Item, S3Object, Source};
use lambda_promtail::logging::Escaped;
use lambda_promtail::{Function, InvocationError, ItemProgress, Summary};
use loki_client::Deadline;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use super::candidates::Candidate;
use super::listing::{Listed, Lister};
use super::prefix::Prefix;
use super::progress::Progress;
use super::streams::{Streams, Turn};
use crate::Outcome;
use crate::terminal::Terminal;

/// The time limit of an object, which is longer than any backfill. Only the number of attempts at a push is limited.
const NO_LIMIT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The objects that are being shipped.
pub(crate) struct Shipping {
    function: Arc<Function>,
    jobs: usize,
    streams: Streams,
    terminal: Terminal,
}

/// An object that was shipped, or was not.
type Shipped = (Candidate, Result<Summary, InvocationError>);

impl Shipping {
    pub(crate) fn new(function: Arc<Function>, jobs: usize, terminal: Terminal) -> Self {
        Self {
            function,
            jobs,
            streams: Streams::default(),
            terminal,
        }
    }

    /// Ships the objects in their order, as far as several at a time allow it. An object that fails does not stop the
    /// others, except for newer ones of the same streams if Loki could not be reached.
    ///
    /// # Errors
    /// Returns an error if nothing can be shipped any more, or if a finished object cannot be recorded.
    pub(crate) async fn ship(
        &mut self,
        listed: Listed,
        lister: &mut Lister,
        progress: &mut Progress,
    ) -> Outcome {
        let mut queue = listed.candidates.into_iter().peekable();
        let mut running: JoinSet<Shipped> = JoinSet::new();
        loop {
            while running.len() < self.most_running()
                && let Some(next) = queue.peek()
            {
                let turn = self.streams.turn(next.group, next.time);
                if turn == Turn::Later {
                    break;
                }
                let Some(candidate) = queue.next() else {
                    break;
                };
                if turn == Turn::HeldBack {
                    progress.totals.held_back += 1;
                    continue;
                }
                self.streams.start(candidate.group, candidate.time);
                let event = event(&lister.prefix, &candidate, listed.region.clone());
                let function = Arc::clone(&self.function);
                running.spawn(async move {
                    let deadline = Deadline::at(Instant::now() + NO_LIMIT);
                    let shipped = function.ship_event(event, deadline).await;
                    (candidate, shipped)
                });
            }
            tokio::select! {
                joined = running.join_next() => match joined {
                    Some(joined) => self.finish(joined, lister, progress)?,
                    // Nothing is running, so nothing waits for its turn either.
                    None => return Ok(()),
                },
                () = progress.next_line() => {}
            }
            progress.show();
        }
    }

    /// Returns the number of objects that may be shipped at a time now. While Loki asks for fewer pushes, there are fewer.
    fn most_running(&self) -> usize {
        let jobs = self.jobs as f64 * self.function.allowed_share();
        // At least one, and at most the number of jobs.
        jobs.ceil() as usize
    }

    /// Records the result of an object, and says why it failed.
    fn finish(
        &mut self,
        joined: Result<Shipped, JoinError>,
        lister: &mut Lister,
        progress: &mut Progress,
    ) -> Outcome {
        // Tasks are not cancelled before all are dropped, so this one has panicked.
        let (object, shipped) = joined.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()));
        let totals = &mut progress.totals;
        let loki_failed = match shipped {
            Ok(summary) => {
                totals.add(&summary);
                totals.shipped += 1;
                totals.bytes += object.size;
                if let Some(resume) = &mut lister.resume {
                    resume.finish(object.id, &object.key)?;
                }
                false
            }
            Err(InvocationError::NotDelivered {
                failed,
                loki_failed,
                summary,
            }) => {
                totals.add(&summary);
                totals.failed += 1;
                for reason in failed.iter().filter_map(ItemProgress::reason) {
                    self.terminal.say(&format!("error: {}", Escaped(&reason)));
                }
                loki_failed
            }
            // The key of a stage, which all objects need.
            Err(error) => return Err(error.into()),
        };
        self.streams.finish(object.group, object.time, loki_failed);
        Ok(())
    }
}

/// Returns the event that would announce the object.
fn event(prefix: &Prefix, candidate: &Candidate, region: Option<String>) -> Event {
    Event {
        source: Source::S3,
        items: vec![Item {
            name: format!("s3://{}/{}", prefix.bucket, candidate.key),
            batch_item: None,
            content: Ok(Content::S3Object(S3Object {
                bucket: prefix.bucket.clone(),
                key: candidate.key.to_string(),
                region,
                version: None,
                size: Some(candidate.size),
                event_name: None,
            })),
        }],
        s3_batch: None,
    }
}
