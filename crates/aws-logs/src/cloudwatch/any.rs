//! Subscription data however it is written.

use serde::{Deserialize, Deserializer};

use super::{LogEvent, Span, SubscriptionData};
use crate::JsonText;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    message_type: JsonText<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    owner: JsonText<'a>,
    #[serde(borrow)]
    log_group: Option<JsonText<'a>>,
    #[serde(borrow, deserialize_with = "or_default")]
    log_stream: JsonText<'a>,
    #[serde(borrow)]
    log_events: Option<Vec<Event<'a>>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(default, borrow, deserialize_with = "or_default")]
    id: JsonText<'a>,
    timestamp: Option<i64>,
    #[serde(default, borrow, deserialize_with = "or_default")]
    message: JsonText<'a>,
}

/// A field that is null is one that is missing.
fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads one document, to the end of the bytes.
pub(super) fn document(json: &[u8]) -> Result<SubscriptionData, serde_json::Error> {
    serde_json::from_slice::<Document<'_>>(json).map(SubscriptionData::from)
}

/// Reads one document after the other, to the end of the bytes.
pub(super) fn documents(json: &[u8]) -> impl Iterator<Item = Option<SubscriptionData>> {
    let documents = serde_json::Deserializer::from_slice(json).into_iter::<Document<'_>>();
    documents.map(|document| document.ok().map(SubscriptionData::from))
}

impl From<Document<'_>> for SubscriptionData {
    fn from(document: Document<'_>) -> Self {
        let mut text = String::new();
        let has_members = document.log_group.is_some() && document.log_events.is_some();
        let mut keep = |kept: &JsonText<'_>| -> Span {
            let start = text.len();
            text.push_str(&kept.0);
            start..text.len()
        };
        let events = document.log_events.iter().flatten().map(|event| LogEvent {
            id: keep(&event.id),
            timestamp: event.timestamp,
            message: keep(&event.message),
        });
        let log_events = events.collect();
        Self {
            message_type: keep(&document.message_type),
            owner: keep(&document.owner),
            log_group: keep(&document.log_group.unwrap_or_default()),
            log_stream: keep(&document.log_stream),
            log_events,
            has_members,
            text,
        }
    }
}
