//! Messages of SNS and SQS: records that hold an event as a JSON string.

use std::borrow::Cow;

use crate::object::Object;
use crate::read::{self, Carrier, Item, Place};
use crate::{EventError, FieldError, ItemError, MAX_ITEMS};

/// A record that holds a message.
pub(crate) struct Message<'a> {
    carrier: Carrier,
    body: Result<Cow<'a, str>, FieldError>,
}

impl<'a> Message<'a> {
    /// A message that a queue holds (AWS's page "Using Lambda with Amazon SQS").
    pub(crate) fn sqs(record: &Object<'a>, number: usize) -> Self {
        let id = record.name("messageId");
        Self {
            carrier: Carrier {
                name: named("SQS message", id.as_deref(), number),
                batch_item: id,
            },
            body: record.demand("body"),
        }
    }

    /// A message that a topic delivers (AWS's page "Invoking Lambda functions with Amazon SNS
    /// notifications"). SNS delivers one at a time and knows no batches.
    pub(crate) fn sns(record: &Object<'a>, number: usize) -> Self {
        let id = record.name("Sns.MessageId");
        Self {
            carrier: Carrier {
                name: named("SNS message", id.as_deref(), number),
                batch_item: None,
            },
            body: record.demand("Sns.Message"),
        }
    }

    /// Reads what the message holds. What cannot be read is one item, which goes by the outermost message.
    pub(crate) fn read(self, place: Place<'_>, items: &mut Vec<Item>) {
        let inside = place.inside_of(&self.carrier);
        let inner = match self.body {
            Ok(body) => match read::read(&body, inside) {
                Ok(event) if items.len() + event.items.len() > MAX_ITEMS => {
                    Err(EventError::TooManyRecords.into())
                }
                read => read.map_err(ItemError::from),
            },
            Err(error) => Err(error.into()),
        };
        match inner {
            Ok(event) => items.extend(event.items),
            Err(error) => {
                let name = inside.carrier.unwrap_or(&self.carrier).name.clone();
                items.push(inside.item(name, None, Err(error)));
            }
        }
    }
}

fn named(what: &str, id: Option<&str>, number: usize) -> String {
    match id {
        Some(id) => format!("{what} {id}"),
        None => format!("{what} number {number}"),
    }
}

/// What SNS wraps around a message that a queue subscribed to, unless its delivery is raw (AWS's page
/// "Amazon SNS raw message delivery"). The other types (`SubscriptionConfirmation`) are no messages.
pub(crate) fn notification<'a>(event: &Object<'a>) -> Option<Cow<'a, str>> {
    match &*event.text("Type")? {
        "Notification" => event.text("Message"),
        _ => None,
    }
}
