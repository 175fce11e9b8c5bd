//! Kafka records, and messages that are text.

use aws_logs::RecordIdentity;
use serde_json::json;
use testkit::compress::gzip;

use super::lines::{AT, Lines, NANOS};
use super::shapes::Shape;
use super::sources::Part;
use crate::support::{OWNER, kafka};

impl Lines<'_> {
    /// Returns the time when a record or message of text was sent, a whole millisecond.
    fn sent(&mut self) -> i128 {
        match self.content.shape {
            Shape::ManyHours => self.later() / NANOS * NANOS,
            _ => AT * NANOS + i128::from(self.rng.u32(..1_000_000)) * 1_000_000,
        }
    }

    pub(super) fn kafka_record(&mut self, number: usize) -> Part {
        let source = format!(
            r#"__aws_kafka_event_source_arn="{}", __aws_kafka_topic="t", __aws_log_type="kafka""#,
            kafka::ARN
        );
        let offset = number as u64;
        let sent = self.sent();
        let (value, entries) = if self.rng.bool() {
            let (payload, entries) = self.delivery(|group| {
                let group = format!(r#"__aws_cloudwatch_log_group="{group}""#);
                format!(r#"{{{group}, __aws_cloudwatch_owner="{OWNER}", {source}}}"#)
            });
            (gzip(payload.to_string().as_bytes()), entries)
        } else {
            let first = sent + kafka::text_offset("t", 0, offset);
            let (text, entries) = self.text(&format!("{{{source}}}"), first);
            (text.into_bytes(), entries)
        };
        let mut json = kafka::record("t", 0, offset, &value);
        json["timestamp"] = json!((sent / 1_000_000) as i64);
        Part {
            id: offset.to_string(),
            ..Part::new(json, entries, Vec::new())
        }
    }

    pub(super) fn text_message(&mut self, number: usize) -> Part {
        let sent = self.sent();
        let id = format!("m-{number}");
        let labels = r#"{__aws_log_type="sqs", __aws_sqs_event_source_arn="arn:aws:sqs:eu-west-1:1:q"}"#;
        let offset = RecordIdentity::of_message_id(&id).offset_nanos();
        let (text, entries) = self.text(labels, sent + i128::from(offset));
        Part::new(json!(null), entries, Vec::new())
            .queued(number)
            .map(|mut message| {
                message["body"] = json!(text);
                message["attributes"] = json!({"SentTimestamp": (sent / 1_000_000).to_string()});
                message
            })
    }
}
