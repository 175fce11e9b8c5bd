//! Kinesis records: what a subscription filter put there, or text.

use loki_push::LabelSet;

use crate::cloudwatch::{self, SubscriptionData, SubscriptionDataError};

/// How a gzip member begins (RFC 1952).
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];

/// What a record holds.
#[derive(Clone, Debug)]
pub enum RecordContent<'a> {
    /// Deliveries of CloudWatch Logs subscription filters, one or several.
    Subscription(Vec<SubscriptionData>),
    /// Anything else: lines of text.
    Text(&'a [u8]),
}

/// Inflates a record's data into `inflated` if it is gzip, and gives the bytes that count.
///
/// # Errors
/// When the data begins like gzip, but is none, ends too early, or inflates to more than
/// [`MAX_INFLATED`](cloudwatch::MAX_INFLATED) bytes.
pub fn open<'a>(data: &'a [u8], inflated: &'a mut Vec<u8>) -> Result<&'a [u8], SubscriptionDataError> {
    open_within(data, cloudwatch::MAX_INFLATED, inflated)
}

/// As [`open`], with a limit of the caller's.
///
/// # Errors
/// As [`open`].
pub fn open_within<'a>(
    data: &'a [u8],
    limit: usize,
    inflated: &'a mut Vec<u8>,
) -> Result<&'a [u8], SubscriptionDataError> {
    if !data.starts_with(GZIP_MAGIC) {
        return Ok(data);
    }
    cloudwatch::inflate_within(data, limit, inflated)?;
    Ok(inflated)
}

impl<'a> RecordContent<'a> {
    /// Tells what the bytes are. They are subscription data only if all of them are: JSON documents, one
    /// after the other, each with a `messageType` of AWS's, a `logGroup` and `logEvents`.
    pub fn of(bytes: &'a [u8]) -> Self {
        SubscriptionData::parse_all(bytes).map_or(Self::Text(bytes), Self::Subscription)
    }
}

/// The labels of a record of this stream, as upstream names them.
pub fn labels(event_source_arn: &str) -> LabelSet {
    LabelSet::from_iter([
        ("__aws_log_type", "kinesis"),
        ("__aws_kinesis_event_source_arn", event_source_arn),
    ])
}
