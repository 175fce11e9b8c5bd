//! Kinesis records: their labels, and the lines of those that are text.

use std::borrow::Cow;

use loki_push::{LabelSet, Timestamp};
use memchr::memchr;

use crate::cloudwatch::SubscriptionData;
use crate::lossy;

/// The labels of a record of this stream, as upstream names them.
pub fn labels(event_source_arn: &str) -> LabelSet {
    LabelSet::from_iter([
        ("__aws_log_type", "kinesis"),
        ("__aws_kinesis_event_source_arn", event_source_arn),
    ])
}

/// The labels of a delivery that came through this stream: its own, with the stream in place of the type.
pub fn subscription_labels(event_source_arn: &str, data: &SubscriptionData, keep_stream: bool) -> LabelSet {
    let mut labels = data.labels(keep_stream);
    for label in self::labels(event_source_arn).iter() {
        labels.set(label.name.as_str(), label.value.as_str());
    }
    labels
}

/// The lines of a text record. Each has the record's arrival time, plus as many nanoseconds as there are
/// lines before it: they keep their order, and equal lines are not taken for copies of one.
pub fn text_lines(text: &[u8], arrival: Timestamp) -> impl Iterator<Item = (Timestamp, Cow<'_, str>)> {
    let mut rest = text;
    let mut index = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = match memchr(b'\n', rest) {
            Some(end) => (&rest[..end], &rest[end + 1..]),
            None => (rest, &[][..]),
        };
        rest = after;
        let time = arrival.plus_nanos(index);
        index += 1;
        Some((time, lossy(line.strip_suffix(b"\r").unwrap_or(line))))
    })
}
