//! Records of Kinesis streams.

use loki_push::LabelSet;

/// Returns the labels of a record of this stream, with upstream's names.
pub fn labels(event_source_arn: &str) -> LabelSet {
    LabelSet::from_iter([
        ("__aws_log_type", "kinesis"),
        ("__aws_kinesis_event_source_arn", event_source_arn),
    ])
}
