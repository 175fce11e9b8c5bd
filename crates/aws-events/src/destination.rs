//! Lambda's records of an invocation, sent to a destination or a failed-event queue.

use crate::object::Object;
use crate::read::{self, Place};
use crate::{Event, EventError, KinesisBatch, Source};

/// The members that describe a discarded batch in place of its records (AWS's pages "Retain discarded batch
/// records" for Kinesis and DynamoDB, and "Capturing discarded batches" for Kafka).
const BATCH_INFOS: [&str; 3] = ["KinesisBatchInfo", "DDBStreamBatchInfo", "KafkaBatchInfo"];

/// Returns the event of an invocation, if this is Lambda's record of one (AWS's page "Capturing records of
/// Lambda asynchronous invocations").
pub(crate) fn read(record: &Object<'_>, place: Place<'_>) -> Option<Result<Event, EventError>> {
    record.get("requestContext")?;
    let inside = place.inside();
    let inner = if let Some(payload) = record.get("requestPayload") {
        read::read_value(payload, inside)
    } else {
        let batch_info = BATCH_INFOS.into_iter().find(|name| record.get(name).is_some())?;
        // In S3, the record contains the whole event too, as JSON in a string.
        match (record.text("payload"), record.get("payload")) {
            (Some(payload), _) => read::read(&payload, inside),
            (None, Some(payload)) => read::read_value(payload, inside),
            (None, None) => {
                return Some(Err(EventError::BatchWithoutRecords {
                    batch_info,
                    kinesis: KinesisBatch::read(record).map(Box::new),
                }));
            }
        }
    };
    Some(match inner {
        Ok(event) => Ok(Event {
            source: Source::LambdaDestination,
            ..event
        }),
        Err(EventError::TooDeep) => Err(EventError::TooDeep),
        Err(error) => Err(EventError::Destination(Box::new(error))),
    })
}
