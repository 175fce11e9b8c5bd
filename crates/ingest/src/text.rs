//! Lines of text in records, and in messages that are not events.

use std::sync::Arc;

use aws_events::{Channel, MessageTime, TextMessage};
use aws_logs::text::{self, LineTimes};
use aws_logs::{RecordIdentity, message};
use loki_push::{Entry, LabelSet, Timestamp};

use crate::item_intake::ItemIntake;
use crate::{EntrySink, ObjectStore, ReadError};

impl<O: ObjectStore, S: EntrySink> ItemIntake<'_, O, S> {
    /// Processes the lines of a message.
    pub(crate) async fn text_message(&mut self, message: &TextMessage) -> Result<(), ReadError> {
        if message.text.is_empty() {
            tracing::debug!("an empty message; nothing to ship");
            self.skip();
            return Ok(());
        }
        let time = match &message.time {
            MessageTime::UnixMillis(millis) => Timestamp::from_unix_millis(*millis).ok(),
            MessageTime::Rfc3339(text) => message::sns_time(text),
        };
        let time = time.ok_or(ReadError::NoTime(match message.channel {
            Channel::Sqs => "attributes.SentTimestamp of the SQS message",
            Channel::Sns => "Timestamp of the SNS message",
        }))?;
        let identity = message.id.as_deref().map(RecordIdentity::of_message_id);
        let arn = message.arn.as_deref().unwrap_or_default();
        let labels = match message.channel {
            Channel::Sqs => message::sqs_labels(arn),
            Channel::Sns => message::sns_labels(arn),
        };
        let mut times = LineTimes::new(time, identity.unwrap_or_default());
        self.text_lines(message.text.as_bytes(), labels, &mut times).await;
        Ok(())
    }

    /// Processes the lines of a text. The rest of the record continues with the same `times`.
    pub(crate) async fn text_lines(&mut self, text: &[u8], source: LabelSet, times: &mut LineTimes) {
        let Some(labels) = self.stream_labels(source) else {
            self.drop_relabelled(text::lines(text).map(|_| times.next_time()).count() as u64);
            return;
        };
        for line in text::lines(text) {
            let entry = Entry {
                labels: Arc::clone(&labels),
                timestamp: times.next_time(),
                line,
                metadata: Vec::new(),
            };
            self.take_in(entry);
            if self.must_wait() {
                self.wait().await;
            }
        }
    }
}
