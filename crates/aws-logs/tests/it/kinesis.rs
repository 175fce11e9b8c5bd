//! The labels of Kinesis records.

use aws_logs::cloudwatch::EventIds;
use aws_logs::record_content::{RecordContent, content};
use aws_logs::{delivery_labels, kinesis};

const ARN: &str = "arn:aws:kinesis:eu-west-1:123456789012:stream/logs";
const DATA: &str = r#"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{"id":"e","timestamp":5,"message":"a"}]}"#;

#[test]
fn labels_are_upstreams() {
    assert_eq!(
        kinesis::labels(ARN).to_string(),
        format!(r#"{{__aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis"}}"#)
    );
    let Ok(RecordContent::Subscription(deliveries)) = content(DATA.as_bytes(), EventIds::Skipped) else {
        panic!("subscription data");
    };
    assert_eq!(
        delivery_labels::through(&kinesis::labels(ARN), &deliveries[0], true).to_string(),
        format!(
            r#"{{__aws_cloudwatch_log_group="g", __aws_cloudwatch_log_stream="s", __aws_cloudwatch_owner="1", __aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis"}}"#
        )
    );
}
