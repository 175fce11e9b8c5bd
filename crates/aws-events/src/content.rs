//! What an event brings.

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

/// One record of a Kinesis data stream. The item's `batch_item` is its sequence number, or from a pipe its `eventID`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KinesisRecord {
    /// The stream's ARN.
    pub stream_arn: Option<String>,
    /// When Kinesis took it, since 1970 in UTC. AWS gives milliseconds; microseconds are kept.
    pub arrival: Option<Duration>,
    /// What the producer wrote, untouched.
    pub data: Vec<u8>,
}
