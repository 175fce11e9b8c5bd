//! The kinds of events, and how they are told apart.

use serde_json::value::RawValue;

use crate::object::{self, Object};
use crate::records::Records;
use crate::{
    Content, EventError, ItemError, S3BatchInvocation, Source, array, delivered, destination, event_bridge,
    kafka, message, s3_batch,
};

/// How many messages may hold one another: S3 in SNS in SQS is two.
pub const MAX_NESTING: usize = 4;

/// How many items an event may have, or a message in it. An item takes up to 400 bytes, and a record can be as short as
/// `{}`: the 6 MB that Lambda takes could hold two million of them. Records that AWS writes have 400 bytes and more.
pub const MAX_ITEMS: usize = 100_000;

/// One invocation's event.
#[derive(Debug)]
pub struct Event {
    /// Where it comes from.
    pub source: Source,
    /// What there is to read, in the event's order. Never empty.
    pub items: Vec<Item>,
    /// What the answer must repeat, if S3 Batch Operations waits for one.
    pub s3_batch: Option<S3BatchInvocation>,
}

/// One thing of an event that is read, and can fail, for itself.
#[derive(Debug)]
pub struct Item {
    /// What it is called in errors: `s3://bucket/key`, `Kinesis record <sequence number>`. What cannot be
    /// read, and text, goes by the message that brought it: `SQS message <id>`.
    pub name: String,
    /// What AWS is told to deliver again when this item fails (the `itemIdentifier` of a partial batch
    /// response): the id of the SQS message that holds it, however deep, the Kinesis record's sequence number, or
    /// for a pipe its `eventID`. For S3 Batch Operations it is the task's id. Items that came in one message share it.
    ///
    /// `None` where there is nothing of the kind. That includes a message or record that AWS sent without an
    /// identifier, which it never does: the whole batch must then be reported.
    pub batch_item: Option<String>,
    /// What there is to read, or why it cannot be.
    pub content: Result<Content, ItemError>,
}

/// Where an event was found.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place<'a> {
    /// How many messages are around it.
    pub(crate) depth: usize,
    /// The outermost of them that is a record: what AWS delivers again.
    pub(crate) carrier: Option<&'a Carrier>,
}

/// A record that holds a message.
pub(crate) struct Carrier {
    pub(crate) name: String,
    pub(crate) batch_item: Option<String>,
}

impl<'a> Place<'a> {
    /// The place inside a message found here.
    pub(crate) fn inside(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }

    /// The place inside a record found here.
    pub(crate) fn inside_of(self, carrier: &'a Carrier) -> Self {
        Self {
            depth: self.depth + 1,
            carrier: self.carrier.or(Some(carrier)),
        }
    }

    /// An item found here. The outermost record's identifier is the one that AWS knows.
    pub(crate) fn item(
        self,
        name: String,
        own_batch_item: Option<String>,
        content: Result<Content, ItemError>,
    ) -> Item {
        Item {
            name,
            batch_item: match self.carrier {
                Some(carrier) => carrier.batch_item.clone(),
                None => own_batch_item,
            },
            content,
        }
    }

    pub(crate) fn event(self, source: Source, name: String, content: Content) -> Event {
        Event {
            source,
            items: vec![self.item(name, None, Ok(content))],
            s3_batch: None,
        }
    }
}

/// Reads an event. Bytes that are not UTF-8 become U+FFFD, as do lone surrogates.
///
/// # Errors
/// When it is not JSON, of no known kind, has no records, or the one thing it holds cannot be read. A record
/// among others that cannot be read is an item with an error.
pub fn parse(json: &[u8]) -> Result<Event, EventError> {
    read(&json_text::lossy(json), Place::default())
}

/// Reads an event that is found in some place.
pub(crate) fn read(json: &str, place: Place<'_>) -> Result<Event, EventError> {
    if place.depth > 0 && delivered::is_validation(json) {
        return Ok(delivered::validation(place));
    }
    let json: &RawValue = serde_json::from_str(json).map_err(EventError::Json)?;
    read_value(json, place)
}

/// Reads an event that is a part of other JSON.
pub(crate) fn read_value(json: &RawValue, place: Place<'_>) -> Result<Event, EventError> {
    if place.depth > MAX_NESTING {
        return Err(EventError::TooDeep);
    }
    if let Some(list) = object::elements(json) {
        return array::read(&list, place);
    }
    let event = Object::read(json).ok_or(EventError::NotAnObject)?;

    if event.get("awslogs").is_some() {
        let data = event.demand_bytes("awslogs.data")?;
        let name = "CloudWatch Logs subscription data".to_owned();
        return Ok(place.event(Source::CloudWatchLogs, name, Content::CloudWatchLogs { data }));
    }
    if let Some(records) = event.list("Records") {
        return Records::new(&records)?.read(place);
    }
    if kafka::is_event(&event) {
        return kafka::read(&event, place);
    }
    if let Some((name, content)) = event_bridge::read(&event, json)? {
        return Ok(place.event(Source::EventBridge, name, content));
    }
    if event.text("Event").as_deref() == Some("s3:TestEvent") {
        return Ok(place.event(Source::S3, "S3 test event".to_owned(), Content::S3TestEvent));
    }
    if let Some(notification) = message::notification(&event) {
        return notification.read(place);
    }
    let read = destination::read(&event, place)
        .or_else(|| s3_batch::read(&event, place))
        .or_else(|| delivered::read(&event, place));
    read.unwrap_or_else(|| Err(EventError::Unknown { keys: event.keys() }))
}
