//! What an event brings.

use std::sync::Arc;
use std::time::Duration;

/// What there is to read in one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// What a CloudWatch Logs subscription filter delivers.
    CloudWatchLogs {
        /// The payload: gzip around JSON.
        data: Vec<u8>,
    },
    /// An object to read from S3.
    S3Object(S3Object),
    /// S3 tested a notification that was just set up: nothing to read.
    S3TestEvent,
    /// CloudTrail tested a topic that was just set for a trail: nothing to read.
    CloudTrailValidation,
    /// An event that is a line itself.
    EventBridge(EventBridgeEvent),
    /// A record of a Kinesis data stream.
    Kinesis(KinesisRecord),
    /// A record of a Kafka topic.
    Kafka(KafkaRecord),
    /// A message of a queue or a topic that is not an event, but text: lines to ship.
    Text(TextMessage),
}

/// An object that S3 or another service announced, whatever happened to it: see [`event_name`](Self::event_name).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Object {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key, decoded: as S3 wants it in a request.
    pub key: String,
    /// The bucket's region, such as `eu-central-1`.
    pub region: Option<String>,
    /// The version of the object that is meant; without it the current one.
    pub version: Option<String>,
    /// What happened, such as `ObjectCreated:Put` (a notification) or `Object Created` (EventBridge).
    ///
    /// Whether there is new content to read is for the reader of objects to tell by it.
    pub event_name: Option<String>,
}

/// An event from EventBridge that announces no object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventBridgeEvent {
    /// The event's own JSON, as it came.
    pub json: String,
    /// Who sent it, such as `aws.ec2`.
    pub source: String,
    /// What it is about, such as `EC2 Instance State-change Notification`.
    pub detail_type: String,
    /// When it happened, as it is written: RFC 3339, in seconds (AWS's page "AWS service event metadata").
    pub time: Option<String>,
}

/// One record of a Kinesis data stream. The item's `batch_item` is its sequence number, or from a pipe its `eventID`,
/// unless a message holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KinesisRecord {
    /// The record's sequence number, which tells it from the others of its stream.
    pub sequence_number: Option<String>,
    /// The stream's ARN.
    pub stream_arn: Option<String>,
    /// When Kinesis took it, since 1970 in UTC. AWS gives milliseconds; microseconds are kept.
    pub arrival: Option<Duration>,
    /// What the producer wrote, untouched.
    pub data: Vec<u8>,
}

/// One record of a Kafka topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KafkaRecord {
    /// The topic's name.
    pub topic: String,
    /// The partition of the topic.
    pub partition: Option<u64>,
    /// The record's place in the partition.
    pub offset: Option<u64>,
    /// The cluster's ARN, shared by the records of an event. Clusters of one's own have none.
    pub event_source_arn: Option<Arc<str>>,
    /// Milliseconds since 1970 in UTC: when the producer made the record, or when the broker appended it (`timestampType`).
    pub timestamp: Option<i64>,
    /// What the producer wrote, untouched. `None` is a tombstone: it deletes what has the record's key.
    pub value: Option<Vec<u8>>,
}

/// A message of a queue or a topic that is not an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextMessage {
    /// What holds the text.
    pub channel: Channel,
    /// The ARN of the queue or topic.
    pub arn: Option<String>,
    /// The message's id, which tells it from the others of its channel.
    pub id: Option<String>,
    /// When it was sent.
    pub time: MessageTime,
    /// What was sent.
    pub text: String,
}

/// What holds a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// An SQS queue.
    Sqs,
    /// An SNS topic, also where a queue subscribed to it.
    Sns,
}

/// When a message was sent, as its channel writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageTime {
    /// Milliseconds since 1970 in UTC (`SentTimestamp` of SQS).
    UnixMillis(i64),
    /// RFC 3339 (`Timestamp` of SNS).
    Rfc3339(String),
}
