//! Messages of SQS and SNS that are text.

use loki_push::{LabelSet, Timestamp};

use crate::s3::time;

/// Returns the labels of a message of this queue. Upstream does not support such messages and has no labels
/// for them.
pub fn sqs_labels(queue_arn: &str) -> LabelSet {
    LabelSet::from_iter([
        ("__aws_log_type", "sqs"),
        ("__aws_sqs_event_source_arn", queue_arn),
    ])
}

/// Returns the labels of a message of this topic.
pub fn sns_labels(topic_arn: &str) -> LabelSet {
    LabelSet::from_iter([
        ("__aws_log_type", "sns"),
        ("__aws_sns_event_source_arn", topic_arn),
    ])
}

/// Parses the `Timestamp` of an SNS message: RFC 3339, with milliseconds.
pub fn sns_time(text: &str) -> Option<Timestamp> {
    time::iso(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_name_the_queue_or_the_topic() {
        assert_eq!(
            sqs_labels("arn:aws:sqs:eu-west-1:111122223333:q").to_string(),
            r#"{__aws_log_type="sqs", __aws_sqs_event_source_arn="arn:aws:sqs:eu-west-1:111122223333:q"}"#
        );
        assert_eq!(
            sns_labels("arn:aws:sns:eu-west-1:111122223333:t").to_string(),
            r#"{__aws_log_type="sns", __aws_sns_event_source_arn="arn:aws:sns:eu-west-1:111122223333:t"}"#
        );
        assert_eq!(sns_labels("").to_string(), r#"{__aws_log_type="sns"}"#);
    }

    #[test]
    fn times_are_as_sns_writes_them() {
        let time = sns_time("2026-03-04T05:06:07.125Z").map(|time| time.unix_nanos());
        assert_eq!(time, Some(1_772_600_767_125_000_000));
        assert_eq!(sns_time("yesterday"), None);
    }
}
