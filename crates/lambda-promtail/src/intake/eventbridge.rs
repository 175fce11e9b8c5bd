//! EventBridge events that announce no object: each is a line itself.

use std::borrow::Cow;

use aws_events::EventBridgeEvent;
use aws_logs::eventbridge;
use loki_push::Entry;

use super::item_intake::ItemIntake;
use super::{EntrySink, ReadError};

impl<S: EntrySink> ItemIntake<'_, S> {
    /// Hands on the event's own bytes, at its own time.
    pub(super) async fn eventbridge_event(&mut self, event: &EventBridgeEvent) -> Result<(), ReadError> {
        let timestamp = event.time.as_deref().and_then(eventbridge::time);
        let labels = eventbridge::labels(&event.source, &event.detail_type);
        let timestamp = timestamp.ok_or(ReadError::NoTime("the EventBridge event's time"))?;
        let Some(labels) = self.stream_labels(labels) else {
            self.drop_relabelled(1);
            return Ok(());
        };
        let entry = Entry {
            labels,
            timestamp,
            line: Cow::Borrowed(&event.json),
            metadata: Vec::new(),
        };
        self.take_in(entry);
        Ok(())
    }
}
