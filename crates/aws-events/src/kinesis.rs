//! Records of Kinesis data streams.

use std::time::Duration;

use crate::object::Object;
use crate::read::{Item, Place};
use crate::records::numbered;
use crate::{Content, ItemError, KinesisRecord};

/// The paths of a record's fields.
struct Layout {
    sequence_number: &'static str,
    data: &'static str,
    arrival: &'static str,
}

/// The layout that Lambda's event source mapping sends.
const NESTED: Layout = Layout {
    sequence_number: "kinesis.sequenceNumber",
    data: "kinesis.data",
    arrival: "kinesis.approximateArrivalTimestamp",
};

/// The layout that EventBridge Pipes sends.
const FLAT: Layout = Layout {
    sequence_number: "sequenceNumber",
    data: "data",
    arrival: "approximateArrivalTimestamp",
};

/// Reads a record of a stream (AWS's page "Using Lambda to process records from Amazon Kinesis Data
/// Streams").
pub(crate) fn read_record(record: &Object<'_>, place: Place<'_>, number: usize) -> Item {
    let sequence_number = record.name(NESTED.sequence_number);
    read(record, &NESTED, sequence_number, place, number)
}

/// Reads a record of a stream that a pipe sends (AWS's page "Amazon Kinesis stream as a source"). Failed
/// records are reported to the pipe by their `eventID` ("Amazon EventBridge Pipes batching and concurrency").
pub(crate) fn read_pipe_record(record: &Object<'_>, place: Place<'_>, number: usize) -> Item {
    let layout = match record.get("kinesis") {
        Some(_) => &NESTED,
        None => &FLAT,
    };
    read(record, layout, record.name("eventID"), place, number)
}

fn read(
    record: &Object<'_>,
    layout: &Layout,
    batch_item: Option<String>,
    place: Place<'_>,
    number: usize,
) -> Item {
    let sequence_number = record.name(layout.sequence_number);
    let name = match &sequence_number {
        Some(sequence_number) => format!("Kinesis record {sequence_number}"),
        None => numbered("Kinesis record number", number, place),
    };
    let content = match record.demand_bytes(layout.data) {
        Ok(data) => Ok(Content::Kinesis(KinesisRecord {
            sequence_number,
            stream_arn: record.name("eventSourceARN"),
            arrival: arrival(record, layout),
            data,
        })),
        Err(error) => Err(ItemError::from(error)),
    };
    place.item(name, batch_item, content)
}

/// Parses the arrival time in seconds, a decimal fraction that can have an exponent. A float has about four
/// digits to spare after the milliseconds.
fn arrival(record: &Object<'_>, layout: &Layout) -> Option<Duration> {
    let seconds: f64 = record.at(layout.arrival)?.get().parse().ok()?;
    let micros = (seconds * 1e6).round();
    // Above this limit, which is the year 2255, floats cannot represent microseconds.
    const MAX_MICROS: f64 = 9e15;
    (0.0..=MAX_MICROS)
        .contains(&micros)
        .then(|| Duration::from_micros(micros as u64))
}
