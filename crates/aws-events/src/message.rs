//! Messages of SNS and SQS: records that contain an event as a JSON string, or text.

use std::borrow::Cow;

use crate::object::Object;
use crate::read::{self, Carrier, Event, Item, Place};
use crate::{
    Channel, Content, EventError, FieldError, ItemError, MAX_ITEMS, MessageTime, Source, TextMessage, text,
};

/// A record that contains a message.
pub(crate) struct Message<'a> {
    carrier: Carrier,
    body: Result<Cow<'a, str>, FieldError>,
    envelope: Envelope,
}

/// The attributes of a message besides its body.
struct Envelope {
    channel: Channel,
    arn: Option<String>,
    id: Option<String>,
    /// The time at which the message was sent, or the path of the missing field.
    time: Result<MessageTime, &'static str>,
}

impl<'a> Message<'a> {
    /// Reads a message from a queue (AWS's page "Using Lambda with Amazon SQS").
    pub(crate) fn sqs(record: &Object<'a>, number: usize) -> Self {
        const TIME: &str = "attributes.SentTimestamp";
        let id = record.name("messageId");
        Self {
            carrier: Carrier {
                name: named("SQS message", id.as_deref(), number),
                batch_item: id.clone(),
            },
            body: record.demand("body"),
            envelope: Envelope {
                channel: Channel::Sqs,
                arn: record.name("eventSourceARN"),
                id,
                time: record
                    .text(TIME)
                    .and_then(|millis| millis.parse().ok())
                    .map(MessageTime::UnixMillis)
                    .ok_or(TIME),
            },
        }
    }

    /// Reads a message from a topic (AWS's page "Invoking Lambda functions with Amazon SNS notifications").
    /// SNS delivers one message at a time, without batches.
    pub(crate) fn sns(record: &Object<'a>, number: usize) -> Self {
        const TIME: &str = "Sns.Timestamp";
        let id = record.name("Sns.MessageId");
        Self {
            carrier: Carrier {
                name: named("SNS message", id.as_deref(), number),
                batch_item: None,
            },
            body: record.demand("Sns.Message"),
            envelope: Envelope {
                channel: Channel::Sns,
                arn: record.name("Sns.TopicArn"),
                id,
                time: record.name(TIME).map(MessageTime::Rfc3339).ok_or(TIME),
            },
        }
    }

    /// Reads the content of the message. An unreadable message and a text are one item each, which is named
    /// after the outermost message.
    pub(crate) fn read(self, place: Place<'_>, items: &mut Vec<Item>) {
        let inside = place.inside_of(&self.carrier);
        let content = match self.body {
            Ok(body) => match read::read(&body, inside) {
                Ok(event) if items.len() + event.items.len() > MAX_ITEMS => {
                    Err(EventError::TooManyRecords.into())
                }
                Ok(event) => {
                    items.extend(event.items);
                    return;
                }
                Err(error) => self.envelope.content(&body, error),
            },
            Err(error) => Err(error.into()),
        };
        let name = inside.carrier.unwrap_or(&self.carrier).name.clone();
        items.push(inside.item(name, None, content));
    }
}

impl Envelope {
    /// Returns the text of a message that could not be read as an event.
    fn content(self, body: &str, error: EventError) -> Result<Content, ItemError> {
        if !text::is_text(body) {
            return Err(error.into());
        }
        match self.time {
            Ok(time) => Ok(Content::Text(TextMessage {
                channel: self.channel,
                arn: self.arn,
                id: self.id,
                time,
                text: body.to_owned(),
            })),
            Err(field) => Err(ItemError::TextWithoutTime { error, field }),
        }
    }
}

fn named(what: &str, id: Option<&str>, number: usize) -> String {
    match id {
        Some(id) => format!("{what} {id}"),
        None => format!("{what} number {number}"),
    }
}

/// A message of a topic as a subscribed queue receives it, unless raw delivery is enabled (AWS's page "Amazon
/// SNS raw message delivery").
pub(crate) struct Notification<'a> {
    message: Cow<'a, str>,
    envelope: Envelope,
}

/// Reads the envelope of SNS around a message. Its other types (`SubscriptionConfirmation`) contain no
/// messages.
pub(crate) fn notification<'a>(event: &Object<'a>) -> Option<Notification<'a>> {
    const TIME: &str = "Timestamp";
    match &*event.text("Type")? {
        "Notification" => Some(Notification {
            message: event.text("Message")?,
            envelope: Envelope {
                channel: Channel::Sns,
                arn: event.name("TopicArn"),
                id: event.name("MessageId"),
                time: event.name(TIME).map(MessageTime::Rfc3339).ok_or(TIME),
            },
        }),
        _ => None,
    }
}

impl Notification<'_> {
    /// Reads the content of the message: an event, or text.
    pub(crate) fn read(self, place: Place<'_>) -> Result<Event, EventError> {
        let error = match read::read(&self.message, place.inside()) {
            Ok(inner) => {
                return Ok(Event {
                    source: Source::Sns,
                    ..inner
                });
            }
            Err(error) => error,
        };
        if self.envelope.time.is_err() || !text::is_text(&self.message) {
            return Err(error);
        }
        let name = match place.carrier {
            Some(carrier) => carrier.name.clone(),
            None => named("SNS message", self.envelope.id.as_deref(), 1),
        };
        let content = self.envelope.content(&self.message, error);
        Ok(Event {
            source: Source::Sns,
            items: vec![place.item(name, None, content)],
            s3_batch: None,
        })
    }
}
