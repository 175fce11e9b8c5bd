//! The kinds of events, and how they are distinguished.

use serde_json::value::RawValue;

use crate::object::{self, Object};
use crate::records::Records;
use crate::{
    Content, EventError, ItemError, S3BatchInvocation, Source, array, continuation, delivered, destination,
    event_bridge, kafka, message, s3_batch,
};

/// The limit on messages inside messages: S3 in SNS in SQS is two.
pub const MAX_NESTING: usize = 4;

/// The limit on the items of an event, or of a message in it. An item takes up to 400 bytes, and a record can
/// be as short as `{}`: the 6 MB that Lambda accepts could contain two million of them. Records that AWS
/// writes have 400 bytes and more.
pub const MAX_ITEMS: usize = 100_000;

/// The event of one invocation.
#[derive(Debug)]
pub struct Event {
    /// The source of the event.
    pub source: Source,
    /// The items to read, in the event's order. Never empty.
    pub items: Vec<Item>,
    /// The fields that the response must repeat, if S3 Batch Operations expects one.
    pub s3_batch: Option<S3BatchInvocation>,
}

/// A part of an event that is read, and can fail, by itself.
#[derive(Debug)]
pub struct Item {
    /// The name of the item in errors: `s3://bucket/key`, `Kinesis record <sequence number>`. An unreadable
    /// item, and a text, is named after the message that contained it: `SQS message <id>`.
    pub name: String,
    /// The identifier by which AWS is asked to deliver the item again if it fails (the `itemIdentifier` of a
    /// partial batch response): the id of the SQS message that contains it, at any depth; the Kinesis
    /// record's sequence number, or its `eventID` for a pipe. For S3 Batch Operations it is the task's id.
    /// Items from one message share it.
    ///
    /// `None` if there is no such identifier. That includes a message or record that AWS sent without an
    /// identifier, which it never does: the whole batch must then be reported.
    pub batch_item: Option<String>,
    /// The content of the item, or the reason why it cannot be read.
    pub content: Result<Content, ItemError>,
}

/// The place of an event within other messages.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place<'a> {
    /// The number of messages around it.
    pub(crate) depth: usize,
    /// The outermost of these messages that is a record, which AWS can deliver again.
    pub(crate) carrier: Option<&'a Carrier>,
}

/// A record that contains a message.
pub(crate) struct Carrier {
    pub(crate) name: String,
    pub(crate) batch_item: Option<String>,
}

impl<'a> Place<'a> {
    /// Returns the place inside a message found here.
    pub(crate) fn inside(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }

    /// Returns the place inside a record found here.
    pub(crate) fn inside_of(self, carrier: &'a Carrier) -> Self {
        Self {
            depth: self.depth + 1,
            carrier: self.carrier.or(Some(carrier)),
        }
    }

    /// Returns an item found here. It gets the outermost record's identifier, which is the one that AWS
    /// knows.
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

/// Parses an event. Bytes that are not UTF-8 become U+FFFD, as do lone surrogates.
///
/// # Errors
/// Returns an error if it is not JSON, is of an unknown kind, has no records, or if its only item cannot be
/// read. An unreadable record among others is an item with an error.
pub fn parse(json: &[u8]) -> Result<Event, EventError> {
    read(&go_text::lossy(json), Place::default())
}

/// Parses an event that was found at `place`.
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
    let read = continuation::read(&event, place)
        .or_else(|| destination::read(&event, place))
        .or_else(|| s3_batch::read(&event, place))
        .or_else(|| delivered::read(&event, place));
    read.unwrap_or_else(|| Err(EventError::Unknown { keys: event.keys() }))
}
