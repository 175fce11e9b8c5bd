//! Events that are lists of records.

use serde_json::value::RawValue;

use crate::message::Message;
use crate::object::Object;
use crate::read::{Event, Item, Place};
use crate::{EventError, ItemError, MAX_ITEMS, Source, kafka, kinesis, s3};

/// A list of records, of which at least one is of a known kind. Each is read by its own source: AWS does not
/// mix sources, but software that forwards events may.
pub(crate) struct Records<'a> {
    source: Source,
    records: Vec<Record<'a>>,
    /// Whether the records are a bare list, which EventBridge Pipes sends.
    of_a_pipe: bool,
}

struct Record<'a> {
    source: Option<Source>,
    /// The record as an object; `None` if it is not one.
    object: Option<Object<'a>>,
}

impl<'a> Record<'a> {
    fn new(json: &'a RawValue) -> Self {
        let object = Object::read(json);
        let source = object.as_ref().and_then(source);
        Self { source, object }
    }

    fn read(self, place: Place<'_>, number: usize, of_a_pipe: bool, items: &mut Vec<Item>) {
        match (self.object, self.source) {
            (Some(record), Some(Source::S3)) => items.push(s3::read_record(&record, place, number)),
            (Some(record), Some(Source::Kinesis)) if of_a_pipe => {
                items.push(kinesis::read_pipe_record(&record, place, number));
            }
            (Some(record), Some(Source::Kinesis)) => items.push(kinesis::read_record(&record, place, number)),
            (Some(record), Some(Source::Kafka)) => items.push(kafka::read_record(&record, place, number)),
            (Some(record), Some(Source::Sns)) => Message::sns(&record, number).read(place, items),
            (Some(record), Some(Source::Sqs)) => Message::sqs(&record, number).read(place, items),
            (Some(record), _) => {
                let error = ItemError::UnknownRecord { keys: record.keys() };
                items.push(place.item(numbered("record", number, place), None, Err(error)));
            }
            (None, _) => {
                let error = ItemError::NotAnObject;
                items.push(place.item(numbered("record", number, place), None, Err(error)));
            }
        }
    }
}

impl<'a> Records<'a> {
    pub(crate) fn new(records: &[&'a RawValue]) -> Result<Self, EventError> {
        if records.is_empty() {
            return Err(EventError::NoRecords);
        }
        if records.len() > MAX_ITEMS {
            return Err(EventError::TooManyRecords);
        }
        let records: Vec<Record<'a>> = records.iter().map(|record| Record::new(record)).collect();
        match records.iter().find_map(|record| record.source) {
            Some(source) => Ok(Self {
                source,
                records,
                of_a_pipe: false,
            }),
            None => {
                let first = records.iter().find_map(|record| record.object.as_ref());
                Err(EventError::UnknownRecords {
                    keys: first.map(Object::keys).unwrap_or_default(),
                })
            }
        }
    }

    /// Marks the records as sent by a pipe.
    pub(crate) fn of_a_pipe(self) -> Self {
        Self {
            source: match self.source {
                Source::Kinesis => Source::KinesisPipe,
                source => source,
            },
            of_a_pipe: true,
            ..self
        }
    }

    pub(crate) fn read(self, place: Place<'_>) -> Result<Event, EventError> {
        let mut items = Vec::with_capacity(self.records.len());
        for (index, record) in self.records.into_iter().enumerate() {
            record.read(place, index + 1, self.of_a_pipe, &mut items);
        }
        Ok(Event {
            source: self.source,
            items,
            s3_batch: None,
        })
    }
}

/// Returns the source of a record. Only SNS begins its keys with a capital letter.
fn source(record: &Object<'_>) -> Option<Source> {
    ["eventSource", "EventSource"]
        .iter()
        .find_map(|key| match &*record.text(key)? {
            "aws:s3" => Some(Source::S3),
            "aws:sns" => Some(Source::Sns),
            "aws:sqs" => Some(Source::Sqs),
            "aws:kinesis" => Some(Source::Kinesis),
            kafka if kafka::is_source(kafka) => Some(Source::Kafka),
            _ => None,
        })
}

/// Returns the name of a record that has no name of its own: its number, counted from one.
pub(crate) fn numbered(what: &str, number: usize, place: Place<'_>) -> String {
    match place.carrier {
        Some(carrier) => format!("{what} {number} of {}", carrier.name),
        None => format!("{what} {number}"),
    }
}
