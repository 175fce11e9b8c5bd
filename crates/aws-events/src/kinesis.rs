//! Records of Kinesis data streams.

use std::time::Duration;

use crate::object::Object;
use crate::read::{Item, Place};
use crate::records::numbered;
use crate::{Content, ItemError, KinesisRecord};

/// A record of a stream (AWS's page "Using Lambda to process records from Amazon Kinesis Data Streams").
pub(crate) fn read_record(record: &Object<'_>, place: Place<'_>, number: usize) -> Item {
    let sequence_number = record.name("kinesis.sequenceNumber");
    let name = match &sequence_number {
        Some(sequence_number) => format!("Kinesis record {sequence_number}"),
        None => numbered("Kinesis record number", number, place),
    };
    let content = match record.demand_bytes("kinesis.data") {
        Ok(data) => Ok(Content::Kinesis(KinesisRecord {
            stream_arn: record.name("eventSourceARN"),
            arrival: arrival(record),
            data,
        })),
        Err(error) => Err(ItemError::from(error)),
    };
    place.item(name, sequence_number, content)
}

/// The seconds are written as a decimal fraction, at times with an exponent. A float has about four digits
/// to spare behind the milliseconds.
fn arrival(record: &Object<'_>) -> Option<Duration> {
    let seconds: f64 = record
        .at("kinesis.approximateArrivalTimestamp")?
        .get()
        .parse()
        .ok()?;
    let micros = (seconds * 1e6).round();
    // Beyond it, which is the year 2255, floats have no microseconds.
    const MAX_MICROS: f64 = 9e15;
    (0.0..=MAX_MICROS)
        .contains(&micros)
        .then(|| Duration::from_micros(micros as u64))
}
