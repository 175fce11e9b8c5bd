//! The content of an event.

use std::sync::Arc;
use std::time::Duration;

use crate::Continuation;

/// The content of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A delivery of a CloudWatch Logs subscription filter.
    CloudWatchLogs {
        /// The payload, gzipped JSON.
        data: Vec<u8>,
    },
    /// An object to read from S3.
    S3Object(S3Object),
    /// The rest of an object, which an earlier invocation has read in part.
    Continuation(Continuation),
    /// A message by which S3 tests a new notification configuration. It has nothing to read.
    S3TestEvent,
    /// A message by which CloudTrail tests a new topic of a trail. It has nothing to read.
    CloudTrailValidation,
    /// An event that is itself a line.
    EventBridge(EventBridgeEvent),
    /// A record of a Kinesis data stream.
    Kinesis(KinesisRecord),
    /// A record of a Kafka topic.
    Kafka(KafkaRecord),
    /// A message of a queue or a topic that is not an event, but text: lines to ship.
    Text(TextMessage),
}

/// An object that S3 or another service announced, for any kind of event: see
/// [`event_name`](Self::event_name).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Object {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key, decoded as S3 expects it in a request.
    pub key: String,
    /// The bucket's region, such as `eu-central-1`.
    pub region: Option<String>,
    /// The version of the object; `None` for the current one.
    pub version: Option<String>,
    /// The size of the object in bytes, as it is stored, if the event says so.
    pub size: Option<u64>,
    /// The kind of event, such as `ObjectCreated:Put` (a notification) or `Object Created` (EventBridge).
    ///
    /// The caller decides by it whether there is new content to read.
    pub event_name: Option<String>,
}

/// An event from EventBridge that does not announce an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventBridgeEvent {
    /// The JSON of the event, as received.
    pub json: String,
    /// The sender, such as `aws.ec2`.
    pub source: String,
    /// The type of the event, such as `EC2 Instance State-change Notification`.
    pub detail_type: String,
    /// The time of the event as written: RFC 3339, in seconds (AWS's page "AWS service event metadata").
    pub time: Option<String>,
}

/// A record of a Kinesis data stream. The item's `batch_item` is its sequence number, or its `eventID` if it
/// comes from a pipe, unless a message contains the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KinesisRecord {
    /// The record's sequence number, which is unique within its stream.
    pub sequence_number: Option<String>,
    /// The stream's ARN.
    pub stream_arn: Option<String>,
    /// The time at which Kinesis received the record, since 1970 in UTC. AWS gives milliseconds; microseconds
    /// are kept.
    pub arrival: Option<Duration>,
    /// The data that the producer wrote, unchanged.
    pub data: Vec<u8>,
}

/// A record of a Kafka topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KafkaRecord {
    /// The topic's name.
    pub topic: String,
    /// The partition of the topic.
    pub partition: Option<u64>,
    /// The offset of the record in the partition.
    pub offset: Option<u64>,
    /// The cluster's ARN, shared by the records of an event. Self-managed clusters have none.
    pub event_source_arn: Option<Arc<str>>,
    /// The time in milliseconds since 1970 in UTC at which the producer made the record or the broker
    /// appended it (`timestampType`).
    pub timestamp: Option<i64>,
    /// The data that the producer wrote, unchanged. `None` is a tombstone, which deletes the value of the
    /// record's key.
    pub value: Option<Vec<u8>>,
}

/// A message of a queue or a topic that is not an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextMessage {
    /// The channel of the message.
    pub channel: Channel,
    /// The ARN of the queue or topic.
    pub arn: Option<String>,
    /// The message's id, which is unique within its channel.
    pub id: Option<String>,
    /// The time at which the message was sent.
    pub time: MessageTime,
    /// The text of the message.
    pub text: String,
}

/// A service that delivers messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// An SQS queue.
    Sqs,
    /// An SNS topic, also if a queue subscribes to it.
    Sns,
}

/// The time at which a message was sent, in the notation of its channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageTime {
    /// Milliseconds since 1970 in UTC (`SentTimestamp` of SQS).
    UnixMillis(i64),
    /// A time in RFC 3339 (`Timestamp` of SNS).
    Rfc3339(String),
}
