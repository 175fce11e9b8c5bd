//! Events that are bare lists, as EventBridge Pipes sends them.

use serde_json::value::RawValue;

use crate::read::{self, Carrier, Place};
use crate::records::{Records, numbered};
use crate::{Event, EventError, ItemError, Source};

/// Reads a list of records in the form of a pipe's source (AWS's page "Amazon EventBridge Pipes sources"), or
/// a list of whole events, which a pipe with the input template `<$.body>` sends.
pub(crate) fn read(list: &[&RawValue], place: Place<'_>) -> Result<Event, EventError> {
    match Records::new(list) {
        Ok(records) => records.of_a_pipe().read(place),
        Err(EventError::UnknownRecords { keys }) => match events(list, place)? {
            Some(event) => Ok(event),
            None if keys.is_empty() => Err(EventError::NotAnObject),
            None => Err(EventError::UnknownRecords { keys }),
        },
        Err(error) => Err(error),
    }
}

/// Reads a list of whole events, if at least one of them can be read.
fn events(list: &[&RawValue], place: Place<'_>) -> Result<Option<Event>, EventError> {
    let mut items = Vec::new();
    for (event, number) in list.iter().zip(1..) {
        // The event does not contain the identifier that the pipe would need to repeat a message.
        let carrier = Carrier {
            name: numbered("event number", number, place),
            batch_item: None,
        };
        let inside = place.inside_of(&carrier);
        match read::read_value(event, inside) {
            Ok(event) => items.extend(event.items),
            Err(error) => {
                let name = inside.carrier.unwrap_or(&carrier).name.clone();
                items.push(inside.item(name, None, Err(ItemError::Message(error))));
            }
        }
        if items.len() > crate::MAX_ITEMS {
            return Err(EventError::TooManyRecords);
        }
    }
    let is_read = items.iter().any(|item| item.content.is_ok());
    Ok(is_read.then_some(Event {
        source: Source::EventBridgePipe,
        items,
        s3_batch: None,
    }))
}
