//! Subscription data however it is written.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::any_event::Event;
use super::parts::Origin;
use super::{LogEvent, Span, SubscriptionData};
use crate::JsonText;

/// A delivery, with its log events as `E`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "E: Deserialize<'de>"))]
struct Document<'a, E> {
    #[serde(borrow, default, deserialize_with = "or_default")]
    message_type: JsonText<'a>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    owner: JsonText<'a>,
    #[serde(borrow)]
    log_group: Option<JsonText<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    log_stream: JsonText<'a>,
    log_events: Option<Vec<E>>,
}

/// A field that is null is one that is missing.
pub(super) fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads one document, to the end of the bytes.
pub(super) fn document(json: &[u8]) -> Result<SubscriptionData, serde_json::Error> {
    let error = match serde_json::from_slice::<Document<'_, Event<'_>>>(json) {
        Ok(document) => return Ok(document.into()),
        Err(error) => error,
    };
    // What is wrong may be in single log events.
    let faulty = serde_json::from_slice::<Document<'_, &RawValue>>(json);
    faulty.map(SubscriptionData::from).map_err(|_| error)
}

/// Reads one document after the other, to the end of the bytes.
pub(super) fn documents(json: &[u8]) -> impl Iterator<Item = Option<SubscriptionData>> {
    let documents = serde_json::Deserializer::from_slice(json).into_iter::<Document<'_, Event<'_>>>();
    documents.map(|document| document.ok().map(SubscriptionData::from))
}

/// As [`documents`]; what is wrong may be in single log events.
pub(super) fn faulty_documents(json: &[u8]) -> impl Iterator<Item = Option<SubscriptionData>> {
    let documents = serde_json::Deserializer::from_slice(json).into_iter::<Document<'_, &RawValue>>();
    documents.map(|document| document.ok().map(SubscriptionData::from))
}

impl<'a, E: Into<Event<'a>>> From<Document<'a, E>> for SubscriptionData {
    fn from(document: Document<'a, E>) -> Self {
        let mut text = String::new();
        let has_members = document.log_group.is_some() && document.log_events.is_some();
        let mut keep = |kept: &str| -> Span {
            let start = text.len();
            text.push_str(kept);
            start..text.len()
        };
        let (mut log_events, mut origins) = (Vec::new(), Vec::new());
        let mut last = (String::new(), String::new());
        for (from, event) in document.log_events.into_iter().flatten().enumerate() {
            let event: Event<'_> = event.into();
            let fields = &event.system_fields;
            if (&*fields.account, &*fields.region) != (last.0.as_str(), last.1.as_str()) {
                origins.push(Origin {
                    from,
                    account: keep(&fields.account),
                    region: keep(&fields.region),
                });
                last = (fields.account.to_string(), fields.region.to_string());
            }
            log_events.push(LogEvent {
                id: keep(&event.id.0),
                timestamp: event.timestamp,
                message: keep(&event.message.0),
            });
        }
        Self {
            message_type: keep(&document.message_type.0),
            owner: keep(&document.owner.0),
            log_group: keep(&document.log_group.unwrap_or_default().0),
            log_stream: keep(&document.log_stream.0),
            log_events,
            origins,
            repeats: Vec::new(),
            has_members,
            text,
        }
    }
}
