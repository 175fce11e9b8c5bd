//! Records of Kafka topics, of Amazon MSK or of self-managed clusters.

use loki_push::LabelSet;

/// Returns the labels of a record. Upstream does not support these events and has no labels for them.
/// Self-managed clusters have no ARN.
pub fn labels(topic: &str, event_source_arn: Option<&str>) -> LabelSet {
    LabelSet::from_iter([
        ("__aws_log_type", "kafka"),
        ("__aws_kafka_topic", topic),
        (
            "__aws_kafka_event_source_arn",
            event_source_arn.unwrap_or_default(),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_without_an_arn_has_no_label_for_it() {
        assert_eq!(
            labels("orders", Some("arn:aws:kafka:eu-west-1:111122223333:cluster/c/1")).to_string(),
            r#"{__aws_kafka_event_source_arn="arn:aws:kafka:eu-west-1:111122223333:cluster/c/1", __aws_kafka_topic="orders", __aws_log_type="kafka"}"#
        );
        assert_eq!(
            labels("orders", None).to_string(),
            r#"{__aws_kafka_topic="orders", __aws_log_type="kafka"}"#
        );
    }
}
