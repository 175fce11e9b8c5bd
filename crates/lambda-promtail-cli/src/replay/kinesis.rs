//! Batches of Kinesis, whose records are read from their stream.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use aws_clients::{AwsAccess, Stream, StreamError, StreamRecord};
use aws_events::KinesisBatch;
use lambda_promtail::{DeliverySink, EventProgress, Function, Intake};
use loki_client::Deadline;
use serde_json::{Value, json};

use super::error::ReplayError;
use super::shipping::SOURCE;

/// The wait after a response without records. A shard takes five calls a second (AWS's page "Quotas and limits").
const PAUSE: Duration = Duration::from_millis(200);
/// The wait after too many calls, of which there may be more than ours: the function reads the stream too.
const LONG_PAUSE: Duration = Duration::from_secs(2);

/// The records of a batch that were found.
#[derive(Debug, Default)]
struct Found {
    records: u64,
    has_first: bool,
}

/// Ships the records of a batch, and returns the number of entries that Loki acknowledged.
///
/// # Errors
/// Returns an error if Loki did not acknowledge a line, or if the stream does not return all records. Those that it
/// returns are delivered nevertheless.
pub(crate) async fn ship(
    function: &Function,
    access: &Arc<AwsAccess>,
    batch: KinesisBatch,
    deadline: Deadline,
) -> Result<u64, ReplayError> {
    let stream = Stream::new(Arc::clone(access), &batch.stream_arn)?;
    // Reading ends without a result when the deadline passes.
    let mut read = None;
    let summary = function
        .ship(SOURCE, deadline, async |intake, progress, delivery| {
            read = Some(read_batch(&stream, &batch, intake, progress, delivery).await);
        })
        .await?;
    let found = match read {
        Some(found) => found?,
        None => {
            return Err(ReplayError::TooSlow {
                stream_arn: batch.stream_arn,
            });
        }
    };
    let is_complete = found.has_first && batch.records.is_none_or(|records| found.records >= records);
    match is_complete {
        true => Ok(summary.entries),
        false => Err(ReplayError::Expired {
            batch,
            found: found.records,
        }),
    }
}

/// Reads the records from the first to the last of the batch, a page at a time.
async fn read_batch(
    stream: &Stream,
    batch: &KinesisBatch,
    intake: &Intake,
    progress: &mut EventProgress,
    delivery: &mut DeliverySink,
) -> Result<Found, StreamError> {
    let mut found = Found::default();
    let mut position = stream.position(&batch.shard_id, &batch.first).await?;
    // The sequence number of the last record that was read.
    let mut read_to: Option<String> = None;
    loop {
        let page = match stream.records(&position).await {
            Err(error) if error.is_throttled() => {
                tokio::time::sleep(LONG_PAUSE).await;
                continue;
            }
            // Loki took more than five minutes for the records before.
            Err(error) if error.is_of_an_old_position() => {
                let at = read_to.as_deref().unwrap_or(&batch.first);
                position = stream.position(&batch.shard_id, at).await?;
                continue;
            }
            page => page?,
        };
        let last = page.records.last().map(|record| record.sequence_number.clone());
        let is_past_end = last
            .as_ref()
            .is_some_and(|last| by_number(last, &batch.last).is_ge());
        let records = page.records.into_iter().filter(|record| {
            let number = &record.sequence_number;
            by_number(number, &batch.first).is_ge()
                && by_number(number, &batch.last).is_le()
                && read_to
                    .as_ref()
                    .is_none_or(|read_to| by_number(number, read_to).is_gt())
        });
        let records: Vec<Value> = records
            .map(|record| {
                found.records += 1;
                found.has_first |= by_number(&record.sequence_number, &batch.first).is_eq();
                event_record(record, &batch.stream_arn)
            })
            .collect();
        if !records.is_empty() {
            let event = json!({ "Records": records }).to_string();
            match aws_events::parse(event.as_bytes()) {
                Ok(event) => intake.read(event, progress, delivery).await,
                // Not possible for an event with a record. Without its records the batch is not complete.
                Err(_) => return Ok(Found::default()),
            }
        }
        match page.next {
            Some(next) if !is_past_end && !page.is_newest => position = next,
            _ => return Ok(found),
        }
        match last {
            Some(_) => read_to = last,
            None => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Returns the record as Lambda gives it to a function, so that its lines get the same labels and times (AWS's page
/// "Using Lambda to process records from Amazon Kinesis Data Streams").
fn event_record(record: StreamRecord, stream_arn: &str) -> Value {
    json!({
        "eventSource": "aws:kinesis",
        "eventSourceARN": stream_arn,
        "kinesis": {
            "sequenceNumber": record.sequence_number,
            "data": record.data,
            "approximateArrivalTimestamp": record.approximate_arrival_timestamp,
        },
    })
}

/// Compares sequence numbers: decimal numbers with more digits than an integer type holds.
fn by_number(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
