//! The slow path: subscription data in any form that is valid JSON, read with serde_json.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::SubscriptionData;
use super::slow_path_event::Event;
use super::slow_path_events::{Events, MOST_FAULTY};
use crate::JsonText;

/// A delivery, with its log events deserialized as `E`.
#[derive(Deserialize)]
#[serde(
    rename_all = "camelCase",
    bound(deserialize = "E: Deserialize<'de> + Into<Event<'de>>")
)]
struct Document<'a, E> {
    #[serde(borrow, default, deserialize_with = "or_default")]
    message_type: JsonText<'a>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    owner: JsonText<'a>,
    #[serde(borrow)]
    log_group: Option<JsonText<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    log_stream: JsonText<'a>,
    log_events: Option<Events<E>>,
}

/// Deserializes a field, and treats null like a missing one.
pub(super) fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Parses a single document, up to the end of the bytes.
pub(super) fn document(json: &[u8]) -> Result<SubscriptionData, serde_json::Error> {
    let error = match serde_json::from_slice::<Document<'_, Event<'_>>>(json) {
        Ok(document) => return Ok(document.into()),
        Err(error) => error,
    };
    // The errors may be confined to single log events.
    let faulty = serde_json::from_slice::<Document<'_, &RawValue>>(json);
    faulty.map(SubscriptionData::from).map_err(|_| error)
}

/// Parses consecutive documents, up to the end of the bytes.
pub(super) fn documents(json: &[u8]) -> impl Iterator<Item = Option<SubscriptionData>> {
    documents_of::<Event<'_>>(json)
}

/// Parses documents like [`documents`], and accepts errors in single log events.
pub(super) fn faulty_documents(json: &[u8]) -> impl Iterator<Item = Option<SubscriptionData>> {
    documents_of::<&RawValue>(json)
}

fn documents_of<'a, E>(json: &'a [u8]) -> impl Iterator<Item = Option<SubscriptionData>>
where
    E: Deserialize<'a> + Into<Event<'a>>,
{
    let documents = serde_json::Deserializer::from_slice(json).into_iter::<Document<'a, E>>();
    let mut faulty = 0;
    documents.map(move |document| {
        let document = document.ok()?;
        faulty += document.log_events.as_ref().map_or(0, Events::faulty);
        (faulty <= MOST_FAULTY).then(|| document.into())
    })
}

impl<E> From<Document<'_, E>> for SubscriptionData {
    fn from(document: Document<'_, E>) -> Self {
        let has_members = document.log_group.is_some() && document.log_events.is_some();
        let mut events = document.log_events.unwrap_or_default();
        Self {
            message_type: events.keep(&document.message_type.0),
            owner: events.keep(&document.owner.0),
            log_group: events.keep(&document.log_group.unwrap_or_default().0),
            log_stream: events.keep(&document.log_stream.0),
            log_events: events.log_events,
            origins: events.origins,
            repeats: Vec::new(),
            has_members,
            text: events.text,
        }
    }
}
