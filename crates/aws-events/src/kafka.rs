//! Records of Kafka topics (AWS's pages "Using Lambda with Amazon MSK" and "Using Lambda with self-managed Apache
//! Kafka").

use std::sync::Arc;

use serde_json::value::RawValue;

use crate::object::Object;
use crate::read::{Event, Item, Place};
use crate::records::numbered;
use crate::{Content, EventError, FieldError, ItemError, KafkaRecord, MAX_ITEMS, Source};

/// The length of the longest topic name that Kafka allows.
const LONGEST_TOPIC: usize = 249;

/// Returns whether records with this `eventSource` come from Kafka: from Amazon MSK, or from a self-managed
/// cluster.
pub(crate) fn is_source(event_source: &str) -> bool {
    matches!(event_source, "aws:kafka" | "SelfManagedKafka")
}

/// Returns whether it is an event of Kafka. Only with Kafka the event itself has a source, instead of each
/// record.
pub(crate) fn is_event(event: &Object<'_>) -> bool {
    let source = event.text("eventSource");
    source.is_some_and(|source| is_source(&source)) && event.get("records").is_some()
}

/// Reads an event, whose records are lists by topic and partition: `{"orders-0": [...], "orders-1": [...]}`.
pub(crate) fn read(event: &Object<'_>, place: Place<'_>) -> Result<Event, EventError> {
    let partitions = event.get("records").and_then(Object::read);
    let partitions = partitions.ok_or(FieldError::NoObject { field: "records" })?;
    let cluster = cluster(event);
    let mut items = Vec::new();
    for ((name, records), partition) in partitions.members().zip(1..) {
        let Ok(records) = serde_json::from_str::<Vec<&RawValue>>(records.get()) else {
            let name = numbered("Kafka partition", partition, place);
            items.push(place.item(name, None, Err(ItemError::NotAList)));
            continue;
        };
        if items.len() + records.len() > MAX_ITEMS {
            return Err(EventError::TooManyRecords);
        }
        let topic = topic_of(name);
        items.extend(records.into_iter().enumerate().map(|(index, record)| {
            let number = index + 1;
            match Object::read(record) {
                Some(record) => item(&record, topic, cluster.clone(), place, number),
                None => place.item(
                    numbered("Kafka record", number, place),
                    None,
                    Err(ItemError::NotAnObject),
                ),
            }
        }));
    }
    match items.is_empty() {
        true => Err(EventError::NoRecords),
        false => Ok(Event {
            source: Source::Kafka,
            items,
            s3_batch: None,
        }),
    }
}

/// Reads a record that names its cluster itself, as EventBridge Pipes forwards it.
pub(crate) fn read_record(record: &Object<'_>, place: Place<'_>, number: usize) -> Item {
    item(record, None, cluster(record), place, number)
}

/// Returns the cluster's ARN. EventBridge Pipes uses the same member name as other sources.
fn cluster(object: &Object<'_>) -> Option<Arc<str>> {
    let arn = object
        .name("eventSourceArn")
        .or_else(|| object.name("eventSourceARN"))?;
    Some(arn.into())
}

/// Returns the topic of a partition's name, unless it is longer than Kafka allows: a sender could fill the memory with
/// copies of it. Each record names its topic too.
fn topic_of(partition: &str) -> Option<&str> {
    let (topic, _) = partition.rsplit_once('-')?;
    (!topic.is_empty() && topic.len() <= LONGEST_TOPIC).then_some(topic)
}

fn item(
    record: &Object<'_>,
    topic: Option<&str>,
    event_source_arn: Option<Arc<str>>,
    place: Place<'_>,
    number: usize,
) -> Item {
    let topic = record.name("topic").or_else(|| topic.map(str::to_owned));
    let partition = integer(record, "partition");
    let offset = integer(record, "offset");
    let name = match (&topic, partition, offset) {
        (Some(topic), Some(partition), Some(offset)) => format!("Kafka record {topic}/{partition}/{offset}"),
        _ => numbered("Kafka record", number, place),
    };
    let content = value(record, offset.is_some()).and_then(|value| {
        Ok(Content::Kafka(KafkaRecord {
            topic: topic.ok_or(FieldError::NoText { field: "topic" })?,
            partition,
            offset,
            event_source_arn,
            timestamp: timestamp(record),
            value,
        }))
    });
    place.item(name, None, content.map_err(ItemError::from))
}

/// Reads the value. It is `null` or missing in a record that deletes its key's value.
fn value(record: &Object<'_>, is_record: bool) -> Result<Option<Vec<u8>>, FieldError> {
    match record.get("value").map(RawValue::get) {
        Some("null") => Ok(None),
        None if is_record => Ok(None),
        _ => record.demand_bytes("value").map(Some),
    }
}

/// Reads a non-negative number, also from a string.
fn integer(record: &Object<'_>, name: &str) -> Option<u64> {
    match record.text(name) {
        Some(digits) => digits.parse().ok(),
        None => record.get(name)?.get().parse().ok(),
    }
}

/// Reads the record's own time. Kafka writes -1 if there is none.
fn timestamp(record: &Object<'_>) -> Option<i64> {
    i64::try_from(integer(record, "timestamp")?).ok()
}
