//! EventBridge events that do not announce an S3 object. Each event is shipped as one line.

use std::borrow::Cow;

use aws_events::EventBridgeEvent;
use aws_logs::eventbridge;
use loki_push::Entry;

use crate::item_intake::ItemIntake;
use crate::{EntrySink, ObjectStore, ReadError};

impl<O: ObjectStore, S: EntrySink> ItemIntake<'_, O, S> {
    /// Processes the event as one line: its original JSON, with the event's own time.
    pub(crate) async fn eventbridge_event(&mut self, event: &EventBridgeEvent) -> Result<(), ReadError> {
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
